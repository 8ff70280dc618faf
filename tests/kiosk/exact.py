"""What must hold between kiosks and their hall once everything is at rest, whatever happened before."""

from collections import Counter
from collections.abc import Collection, Iterable

from kiosk.touches import Home
from protocol.commands import HandInTicket
from tests.kiosk.booth import Booth
from tests.kiosk.model_hall import ModelHall, Ticket


def bring_to_rest(booth: Booth) -> None:
    """Let every paper come out, every citizen leave, every answer come; nothing is owed then."""
    for _ in range(3):
        booth.hear()
        booth.printer.finish()
        booth.work()
        booth.settle()
        booth.session.touch(Home())
        booth.pass_time(130)
        booth.session.on_pulse(booth.hall.pulse())
        booth.settle()
    assert not booth.journal.entries, list(booth.journal.entries.values())


def assert_exact(
    hall: ModelHall, booths: Iterable[Booth], lost_papers: Collection[str] = (), *, lost: bool = False
) -> None:
    """Each touch has at most one number, each number one paper; `lost`: of a lost journal less can be said."""
    everybody = list(booths)
    for booth in everybody:
        _each_touch_has_at_most_one_number(hall, booth)
        _papers_say_what_the_hall_says(hall, booth, lost_papers, lost=lost)
    _no_number_is_there_twice(hall, everybody)


def _each_touch_has_at_most_one_number(hall: ModelHall, booth: Booth) -> None:
    entries = {entry.request_id: entry for entry in booth.journal.all_entries()}
    for request_id in booth.touches:
        entry = entries.get(request_id)
        given = entry.given if entry else None
        names = {request_id, given.hand_in_id if given else ""}
        live = [t for t in hall.tickets.values() if t.request_id in names and not t.cancelled]
        assert len(live) <= (1 if entry else 0), live


def _papers_say_what_the_hall_says(hall: ModelHall, booth: Booth, lost_papers: Collection[str], *, lost: bool) -> None:
    live = {(t.day, t.number): t for t in hall.tickets.values() if not t.cancelled}
    for paper in booth.printer.out():
        if paper.name in lost_papers:
            continue
        ticket = live.pop((paper.issued_at.date(), paper.number), None)
        assert ticket is not None, f"{paper.number} is on paper and not in the hall, or twice on paper"
        assert ticket.issued_at == paper.issued_at
        assert _reported(ticket) in ("printed", "unknown")
    for ticket in live.values():
        if ticket.kiosk_id == booth.device_id and not lost:
            assert _reported(ticket) in ("failed", "unknown"), f"{ticket} has no paper"


def _reported(ticket: Ticket) -> str:
    assert len(ticket.reports) == 1, ticket
    return ticket.reports[0].outcome


def _no_number_is_there_twice(hall: ModelHall, booths: list[Booth]) -> None:
    numbers = Counter((t.day, t.number) for t in hall.tickets.values())
    assert max(numbers.values(), default=0) <= 1, numbers
    papers = Counter((p.issued_at.date(), p.number) for booth in booths for p in booth.printer.out())
    assert max(papers.values(), default=0) <= 1, papers
    handed_in = [name for b in booths for name, command in b.client.told if isinstance(command, HandInTicket)]
    assert all(name in hall.answers for name in handed_in), "a hand-in was refused"
