"""What one holds before the scanner: a ticket, a promise, a receipt, an identity card; anything else does nothing."""

import datetime as dt

import pytest
from msgspec.structs import replace

from kiosk.flow import SETTLE_SECONDS, Flow
from kiosk.stages import ASKING_SECONDS, READS_CODES, Screen
from kiosk.touches import (
    Back,
    Begin,
    ChooseClass,
    ChoosePurpose,
    Effect,
    Home,
    Issue,
    Print,
    Query,
    Scan,
    ScanDossier,
    ScanPerson,
    ScanToken,
    TakeNumber,
    TakePlace,
    Touch,
)
from kiosk.visit import UNREACHABLE
from protocol.commands import CheckIn, GetTicket, IssueTicket, LookUpDossier
from protocol.replies import DossierReply, HallReply, TicketReply
from protocol.words import Issuing
from tests.kiosk.halls import commune, doors, issued
from tests.kiosk.real_halls import flow_of, shipped

CODE = "H14.21-260115-0007"
SCANS: list[Scan] = [ScanToken("of-a-paper"), ScanDossier(CODE), ScanPerson("001190012345")]


def touch(flow: Flow, *touches: Touch, now: float = 100.0) -> list[Effect]:
    """Touch one after the other, each with its own request_id."""
    effects: list[Effect] = []
    for at, what in enumerate(touches):
        effects += flow.touch(what, f"request-{at}", now)
    return effects


def asked(effects: list[Effect]) -> Query:
    """The one question among the effects."""
    [query] = effects
    assert isinstance(query, Query)
    return query


def by_code() -> HallReply:
    """Cao Bằng, where the code of a receipt leads to results."""
    hall = shipped("cao-bang")
    return replace(hall, purposes=[replace(each, by_code=each.purpose_id == "nhan-ket-qua") for each in hall.purposes])


def asks_person() -> HallReply:
    """A commune whose first service gives one number to a person."""
    hall = commune()
    return replace(hall, services=[replace(each, asks_person=each.service_id == "s0") for each in hall.services])


# ---- a paper of this hall ----


def test_a_running_ticket_is_looked_up_and_takes_no_number() -> None:
    flow = flow_of(commune())
    query = asked(touch(flow, ScanToken("of-my-ticket")))
    assert (flow.screen, query.command) == (Screen.ASKING, GetTicket(token="of-my-ticket"))
    ticket = replace(issued("s1").ticket, people_ahead=3)
    assert flow.answered(query.request_id, TicketReply(ticket, 10, ["c1"]), 100.0) == []
    assert flow.visit.screen is Screen.FOUND
    touch(flow, Back())
    assert flow.screen is Screen.IDLE


def test_a_promise_becomes_a_number_with_the_request_of_its_scan() -> None:
    flow = flow_of(commune())
    query = asked(flow.touch(ScanToken("of-a-place"), "made-by-the-scan", 100.0))
    assert query.request_id != "made-by-the-scan"
    [effect] = flow.refused(query.request_id, "invalid_token", {}, 101.0)
    assert effect == Issue("made-by-the-scan", CheckIn("of-a-place", "vi"))
    [printing] = flow.issued("made-by-the-scan", issued("s1"), 102.0)
    assert flow.screen is Screen.RESULT
    assert isinstance(printing, Print)


@pytest.mark.parametrize("code", ["too_early", "too_late", "already_checked_in", "invalid_token", "hall_closed"])
def test_a_promise_that_is_not_kept_now_is_refused_in_words(code: str) -> None:
    flow = flow_of(commune())
    query = asked(touch(flow, ScanToken("of-a-place")))
    [effect] = flow.refused(query.request_id, "unknown_ticket", {}, 101.0)
    assert isinstance(effect, Issue)
    flow.refused(effect.request_id, code, {}, 102.0)
    assert (flow.screen, flow.visit.refusal) == (Screen.REFUSED, code)


def test_a_long_request_id_leaves_room_for_its_question() -> None:
    flow = flow_of(commune())
    query = asked(flow.touch(ScanToken("of-a-place"), "r" * 64, 100.0))
    assert len(query.request_id) <= 64


def test_the_same_code_again_asks_nothing_again() -> None:
    flow = flow_of(commune())
    query = asked(touch(flow, ScanToken("of-my-ticket")))
    flow.answered(query.request_id, TicketReply(issued("s1").ticket, 10, ["c1"]), 101.0)
    assert touch(flow, ScanToken("of-my-ticket"), now=102.0) == []
    assert flow.screen is Screen.FOUND
    assert touch(flow, ScanToken("of-another"), now=103.0) != []


def test_a_scan_counts_also_while_a_finger_would_still_bounce() -> None:
    flow = flow_of(commune())
    flow._settle_seconds = SETTLE_SECONDS
    touch(flow, Begin(), now=100.0)
    assert touch(flow, ScanToken("of-my-ticket"), now=100.01) != []


def test_a_question_that_nobody_answers_ends() -> None:
    flow = flow_of(commune())
    query = asked(touch(flow, ScanToken("of-my-ticket")))
    flow.refused(query.request_id, UNREACHABLE, {}, 108.0)
    assert (flow.screen, flow.can_try_again) == (Screen.REFUSED, False)
    touch(flow, Home(), ScanToken("of-my-ticket"), now=110.0)
    flow.tick(110.0 + ASKING_SECONDS)
    assert flow.screen is Screen.IDLE


