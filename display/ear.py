"""What passes between a wall and its hall: it hears, asks for names and ratings now and then, and tells how it is."""

from concurrent.futures import Future
from typing import Protocol

from protocol.client import HallClient
from protocol.commands import AcknowledgeCall, GetHall, GetSatisfaction, ReportDevice
from protocol.errors import ServerUnreachable
from protocol.events import Event
from protocol.replies import HallReply, Pulse, Reply, SatisfactionReply, Snapshot

_ANSWER_SECONDS = 10.0


class Hears(Protocol):
    """The window, as `display.screens.wall_app.WallApp` is; all of it may be called from any thread."""

    def describe(self, hall: HallReply) -> None:
        """Take the hall's names."""

    def on_snapshot(self, snapshot: Snapshot) -> None:
        """The whole state."""

    def on_event(self, event: Event) -> None:
        """The next event."""

    def on_pulse(self, pulse: Pulse) -> None:
        """The hall lives."""

    def on_satisfaction(self, satisfied: SatisfactionReply) -> None:
        """The day's ratings in detail."""

    def wants_satisfaction(self) -> bool:
        """Whether it shows the day's ratings in detail."""

    def troubles(self) -> list[str]:
        """What is wrong with the wall, as codes."""


class Ear:
    """Hands what the hall says to the window, and the hall what the window wants to know or to tell.

    A server may have been started again with other names too quickly for anybody to miss it: after `pulses_between`
    pulses (seconds) the names are asked for once more. As often, and when it changes, the hall is told of the window.
    """

    def __init__(self, app: Hears, pulses_between: int = 30) -> None:
        self._app = app
        self._client: HallClient | None = None
        self._between = self._pulses_left = pulses_between
        self._report_left = self._satisfaction_left = 0
        self._told: list[str] = []
        self._asking = False
        self.closed = False

    def listen(self, client: HallClient) -> None:
        """Use this client from now on."""
        self._client = client
        self._ask_hall()

    def acknowledge(self, command: AcknowledgeCall) -> None:
        """Tell the hall what became of a call; nobody waits for the answer, and without one it is dropped."""
        if self._client is not None:
            self._client.ask(command, within=_ANSWER_SECONDS)

    # ---- what the hall says ----

    def on_snapshot(self, snapshot: Snapshot) -> None:
        """The whole state; perhaps of another server or another day, so its names are asked for too."""
        self._app.on_snapshot(snapshot)
        self._ask_hall()

    def on_event(self, event: Event) -> None:
        """The next event."""
        self._app.on_event(event)

    def on_pulse(self, pulse: Pulse) -> None:
        """The hall lives."""
        self._app.on_pulse(pulse)
        self._tell_health()
        self._ask_satisfaction()
        self._pulses_left -= 1
        if self._pulses_left <= 0:
            self._ask_hall()

    def on_silence(self, seconds: float) -> None:  # noqa: ARG002 - the board tells the age by its own clock
        """The next pulse may be of a server that was started again, which has not heard of this wall yet."""
        self._pulses_left = self._report_left = self._satisfaction_left = 0

    # ---- what the hall is asked and told ----

    def _tell_health(self) -> None:
        troubles = self._app.troubles()
        self._report_left -= 1
        if self._client is None or (self._report_left > 0 and troubles == self._told):
            return
        self._report_left, self._told = self._between, troubles
        self._client.ask(ReportDevice(troubles), within=_ANSWER_SECONDS)

    def _ask_satisfaction(self) -> None:
        self._satisfaction_left -= 1
        if self._client is None or self._satisfaction_left > 0 or not self._app.wants_satisfaction():
            return
        self._satisfaction_left = self._between
        self._client.ask(GetSatisfaction(), within=_ANSWER_SECONDS).add_done_callback(self._take_satisfaction)

    def _take_satisfaction(self, future: "Future[Reply]") -> None:
        if future.exception() is None:
            satisfied = future.result()
            assert isinstance(satisfied, SatisfactionReply)
            self._app.on_satisfaction(satisfied)

    def _ask_hall(self) -> None:
        if self._client is None or self._asking:
            return
        self._asking = True
        self._client.ask(GetHall(), within=_ANSWER_SECONDS).add_done_callback(self._take_hall)

    def _take_hall(self, future: "Future[Reply]") -> None:
        fault = future.exception()
        self._asking = False
        self._pulses_left = self._between if fault is None else 0
        if fault is None:
            hall = future.result()
            assert isinstance(hall, HallReply)
            self._app.describe(hall)
        elif isinstance(fault, ServerUnreachable) and not self.closed:
            self._ask_hall()
