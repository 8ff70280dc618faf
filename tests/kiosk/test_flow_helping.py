"""Helper mode: staff take numbers for others; and the paper of a number, printed again."""

import pytest

from kiosk.flow import Flow
from kiosk.stages import HELPER_SECONDS, RESULT_SECONDS, Screen
from kiosk.touches import (
    Back,
    Begin,
    ChooseClass,
    ChooseProcedure,
    ChoosePurpose,
    ChooseService,
    Effect,
    Home,
    Issue,
    KeepNote,
    LeaveHelperMode,
    OpenHelperMode,
    Print,
    PrintAgain,
    Query,
    Search,
    TakeNumber,
    TakePlace,
    Touch,
    TurnPage,
    WriteNote,
)
from printers.papers import PlacePaper, TicketPaper
from protocol.commands import IssueTicket, OpenHelper
from protocol.replies import DoneReply
from protocol.words import Issuing
from tests.kiosk.halls import booked, doors, issued
from tests.kiosk.real_halls import crowded, everyday, flow_of, shipped
from tests.kiosk.test_flow_finding import BIRTH, touch, type_in


def helping(told: str = "") -> Flow:
    """A kiosk at which operator 105 takes numbers for others."""
    hall = shipped("cao-bang")
    flow = flow_of(hall, everyday("cao-bang"), crowded(hall, told, 90) if told else None)
    assert touch(flow, OpenHelperMode("105", "1234")) == [Query("request-0", OpenHelper("105", "1234"))]
    flow.answered("request-0", DoneReply(), 100.0)
    assert flow.screen is Screen.HELPER
    return flow


def take(flow: Flow, service_id: str, now: float, number: int = 11) -> Issue:
    """Take a number for somebody and see its paper come."""
    [issue] = flow.touch(ChooseService(service_id), f"request-at-{now}", now)
    assert isinstance(issue, Issue)
    flow.issued(issue.request_id, issued(service_id, ticket_id=number), now)
    flow.printed(number, "printed", now)
    return issue


def test_one_touch_of_a_service_is_a_number_of_the_class_chosen_before() -> None:
    flow = helping()
    touch(flow, ChooseClass("disabled"))
    issue = take(flow, "ho-tich", 101.0)
    assert issue.command == IssueTicket("ho-tich", "disabled", "vi", operator_id="105")


def test_several_numbers_are_taken_in_a_row_each_ordinary_again() -> None:
    flow = helping()
    touch(flow, ChooseClass("disabled"))
    take(flow, "ho-tich", 101.0)
    touch(flow, Home(), now=103.0)
    assert (flow.screen, flow.helper is not None) == (Screen.HELPER, True)
    second = take(flow, "chung-thuc", 104.0, 12)
    assert second.command == IssueTicket("chung-thuc", "ordinary", "vi", operator_id="105")
    assert flow.helper is not None
    assert flow.helper.numbers == ("A015", "A015")
    flow.tick(104.0 + RESULT_SECONDS)
    assert flow.screen is Screen.HELPER


def test_nobody_who_helps_is_asked_whether_to_stay() -> None:
    flow = helping("ho-tich")
    assert len(touch(flow, ChooseService("ho-tich"))) == 1


def test_a_note_goes_with_one_number_and_onto_its_paper() -> None:
    flow = helping()
    touch(flow, WriteNote())
    type_in(flow, "xe lawn ")
    touch(flow, KeepNote())
    assert (flow.screen, flow.visit.note) == (Screen.HELPER, "xe lăn")
    [issue] = touch(flow, ChooseService("ho-tich"))
    assert isinstance(issue, Issue)
    assert isinstance(issue.command, IssueTicket)
    assert issue.command.note == "xe lăn"
    [printing] = flow.issued(issue.request_id, issued("ho-tich"), 101.0)
    assert isinstance(printing, Print)
    assert isinstance(printing.paper, TicketPaper)
    assert printing.paper.note == "xe lăn"
    touch(flow, Home(), now=105.0)
    assert flow.visit.note == ""


def test_a_note_that_is_not_kept_changes_nothing() -> None:
    flow = helping()
    touch(flow, WriteNote())
    type_in(flow, "xe lawn")
    touch(flow, Back())
    assert (flow.screen, flow.visit.note) == (Screen.HELPER, "")