def test_an_answer_that_nobody_waits_for_any_more_is_not_shown_to_the_next_citizen() -> None:
    flow = flow_of(commune())
    query = asked(touch(flow, ScanToken("of-my-ticket")))
    touch(flow, Home(), Begin(), now=101.0)
    flow.answered(query.request_id, TicketReply(issued("s1").ticket, 10, ["c1"]), 102.0)
    assert (flow.screen, flow.visit.found) == (Screen.SERVICE, None)
    assert flow.refused(query.request_id, "invalid_token", {}, 103.0) == []


# ---- the receipt of a dossier ----


def ready(flow: Flow, *way: Touch, state: str = "ready", service_id: str | None = "nhan-ket-qua") -> None:
    """Scan a receipt and hear how its dossier stands."""
    query = asked(touch(flow, *way, ScanDossier(CODE)))
    assert query.command == LookUpDossier(CODE)
    due = None if state == "ready" else dt.date(2026, 1, 22)
    flow.answered(query.request_id, DossierReply(CODE, state, service_id, due), 100.0)  # type: ignore[arg-type]
    assert flow.screen is Screen.FOUND


def test_a_purpose_by_code_asks_for_it_and_gives_a_number_without_one_too() -> None:
    flow = flow_of(by_code())
    touch(flow, Begin(), ChoosePurpose("nhan-ket-qua"))
    assert flow.screen is Screen.RECEIPT
    [effect] = touch(flow, TakeNumber(), ChooseClass("ordinary"))
    assert effect == Issue("request-1", IssueTicket("nhan-ket-qua", "ordinary", "vi"))


def test_a_result_that_is_ready_leads_to_a_number_where_it_is_fetched() -> None:
    flow = flow_of(by_code())
    ready(flow, Begin(), ChoosePurpose("nhan-ket-qua"))
    [effect] = touch(flow, TakeNumber(), ChooseClass("elderly"))
    assert effect == Issue("request-1", IssueTicket("nhan-ket-qua", "elderly", "vi"))


@pytest.mark.parametrize(
    ("state", "service_id"), [("not_ready", "nhan-ket-qua"), ("unknown", None), ("ready", None), ("ready", "gone")]
)
def test_what_is_not_ready_gives_no_number_for_it(state: str, service_id: str | None) -> None:
    flow = flow_of(by_code())
    ready(flow, state=state, service_id=service_id)
    assert touch(flow, TakeNumber()) == []
    assert flow.screen is Screen.FOUND


def test_a_result_at_a_door_that_is_shut_says_so() -> None:
    hall = by_code()
    flow = flow_of(hall, told=doors(hall, nhan_ket_qua=Issuing.CUT_OFF))
    ready(flow)
    touch(flow, TakeNumber())
    assert flow.screen is Screen.NO_NUMBER


def test_a_hall_that_cannot_look_up_says_so() -> None:
    flow = flow_of(by_code())
    query = asked(touch(flow, ScanDossier(CODE)))
    flow.refused(query.request_id, "no_dossiers", {}, 101.0)
    assert (flow.screen, flow.visit.refusal) == (Screen.REFUSED, "no_dossiers")


# ---- an identity card ----


def test_a_card_is_asked_for_only_where_the_service_asks() -> None:
    flow = flow_of(asks_person())
    assert touch(flow, first_service(flow), ChooseClass("ordinary")) == []
    assert flow.screen is Screen.PERSON
    [effect] = touch(flow, ScanPerson("001190012345"))
    assert effect == Issue("request-0", IssueTicket("s0", "ordinary", "vi", person="001190012345"))


def first_service(flow: Flow) -> Touch:
    """The choice of the first service."""
    touch(flow, Begin())
    return flow.choices()[0]


def test_a_card_is_never_said_and_is_gone_with_the_citizen() -> None:
    flow = flow_of(asks_person())
    touch(flow, first_service(flow), ChooseClass("ordinary"), ScanPerson("001190012345"))
    assert "001190012345" not in repr(ScanPerson("001190012345"))
    assert "001190012345" not in repr(flow.visit)
    flow.refused("request-2", "already_waiting", {"number": "A007"}, 101.0)
    touch(flow, Home(), now=102.0)
    assert flow.visit.issue is None


def test_a_place_of_another_day_asks_for_no_card() -> None:
    hall = asks_person()
    flow = flow_of(hall, told=doors(hall, s0=Issuing.QUOTA))
    effects = touch(flow, first_service(flow), TakePlace(), ChooseClass("ordinary"))
    assert len(effects) == 1


# ---- where a scan means nothing ----


@pytest.mark.parametrize("scan", SCANS, ids=["paper", "receipt", "card"])
@pytest.mark.parametrize("screen", list(Screen))
def test_a_scan_does_nothing_where_it_means_nothing(screen: Screen, scan: Scan) -> None:
    flow = flow_of(commune())
    flow.visit.screen, flow.visit.service_id = screen, "s1"
    means = screen is Screen.PERSON if isinstance(scan, ScanPerson) else screen in READS_CODES
    effects = touch(flow, scan)
    assert bool(effects) is means
    assert (flow.screen is screen) is not means


def test_a_card_is_not_read_where_nobody_asked_for_it() -> None:
    flow = flow_of(commune())
    touch(flow, Begin(), ScanPerson("001190012345"))
    assert flow.screen is Screen.SERVICE
