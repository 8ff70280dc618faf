"""Who is in a simulated hall: citizens with wishes before kiosks and behind phones, and clerks at keypads."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from counter.desk import Phase
from counter.keys import Key
from kiosk.flow.ending import can_print_again
from kiosk.route import Wish, next_touch
from kiosk.stages import Screen
from kiosk.touches import PrintAgain, TakePlace
from protocol import commands as cmd
from protocol.client import new_request_id
from tests.simulation.counters import Counters
from tests.simulation.devices import Line
from tests.simulation.hall import CONTACT, COUNTERS, KIOSKS, LEADER, PERSON, SERVICES
from tests.simulation.kiosk import Kiosk, Sheet
from tests.simulation.world import World

if TYPE_CHECKING:
    from tests.simulation.witness import Witness

PATIENCE = 12
"""So often a citizen looks whether a kiosk is free or gives numbers."""
RATES = 0.5


class Citizens:
    """Everybody who comes on a day."""

    def __init__(self, world: World, kiosks: list[Kiosk], phone: Line) -> None:
        self.world, self.kiosks, self.phone = world, kiosks, phone
        self.standing: dict[str, Citizen] = {}
        """Who stands before each kiosk."""
        self.papers: dict[str, str] = {}
        """The token of each number that somebody holds on paper."""
        self.clerks: list[Clerk] = []
        self._persons = 0
        for kiosk in kiosks:
            kiosk.heard_out = self._paper_out

    def come(self, after: float) -> None:
        """Let one citizen come."""
        chance = self.world.chance
        class_id = "elderly" if chance.random() < 0.15 else "ordinary"
        self._persons += 1
        wish = Wish(chance.choice(SERVICES), class_id, person=f"{PERSON}{self._persons:06}")
        citizen = Citizen(self, wish, chance.choice(self.kiosks))
        self.world.after(after, "citizen comes", citizen.look)

    def _paper_out(self, sheet: Sheet) -> None:
        self.papers[sheet.paper.number] = sheet.paper.url.rpartition("/")[2]

    # ---- behind phones ----

    def was_served(self, number: str) -> None:
        """Somebody may rate now."""
        token, chance = self.papers.get(number), self.world.chance
        if token is not None and chance.random() < RATES:
            contact = f"{CONTACT}{self.world.steps}" if chance.random() < 0.1 else ""
            rating = cmd.RateTicket(token, chance.randint(1, 5), comment="Cảm ơn", contact=contact)
            again = chance.random() < 0.2
            request_id = new_request_id()
            self.world.after(chance.uniform(30, 300), "rates", lambda: self._tell(rating, request_id))
            if again:
                self.world.after(chance.uniform(300, 400), "rates again", lambda: self._tell(rating, new_request_id()))

    def was_issued(self, number: str) -> None:
        """Clerks see that somebody waits; who waits may give up, or let others go first."""
        for clerk in self.clerks:
            clerk.wake()
        chance = self.world.chance
        luck = chance.random()
        if luck < 0.1:
            deed = cmd.DelayTicket if luck < 0.05 else cmd.CancelTicket
            self.world.after(chance.uniform(60, 900), "phone", lambda: self._by_phone(number, deed))

    def _by_phone(self, number: str, deed: type[cmd.DelayTicket] | type[cmd.CancelTicket]) -> None:
        token = self.papers.get(number)
        if token is not None:
            self._tell(deed(token=token), new_request_id())

    def _tell(self, command: cmd.Command, request_id: str) -> None:
        self.phone.client.ask(command, request_id=request_id)


@dataclass(eq=False)
class Citizen:
    """Somebody on the way to a number."""

    hall: Citizens
    wish: Wish
    kiosk: Kiosk
    looks: int = 0
    touches: int = 0

    def look(self) -> None:
        """Step up if the kiosk is free, else wait or try the other one."""
        if self.hall.standing.get(self.kiosk.name) is None and self.kiosk.free:
            self.hall.standing[self.kiosk.name] = self
            self._soon(self.touch)
            return
        self.looks += 1
        if self.looks < PATIENCE:
            if self.hall.world.chance.random() < 0.3:
                self.kiosk = self.hall.world.chance.choice(self.hall.kiosks)
            self.hall.world.after(self.hall.world.chance.uniform(4, 30), "citizen looks", self.look)

    def touch(self) -> None:
        """Do the next thing on the screen."""
        flow, chance = self.kiosk.flow, self.hall.world.chance
        self.touches += 1
        if not self.kiosk.up or self.touches > 60 or chance.random() < 0.01:
            self._go()
        elif flow.screen in (Screen.RESULT, Screen.PLACE):
            self._take_paper()
        elif flow.screen in (Screen.NO_NUMBER, Screen.REFUSED):
            if flow.screen is Screen.NO_NUMBER and flow.visit.door and flow.visit.door.offers_place:
                self.kiosk.touch(TakePlace())
                self._soon(self.touch)
            else:
                self._go()
        else:
            touch = next_touch(flow, self.wish)
            if touch is not None:
                self.kiosk.touch(touch)
                if chance.random() < 0.05:
                    self.kiosk.touch(touch)  # twice is once
            self._soon(self.touch)

    def _take_paper(self) -> None:
        flow = self.kiosk.flow
        if flow.visit.paper == "printed":
            self._go()
        elif can_print_again(flow) and self.hall.world.chance.random() < 0.7:
            self.kiosk.touch(PrintAgain())
            self._soon(self.touch)
        elif flow.visit.paper in ("failed", "unknown"):
            self._go()
        else:
            self.hall.world.after(1.0, f"at {self.kiosk.name}", self.touch)

    def _soon(self, deed: "object") -> None:
        self.hall.world.after(0.3, f"at {self.kiosk.name}", deed)  # type: ignore[arg-type]

    def _go(self) -> None:
        """Leave; not everybody says so to the screen."""
        self.hall.standing.pop(self.kiosk.name, None)
        if self.hall.world.chance.random() < 0.8:
            self.kiosk.leave()


class Clerk:
    """Somebody at a counter who presses keys by what its boxes show; `hurries`: the day shall end."""

    def __init__(self, world: World, counters: Counters, counter_id: str) -> None:
        self.world, self.counters, self.counter_id = world, counters, counter_id
        self.hurries = False
        self.gone = False
        self._rests = False

    def work(self) -> None:
        """Do the next thing, and come back to it after a while."""
        if self.gone or self._rests:
            return
        seconds = self._press(self.counters.phase(self.counter_id))
        if seconds is None and not self.hurries:
            self._rests = True
        else:
            seconds = min(seconds or 20.0, 20.0) if self.hurries else seconds
            self.world.after(seconds or 0.0, f"clerk {self.counter_id}", self.work)

    def wake(self) -> None:
        """Somebody waits."""
        if self._rests:
            self._rests = False
            self.world.after(self.world.chance.uniform(3, 15), f"clerk {self.counter_id}", self.work)

    def _key(self, key: Key, score: int = 0) -> None:
        self.counters.press(self.counter_id, key, score)

    def _press(self, phase: Phase) -> float | None:
        chance, luck = self.world.chance, self.world.chance.random()
        match phase:
            case Phase.CLOSED | Phase.PAUSED:
                self._key(Key.CALL)
                return 3.0
            case Phase.IDLE:
                return self._idle(luck)
            case Phase.CALLED:
                return self._called(luck)
            case Phase.SERVING:
                if self.hurries or luck < 0.65:
                    self._key(Key.FINISH)
                elif luck < 0.9:
                    self._key(Key.CALL)
                else:
                    self._key(Key.HOLD if luck < 0.94 else Key.TRANSFER)
                return chance.uniform(2, 10)
        return 15.0

    def _idle(self, luck: float) -> float | None:
        """None: rests until somebody comes."""
        chance = self.world.chance
        if luck < 0.08:
            self._key(Key.RATE, chance.randint(1, 5))
            return chance.uniform(2, 4)
        if luck < 0.11 and not self.hurries:
            self._key(Key.PAUSE)
            return chance.uniform(60, 600)
        if luck < 0.18:
            self._key(Key.RESUME)
            return chance.uniform(5, 20)
        waiting = self.counters.desk(self.counter_id).face(self.world.monotonic()).waiting
        self._key(Key.CALL)
        return chance.uniform(30, 90) if waiting else None

    def _called(self, luck: float) -> float:
        chance = self.world.chance
        if luck < 0.75:
            self._key(Key.START)
            return min(1500.0, max(40.0, chance.lognormvariate(5.6, 0.6)))
        if luck < 0.85:
            self._key(Key.RECALL)
            return chance.uniform(10, 30)
        if luck < 0.94 or self.hurries:
            self._key(Key.NO_SHOW)
        else:
            self._key(Key.HOLD if luck < 0.97 else Key.TRANSFER)
        return chance.uniform(2, 10)


class Supervisor:
    """The head of the hall: takes services and kiosks out of use and back, moves people, and looks at alerts."""

    def __init__(self, world: World, line: Line, witness: "Witness") -> None:
        self.world, self._line, self._witness = world, line, witness
        self.hurries = False

    def work(self) -> None:
        """Do something now and then."""
        if not self.hurries:
            deed = self.world.chance.choice([self._suspend, self._move, self._restore, self._assign, self._message])
            deed()
            self.world.after(self.world.chance.uniform(900, 3600), "supervisor", self.work)

    def confirm_clock(self) -> None:
        """Believe the server's clock, right or wrong."""
        self._ask(cmd.ConfirmClock(LEADER))

    def make_peace(self) -> None:
        """Give everything back."""
        for service_id in SERVICES:
            self._ask(cmd.ReopenService(LEADER, service_id))
        for kiosk_id in KIOSKS:
            self._ask(cmd.ReopenKiosk(LEADER, kiosk_id))
        for counter_id in COUNTERS:
            self._ask(cmd.AssignServices(LEADER, counter_id))

    def _suspend(self) -> None:
        if self.world.chance.random() < 0.5:
            service_id = self.world.chance.choice(SERVICES)
            self._ask(cmd.SuspendService(LEADER, service_id, "mất điện"))
            self.world.after(300, "supervisor", lambda: self._ask(cmd.ReopenService(LEADER, service_id)))
        else:
            kiosk_id = self.world.chance.choice(KIOSKS)
            self._ask(cmd.SuspendKiosk(LEADER, kiosk_id, "hết giấy"))
            self.world.after(300, "supervisor", lambda: self._ask(cmd.ReopenKiosk(LEADER, kiosk_id)))

    def _assign(self) -> None:
        counter_id = self.world.chance.choice(COUNTERS)
        self._ask(cmd.AssignServices(LEADER, counter_id, list(SERVICES)))

    def _message(self) -> None:
        self._ask(cmd.SendMessage(LEADER, "Họp lúc 16 giờ"))

    def _move(self) -> None:
        waiting = [ticket_id for ticket_id, seen in self._witness.tickets.items() if seen.state == "waiting"]
        if waiting:
            ticket_id, to = self.world.chance.choice(waiting), self.world.chance.choice(SERVICES)
            self._ask(cmd.MoveTicket(LEADER, ticket_id, service_id=to))

    def _restore(self) -> None:
        gone = [ticket_id for ticket_id, seen in self._witness.tickets.items() if seen.state == "no_show"]
        if gone:
            self._ask(cmd.RestoreTicket(self.world.chance.choice(gone), operator_id=LEADER))

    def _ask(self, command: cmd.Command) -> None:
        self._line.client.ask(command, request_id=new_request_id())
