"""What the journal knows of a touch: when it is done, what is owed, and what to do after a crash."""

import datetime as dt

import pytest
from msgspec.structs import replace

from kiosk.entries import Entry, Given, Slip, Step, debts, kept, not_taken, settled, step_after_crash, with_lost_papers
from protocol.commands import BookPlace, CheckIn, HandInTicket, IssueTicket, ReportPrint, WithdrawRequest
from tests.kiosk.halls import AT, booked, issued

ASKED = Entry("request-1", AT, IssueTicket("s1", "elderly", "en", "1.000001"))
ANSWERED = ASKED.answered(issued("s1"))
PRINTED = ANSWERED.with_slip(Slip("report-1", "printed"))
GIVEN = replace(ASKED, given=Given(50, 801, AT, "hand-in-1"), reply=issued("s1", ticket_id=0))
OUT = GIVEN.with_slip(Slip("report-1", "printed"))


def seconds(count: float) -> dt.datetime:
    return AT + dt.timedelta(seconds=count)


# ---- after a crash ----


@pytest.mark.parametrize(
    ("entry", "young", "old"),
    [
        (ASKED, Step.ASK, Step.WITHDRAW),
        (ANSWERED, Step.PRINT, Step.WITHDRAW),
        (GIVEN, Step.PRINT, Step.WITHDRAW),
        (ANSWERED.with_slip(Slip("report-1")), Step.NOTHING, Step.NOTHING),
        (PRINTED, Step.NOTHING, Step.NOTHING),
        (OUT, Step.NOTHING, Step.NOTHING),
        (replace(ASKED, withdraw_id="withdraw-1"), Step.NOTHING, Step.NOTHING),
        (replace(ASKED, whole=False), Step.WITHDRAW, Step.WITHDRAW),
        (replace(ANSWERED, whole=False), Step.PRINT, Step.WITHDRAW),
    ],
)
def test_what_a_crash_cut_off_goes_on_only_while_its_citizen_may_wait(entry: Entry, young: Step, old: Step) -> None:
    assert step_after_crash(entry, seconds(0)) is young
    assert step_after_crash(entry, seconds(119)) is young
    assert step_after_crash(entry, seconds(120)) is old


def test_of_a_paper_that_was_on_its_way_nobody_knows() -> None:
    lost = with_lost_papers(PRINTED.with_slip(Slip("report-2", reprint=True)))
    assert [slip.outcome for slip in lost.slips] == ["printed", "unknown"]


# ---- what is kept ----


def test_nothing_that_says_who_the_citizen_is_is_kept() -> None:
    entry = kept("request-1", AT, IssueTicket("s1", person="001199012345", note="bà Lan"))
    assert not entry.whole
    assert entry.command == IssueTicket("s1")


@pytest.mark.parametrize("command", [IssueTicket("s1"), BookPlace("s1"), CheckIn("t" * 16)])
def test_what_says_nothing_of_the_citizen_is_kept_whole(command: IssueTicket | BookPlace | CheckIn) -> None:
    assert kept("request-1", AT, command) == Entry("request-1", AT, command)


# ---- what is owed ----


def test_a_paper_is_reported_when_it_is_known_and_then_all_is_done() -> None:
    assert debts([ANSWERED]) == debts([ANSWERED.with_slip(Slip("report-1"))]) == []
    [debt] = debts([PRINTED])
    assert (debt.request_id, debt.command) == ("report-1", ReportPrint(11, "printed"))
    assert not PRINTED.done
    assert settled(PRINTED, debt, None).done


def test_a_further_paper_is_reported_as_such() -> None:
    again = PRINTED.with_slip(Slip("report-2", "failed", "paper_out", reprint=True))
    assert [debt.command for debt in debts([again])] == [
        ReportPrint(11, "printed"),
        ReportPrint(11, "failed", "paper_out", reprint=True),
    ]


def test_numbers_given_alone_are_handed_in_one_after_the_other_as_they_were_given() -> None:
    later = replace(OUT, request_id="request-2", given=Given(50, 802, seconds(1), "hand-in-2"))
    assert [debt.request_id for debt in debts([later, OUT])] == ["hand-in-1"]
    [debt] = debts([OUT])
    assert debt.command == HandInTicket(50, 801, "s1", AT, "elderly", "en", "1.000001")
    first = settled(OUT, debt, issued("s1", ticket_id=77))
    assert [debt.request_id for debt in debts([later, first])] == ["hand-in-2", "report-1"]


def test_a_number_given_instead_of_an_answer_says_so() -> None:
    asked_first = replace(OUT, given=Given(50, 801, AT, "hand-in-1", sent_before=True))
    [debt] = debts([asked_first])
    assert isinstance(debt.command, HandInTicket)
    assert debt.command.instead_of == "request-1"


def test_after_the_hand_in_its_paper_is_reported_with_the_real_ticket() -> None:
    [debt] = debts([OUT])
    handed_in = settled(OUT, debt, issued("s1", ticket_id=77))
    assert not handed_in.done
    [report] = debts([handed_in])
    assert report.command == ReportPrint(77, "printed")
    assert settled(handed_in, report, None).done


def test_a_number_that_the_hall_would_not_have_is_kept_as_refused_and_holds_nobody_up() -> None:
    [debt] = debts([OUT])
    refused = not_taken(OUT, debt, "number_taken")
    assert refused.given is not None
    assert refused.given.refused == "number_taken"
    assert refused.done
    assert debts([refused]) == []


def test_a_withdrawn_request_is_told_of_once() -> None:
    leaving = replace(ASKED, withdraw_id="withdraw-1")
    [debt] = debts([leaving])
    assert (debt.request_id, debt.command) == ("withdraw-1", WithdrawRequest("request-1"))
    assert settled(leaving, debt, None).done


def test_a_number_given_alone_without_paper_is_handed_in_before_it_is_withdrawn() -> None:
    leaving = replace(GIVEN, withdraw_id="withdraw-1")
    [debt] = debts([leaving])
    assert isinstance(debt.command, HandInTicket)
    handed_in = settled(leaving, debt, issued("s1", ticket_id=77))
    [debt] = debts([handed_in])
    assert debt.command == WithdrawRequest("hand-in-1")


def test_a_place_is_done_with_its_paper_and_nothing_is_reported() -> None:
    place = Entry("request-1", AT, BookPlace("s1")).answered(booked("s1"))
    assert not place.done
    printed = place.with_slip(Slip("report-1", "printed"))
    assert printed.done
    assert debts([printed]) == []


def test_a_paper_on_its_way_keeps_its_entry_open() -> None:
    assert not PRINTED.with_slip(Slip("report-2", reprint=True)).done


def test_a_report_that_is_not_taken_is_over() -> None:
    [debt] = debts([PRINTED])
    assert not_taken(PRINTED, debt, "unknown_ticket").done
