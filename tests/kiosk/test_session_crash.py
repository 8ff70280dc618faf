"""Wherever a kiosk is cut off: one touch never gets two numbers, and no number is without paper or cancelled."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from kiosk.staff_papers import paper_again
from kiosk.stages import Screen
from kiosk.touches import Home, Issue, Print, PrintAgain
from printers.base import PrinterState
from protocol.commands import IssueTicket, ReportPrint, WithdrawRequest
from tests.kiosk.booth import Booth
from tests.kiosk.model_hall import ModelHall


@pytest.fixture
def hall() -> ModelHall:
    return ModelHall()


@pytest.fixture
def booth(tmp_path: Path, hall: ModelHall) -> Booth:
    found = Booth(tmp_path / "kiosk-1.db", hall)
    found.hear()
    return found


def papers(booth: Booth) -> list[str]:
    """The numbers that the printer was given."""
    return [job.paper.number for job in booth.printer.jobs if hasattr(job.paper, "number")]


def rest(booth: Booth) -> None:
    """Everything comes out and is told."""
    booth.hear()
    booth.printer.finish()
    booth.work()
    booth.settle()


def standing(hall: ModelHall) -> list[tuple[str, bool, list[str]]]:
    """The tickets of the hall: number, whether cancelled, what became of their papers."""
    return [(t.number, t.cancelled, [str(r.outcome) for r in t.reports]) for t in hall.tickets.values()]


def test_cut_off_before_the_request_arrived_it_is_asked_again_as_the_same(booth: Booth, hall: ModelHall) -> None:
    request_id = booth.tap()
    booth.crash(20)
    rest(booth)
    assert standing(hall) == [("A001", False, ["printed"])]
    assert {name for name, command in booth.client.told if isinstance(command, IssueTicket)} == {request_id}


def test_cut_off_before_the_answer_came_it_is_the_same_number(booth: Booth, hall: ModelHall) -> None:
    booth.tap()
    booth.client.arrive(answered=False)
    booth.crash(20)
    rest(booth)
    assert standing(hall) == [("A001", False, ["printed"])]
    assert papers(booth) == ["A001"]


def test_the_citizen_who_still_stands_there_sees_the_number(booth: Booth, hall: ModelHall) -> None:
    booth.tap()
    booth.client.arrive(answered=False)
    booth.crash(20)
    assert booth.flow.screen is Screen.ISSUING
    booth.hear()
    assert (booth.flow.screen, booth.number()) == (Screen.RESULT, "A001")
    assert booth.flow.visit.service_id == "s0"
    booth.printer.finish()
    booth.work()
    assert booth.flow.visit.paper == "printed"


def test_of_several_touches_only_the_last_has_the_screen(booth: Booth, hall: ModelHall) -> None:
    booth.lose_server()
    for _ in range(3):
        booth.tap()
    for entry in list(booth.journal.entries.values()):
        booth.journal.keep(replace(entry, slips=()))
    booth.printer.jobs.clear()
    booth.crash(20)
    assert booth.number() == "A802"
    assert sorted(papers(booth)) == ["A800", "A801", "A802"]
    rest(booth)
    assert standing(hall) == [(f"A80{at}", False, ["printed"]) for at in range(3)]


def test_a_touch_that_is_not_answered_after_the_crash_either_is_withdrawn_when_its_citizen_leaves(
    booth: Booth, hall: ModelHall
) -> None:
    request_id = booth.tap()
    booth.crash(20)
    for _ in range(13):
        booth.pass_time(1)
        booth.session.on_pulse(hall.pulse())
        booth.work()
    assert booth.flow.can_try_again
    booth.pass_time(130)
    booth.hear()
    assert booth.client.commands(WithdrawRequest) == [WithdrawRequest(request_id)]
    assert standing(hall) == []
    assert not booth.journal.entries


def test_a_request_whose_citizen_is_gone_is_withdrawn(booth: Booth, hall: ModelHall) -> None:
    request_id = booth.tap()
    booth.client.arrive(answered=False)
    booth.crash(121)
    rest(booth)
    assert standing(hall) == [("A001", True, [])]
    assert papers(booth) == []
    assert booth.client.commands(WithdrawRequest) == [WithdrawRequest(request_id)]
    assert not booth.journal.entries


def test_a_paper_that_was_on_its_way_is_unknown_and_never_printed_again_by_itself(
    booth: Booth, hall: ModelHall
) -> None:
    booth.tap()
    booth.settle()
    assert papers(booth) == ["A001"]
    booth.crash(5)
    rest(booth)
    assert papers(booth) == ["A001"]
    assert standing(hall) == [("A001", False, ["unknown"])]


def test_a_paper_that_came_out_is_told_after_the_crash(booth: Booth, hall: ModelHall) -> None:
    booth.tap()
    booth.settle()
    booth.printer.finish()
    booth.work()
    booth.crash(500)
    rest(booth)
    assert standing(hall) == [("A001", False, ["printed"])]


def test_a_number_of_the_kiosks_own_that_is_young_is_printed_after_the_crash(
    booth: Booth, hall: ModelHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    booth.lose_server()
    monkeypatch.setattr(booth.printer, "print", cut_off)
    with pytest.raises(Cut):
        booth.tap()
    monkeypatch.undo()
    forget_slips(booth)
    booth.crash(20)
    assert papers(booth) == ["A800"]
    rest(booth)
    assert standing(hall) == [("A800", False, ["printed"])]


def test_an_old_number_of_the_kiosks_own_without_paper_is_handed_in_and_withdrawn(
    booth: Booth, hall: ModelHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    booth.lose_server()
    monkeypatch.setattr(booth.printer, "print", cut_off)
    with pytest.raises(Cut):
        booth.tap()
    monkeypatch.undo()
    forget_slips(booth)
    booth.crash(200)
    rest(booth)
    assert papers(booth) == []
    assert standing(hall) == [("A800", True, [])]


class Cut(Exception):
    """The program ends here."""


def cut_off(_paper: object) -> None:
    raise Cut


def forget_slips(booth: Booth) -> None:
    """Set the journal back to the moment between the number and its paper."""
    [entry] = booth.journal.entries.values()
    booth.journal.keep(replace(entry, slips=()))


def test_who_says_who_he_is_is_not_asked_for_again_but_withdrawn(booth: Booth, hall: ModelHall) -> None:
    """What identifies him is not in the journal, and without it the request would be another."""
    booth.session._issuing.begin(Issue("touch-person", IssueTicket("s0", person="001199012345")))
    booth.client.arrive(answered=False)
    booth.crash(5)
    assert b"001199012345" not in booth.path.read_bytes()
    rest(booth)
    assert standing(hall) == [("A001", True, [])]


def test_a_visit_given_up_after_no_answer_is_withdrawn(booth: Booth, hall: ModelHall) -> None:
    request_id = booth.tap()
    booth.client.arrive(answered=False)
    for _ in range(12):
        booth.pass_time(1)
        booth.session.on_pulse(hall.pulse())
        booth.work()
    assert booth.flow.can_try_again
    assert not booth.client.commands(WithdrawRequest), "the citizen may still try again"
    booth.session.touch(Home())
    booth.settle()
    assert booth.client.commands(WithdrawRequest) == [WithdrawRequest(request_id)]
    assert standing(hall) == [("A001", True, [])]


def test_an_answer_that_no_screen_waits_for_is_withdrawn(booth: Booth, hall: ModelHall) -> None:
    booth.session._issuing.begin(Issue("touch-nobody", IssueTicket("s0")))
    booth.settle()
    assert papers(booth) == []
    assert standing(hall) == [("A001", True, [])]
    assert not booth.journal.entries


def test_two_fingers_are_one_touch(booth: Booth, hall: ModelHall) -> None:
    booth.tap()
    issue = booth.flow.visit.issue
    assert issue is not None
    booth.session._issuing.begin(issue)
    booth.settle()
    rest(booth)
    assert standing(hall) == [("A001", False, ["printed"])]
    assert papers(booth) == ["A001"]


def test_every_touch_is_on_the_disk_before_it_is_sent(booth: Booth, monkeypatch: pytest.MonkeyPatch) -> None:
    known: list[bool] = []
    ask = booth.client.ask

    def look(command: object, *, request_id: str = "", within: float = 0.0) -> object:
        if isinstance(command, IssueTicket):
            known.append(request_id in [entry.request_id for entry in booth.journal.all_entries()])
        return ask(command, request_id=request_id, within=within)  # type: ignore[arg-type]

    monkeypatch.setattr(booth.client, "ask", look)
    booth.tap()
    assert known == [True]


def test_every_paper_is_on_the_disk_before_it_is_sent(booth: Booth, monkeypatch: pytest.MonkeyPatch) -> None:
    known: list[int] = []
    give = booth.printer.print

    def look(paper: object) -> object:
        known.extend(len(entry.slips) for entry in booth.journal.all_entries())
        return give(paper)  # type: ignore[arg-type]

    monkeypatch.setattr(booth.printer, "print", look)
    booth.tap()
    booth.settle()
    assert known == [1]


# ---- papers ----


def test_a_further_paper_is_reported_as_one(booth: Booth, hall: ModelHall) -> None:
    booth.tap()
    booth.settle()
    booth.printer.finish("unknown")
    booth.work()
    booth.session.touch(PrintAgain())
    rest(booth)
    [ticket] = hall.tickets.values()
    assert ticket.reports == [
        ReportPrint(ticket.ticket_id, "unknown"),
        ReportPrint(ticket.ticket_id, "printed", reprint=True),
    ]
    assert not booth.journal.entries


def test_a_further_paper_of_a_number_of_the_kiosks_own_is_reported_too(booth: Booth, hall: ModelHall) -> None:
    booth.lose_server()
    booth.tap()
    booth.printer.finish("unknown")
    booth.work()
    booth.hear()
    assert booth.flow.screen is Screen.RESULT
    booth.session.touch(PrintAgain())
    rest(booth)
    [ticket] = hall.tickets.values()
    assert [(report.outcome, report.reprint) for report in ticket.reports] == [("unknown", False), ("printed", True)]


def test_the_paper_of_the_last_citizen_says_nothing_about_the_next_ones(booth: Booth) -> None:
    booth.lose_server()
    booth.tap()
    booth.session.touch(Home())
    booth.tap()
    booth.printer.jobs[0].future.set_result("failed")
    booth.work()
    assert booth.number() == "A801"
    assert booth.flow.visit.paper is None
    booth.printer.jobs[1].future.set_result("printed")
    booth.work()
    assert booth.flow.visit.paper == "printed"


def test_an_old_word_of_the_printer_does_not_decide(booth: Booth) -> None:
    """Whoever prints asks again; it is a roll of paper ago that it was out."""
    booth.printer.state, booth.printer.age_seconds = PrinterState.PAPER_OUT, 2.5
    booth.tap()
    booth.settle()
    assert papers(booth) == ["A001"]


def test_a_printer_that_was_not_asked_yet_is_given_the_paper(booth: Booth) -> None:
    """As after a start: who prints asks first."""
    booth.printer.state = PrinterState.UNKNOWN
    booth.tap()
    booth.settle()
    assert papers(booth) == ["A001"]


def test_a_fresh_word_of_the_printer_decides(booth: Booth, hall: ModelHall) -> None:
    booth.printer.state, booth.printer.age_seconds = PrinterState.PAPER_OUT, 1.9
    booth.tap()
    rest(booth)
    assert papers(booth) == []
    assert standing(hall) == [("A001", False, ["failed"])]


def test_staff_who_print_a_number_again_hear_what_became_of_it(booth: Booth, hall: ModelHall) -> None:
    booth.lose_server()
    booth.tap()
    assert booth.session.to_hand_in == 1
    rest(booth)
    assert booth.session.to_hand_in == 0
    [entry] = booth.journal.all_entries()
    paper, heard = paper_again(entry, booth.flow.hall), list[str]()
    assert paper is not None
    booth.session.touch(Home())
    booth.session.print_for_staff(Print(entry.ticket_id, paper, reprint=True), heard.append)
    assert heard == []
    rest(booth)
    booth.printer.state = PrinterState.COVER_OPEN
    booth.session.print_for_staff(Print(entry.ticket_id, paper, reprint=True), heard.append)
    rest(booth)
    assert heard == ["printed", "failed"]
    [ticket] = hall.tickets.values()
    assert [(report.outcome, report.reprint) for report in ticket.reports] == [
        ("printed", False),
        ("printed", True),
        ("failed", True),
    ]