def test_who_helps_finds_by_words_too() -> None:
    flow = helping()
    touch(flow, ChooseClass("elderly"), Search())
    type_in(flow, "khai sinh")
    [issue] = touch(flow, ChooseProcedure(BIRTH), TakeNumber())
    assert isinstance(issue, Issue)
    assert issue.command == IssueTicket("ho-tich", "elderly", "vi", procedure_code=BIRTH, operator_id="105")


def test_who_helps_has_three_minutes_and_then_the_kiosk_is_the_citizens_again() -> None:
    flow = helping()
    touch(flow, TurnPage(1), now=150.0)
    assert flow.seconds_left(150.0) == HELPER_SECONDS
    touch(flow, Search(), now=160.0)
    assert flow.seconds_left(160.0) == HELPER_SECONDS
    flow.tick(160.0 + HELPER_SECONDS)
    assert (flow.screen, flow.helper) == (Screen.IDLE, None)


@pytest.mark.parametrize("way", [(), (Search(),), (WriteNote(),), (ChooseService("ho-tich"),)])
def test_helper_mode_is_left_from_anywhere_but_a_number_on_its_way(way: tuple[Touch, ...]) -> None:
    flow = helping()
    touch(flow, *way, LeaveHelperMode())
    waits = flow.screen is Screen.ISSUING
    assert (flow.helper is None) is not waits


def test_a_wrong_pin_opens_nothing() -> None:
    flow = flow_of(shipped("cao-bang"))
    touch(flow, OpenHelperMode("105", "0000"))
    flow.refused("request-0", "wrong_pin", {}, 101.0)
    assert (flow.screen, flow.helper) == (Screen.REFUSED, None)
    assert touch(flow, ChooseService("ho-tich"), WriteNote(), now=102.0) == []
    touch(flow, Home(), now=103.0)
    assert flow.screen is Screen.IDLE


def test_a_pin_is_never_said() -> None:
    assert "1234" not in repr(OpenHelperMode("105", "1234"))
    flow = flow_of(shipped("cao-bang"))
    touch(flow, OpenHelperMode("105", "1234"))
    assert "1234" not in repr(flow.visit)


def test_what_staff_may_do_does_nothing_without_them() -> None:
    flow = flow_of(shipped("cao-bang"), everyday("cao-bang"))
    assert touch(flow, ChooseService("ho-tich"), WriteNote(), LeaveHelperMode(), KeepNote()) == []
    assert flow.screen is Screen.IDLE


# ---- printing again ----


def without_paper(outcome: str = "unknown") -> Flow:
    """A citizen whose paper did not come, as far as is known."""
    flow = flow_of(shipped("cao-bang"))
    [issue] = touch(flow, Begin(), ChoosePurpose("nhan-ket-qua"), ChooseClass("ordinary"))
    assert isinstance(issue, Issue)
    flow.issued(issue.request_id, issued("nhan-ket-qua"), 100.0)
    flow.printed(11, outcome, 100.0)  # type: ignore[arg-type]
    return flow


def reprints(effects: list[Effect]) -> list[Print]:
    return [effect for effect in effects if isinstance(effect, Print) and effect.reprint]


@pytest.mark.parametrize("outcome", ["failed", "unknown"])
def test_a_paper_that_did_not_come_is_printed_again_with_a_mark_at_most_twice(outcome: str) -> None:
    flow = without_paper(outcome)
    for _ in range(2):
        [again] = reprints(touch(flow, PrintAgain()))
        assert isinstance(again.paper, TicketPaper)
        assert (again.slip_id, again.paper.number, again.paper.again) == (11, "A015", True)
        assert flow.visit.paper is None
        assert touch(flow, PrintAgain()) == []
        flow.printed(11, "unknown", 101.0)
    assert touch(flow, PrintAgain()) == []


def test_a_paper_that_came_is_not_printed_again() -> None:
    flow = without_paper("printed")
    assert touch(flow, PrintAgain()) == []


def test_the_slip_of_a_place_is_printed_again_too() -> None:
    hall = shipped("cao-bang")
    flow = flow_of(hall, told=doors(hall, nhan_ket_qua=Issuing.QUOTA))
    effects = touch(flow, Begin(), ChoosePurpose("nhan-ket-qua"), TakePlace(), ChooseClass("ordinary"))
    assert isinstance(effects[0], Issue)
    flow.booked(effects[0].request_id, booked("nhan-ket-qua"), 101.0)
    flow.printed(12, "failed", 101.0)
    [again] = reprints(touch(flow, PrintAgain(), now=102.0))
    assert isinstance(again.paper, PlacePaper)
