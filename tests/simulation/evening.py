"""What is looked at when a simulated day is over, since it takes a look at everything."""

from collections import Counter
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from protocol import codec
from protocol import replies as re
from protocol.errors import MotcuaError
from queue_server.day_events import events_of
from queue_server.figuring import rows_of_day
from queue_server.night_seats import seats_before
from queue_server.verifying import verify
from tests.figures.second.visits import turns
from tests.simulation.hall import HALL_ZONE, LAST
from tests.simulation.witness import PERSONAL, Broken, Witness

if TYPE_CHECKING:
    from tests.simulation.hall_day import HallDay
    from tests.simulation.kiosk import Kiosk
    from tests.simulation.server import Disk

_OUTCOMES = {"finished": "served", "no_show": "no_show"}


def look_at_everything(witness: Witness, day: "HallDay") -> None:
    """Raise Broken if anything is not as it must be."""
    disk = day.server.disk
    if disk is None:
        raise Broken(10, "the server is not there at the end of the day")
    _nobody_waits(witness)
    _the_log_is_sound(disk)
    _answers_are_kept(witness, disk)
    _no_holes(witness)
    _two_programs_agree(disk)
    _walls_are_level(witness, day)
    _ratings_fit(witness, disk)
    for kiosk in day.kiosks:
        _touches_have_one_number(witness, kiosk)
        _no_person(kiosk.all_bytes(), kiosk.name)
    _papers_are_the_halls(witness, day.kiosks)


def _nobody_waits(witness: Witness) -> None:
    waiting = [
        ticket for ticket in witness.tickets.values() if ticket.state in ("waiting", "called", "serving", "parked")
    ]
    if waiting:
        raise Broken(10, f"hours after the last fault these are not done: {waiting}")


def _the_log_is_sound(disk: "Disk") -> None:
    try:
        verify(disk)
    except MotcuaError as fault:
        raise Broken(5, str(fault)) from fault


def _answers_are_kept(witness: Witness, disk: "Disk") -> None:
    for request_id, reply in witness.answers.items():
        found = disk.answer(request_id)
        if found is None or found.reply != reply:
            raise Broken(1, f"the answer of {request_id} is gone or another one: {found}")


def _no_holes(witness: Witness) -> None:
    given: dict[tuple[str, str], set[int]] = {}
    for day, queue, count in witness.numbers:
        given.setdefault((day, queue), set()).add(count)
    for (day, queue), counts in given.items():
        held = [b for b in witness.blocks.values() if (str(b.service_day), b.queue_id) == (day, queue)]
        kept = {count for block in held for count in range(block.first, block.last + 1)}
        alone = {count for block in held for count in witness.given_alone.get(block.block_id, ())}
        highest = max((count for count in counts - alone), default=0)
        if holes := set(range(1, min(highest, LAST) + 1)) - counts - kept:
            raise Broken(3, f"{queue} of {day}: {sorted(holes)} were never given, up to {highest}")
    for block_id, counts in witness.given_alone.items():
        block, after = witness.blocks[block_id], witness.returned.get(block_id, 0)
        if holes := {count for count in range(max(block.first, after), max(counts)) if count not in counts}:
            raise Broken(3, f"block {block_id} ({block.first} to {block.last}): {sorted(holes)} were left out")


def _two_programs_agree(disk: "Disk") -> None:
    every_turn = turns([msgspec.json.decode(event.body) for event in disk.events()])
    for day in disk.days():
        rows = rows_of_day(day, events_of(disk, day), None, ZoneInfo(HALL_ZONE), seats_before(disk, day))
        first = Counter(visit.outcome for visit in rows.visits), len(rows.stays)
        mine = [turn for turn in every_turn if turn.day == day and turn.counts]
        second = Counter(map(_outcome, mine)), sum(len(turn.stays) for turn in mine)
        if first != second:
            raise Broken(6, f"{day}: {first} and {second}")


def _outcome(turn: object) -> str:
    state, by = turn.state, turn.by  # type: ignore[attr-defined]
    if state == "cancelled":
        return "abandoned" if by in ("citizen", "day_end") else "cancelled"
    return _OUTCOMES.get(state, "open")


def _walls_are_level(witness: Witness, day: "HallDay") -> None:
    for wall in day.walls:
        if (wall.board.epoch, wall.board.seq) != (witness.epoch, witness.seq):
            raise Broken(7, f"{wall.name} shows {wall.board.seq}, the log ends with {witness.seq}")
        if waiting := {s.service_id: s.waiting for s in wall.board.services() if s.waiting}:
            raise Broken(7, f"{wall.name} shows waiting people: {waiting}")


def _ratings_fit(witness: Witness, disk: "Disk") -> None:
    stored = sum(len(disk.ratings(day)) for day in disk.days())
    if not stored == witness.rated <= witness.served:
        raise Broken(8, f"{stored} ratings of {witness.rated} rated and {witness.served} served tickets")


def _touches_have_one_number(witness: Witness, kiosk: "Kiosk") -> None:
    for entry in kiosk.journal.all_entries():
        names = [entry.request_id, *([entry.given.hand_in_id] if entry.given else [])]
        found = [ticket for name in names for ticket in _ticket_of(witness, name)]
        if sum(not witness.tickets[ticket_id].withdrawn for ticket_id in found) > 1:
            raise Broken(2, f"a touch has several numbers: {entry}")


def _ticket_of(witness: Witness, request_id: str) -> list[int]:
    frame = witness.answers.get(request_id)
    reply = codec.decode_answer(frame).reply if frame else None
    return [reply.ticket.ticket_id] if isinstance(reply, re.TicketIssuedReply) else []


def _no_person(data: bytes, where: str) -> None:
    if found := PERSONAL.search(data):
        raise Broken(9, f"{found[0]!r} stands in the files of {where}")


def _papers_are_the_halls(witness: Witness, kiosks: "list[Kiosk]") -> None:
    numbers = {ticket.number for ticket in witness.tickets.values()}
    sheets = [sheet for kiosk in kiosks for sheet in kiosk.sheets]
    for sheet in sheets:
        if sheet.paper.number not in numbers:
            raise Broken(11, f"{sheet.paper.number} is on a paper of {sheet.kiosk}, and the hall has no such number")
    first = Counter((s.paper.number, s.paper.url) for s in sheets if not s.paper.reprint)
    if twice := [number for number, times in first.items() if times > 1]:
        raise Broken(11, f"{twice} are on two papers that are not marked as reprints")
