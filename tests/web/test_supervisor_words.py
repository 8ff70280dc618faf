"""Alerts, reasons, tickets and the journal in plain sentences."""

import datetime as dt
import typing

import pytest
from msgspec.structs import replace

from config import texts
from protocol import events as ev
from protocol.events import CallReason, CallRule, Candidate
from protocol.replies import WhyReply
from protocol.words import TicketState
from queue_server import alerts as server_alerts
from queue_server import explaining
from tests.web.sample import AT, ticket
from tests.web.supervisor_halls import AUDITOR, LED_HALL, OPERATOR, alert, scene
from web.supervisor.alerts import LEVELS, alert_groups, alert_line
from web.supervisor.journal import Wanted, entry, what
from web.supervisor.reasons import explain
from web.supervisor.tickets import ticket_card, ticket_rows

LANGUAGES = ("vi", "en")
FACTS = {
    "counter_id": "q1",
    "operator_id": OPERATOR,
    "service_id": "ho-tich",
    "device_id": "kiosk-1",
    "trouble": "paper_out",
    "reason": "Sửa máy",
    "reason_id": "break",
    "number": "A007",
    "waiting": 4,
    "minutes": 31,
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", server_alerts._ORDER)
def test_every_alert_of_the_server_is_a_sentence_with_a_level(code: str, language: str) -> None:
    line = alert_line(scene(language), alert(code, **FACTS), leads=True)
    assert code in LEVELS
    assert code not in line.sentence
    assert line.sentence.endswith((".", "!"))
    assert line.action is not None


def test_alerts_say_who_and_what() -> None:
    said = {code: alert_line(scene(), alert(code, **FACTS), leads=True).sentence for code in LEVELS}
    assert said["alarm"] == "Quầy 1 báo khẩn cấp! Cán bộ: Nguyễn Văn An (012)."
    assert said["long_wait"] == "Hộ tịch: có người đã chờ 31 phút, 4 người đang chờ."
    assert said["after_closing"].startswith("Hộ tịch: dự báo đến 08:50 mới gọi hết 4 người")
    assert said["device_trouble"] == "kiosk-1: hết giấy."
    assert said["kiosk_suspended"] == "Máy lấy số kiosk-1 đang tạm ngừng. Lý do: Sửa máy."


def test_each_alert_has_the_deed_that_helps() -> None:
    actions = {code: alert_line(scene(), alert(code, **FACTS), leads=True).action for code in LEVELS}
    done = {code: action.do for code, action in actions.items() if action and action.do}
    assert done == {
        "alarm": "answer_alarm",
        "clock_doubted": "confirm_clock",
        "service_suspended": "reopen_service",
        "kiosk_suspended": "reopen_kiosk",
    }
    asked = {code: action.ask for code, action in actions.items() if action and action.ask}
    assert asked["long_wait"] == "message?service_id=ho-tich"
    assert asked["connection_lost"] == "counter?counter_id=q1"
    assert asked["after_closing"] == "service?service_id=ho-tich"


def test_who_only_looks_gets_no_deed_that_changes_something() -> None:
    assert all(
        (line := alert_line(scene(), alert(code, **FACTS), leads=False)).action is None or not line.action.do
        for code in LEVELS
    )


def test_an_alert_newer_than_the_page_is_shown_by_its_code() -> None:
    assert alert_line(scene(), alert("flood"), leads=True).sentence == "Cần xem: flood."


def test_many_alerts_of_a_kind_are_folded() -> None:
    many = [alert("device_silent", device_id=f"d{i}") for i in range(9)]
    groups = alert_groups(scene(alerts=[alert("alarm", counter_id="q1"), *many]), leads=True)
    assert [(group.code, len(group.shown), len(group.folded)) for group in groups] == [
        ("alarm", 1, 0),
        ("device_silent", 3, 6),
    ]


CALLED = ticket(TicketState.CALLED, counter_id="q1", called_at=AT + dt.timedelta(minutes=20))
OTHER = ticket(ticket_id=5, number="A005")
REASON = CallReason(CallRule.HEAD_START, 25.5, [Candidate("A006", 21.0, 0.3)], 0.4)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", list(CallRule))
def test_every_rule_has_a_sentence(rule: CallRule, language: str) -> None:
    told = explain(scene(language), WhyReply(CALLED, replace(REASON, rule=rule)))
    assert len(told.sentences) == 2
    assert not told.sentences[1].startswith(("Quy tắc:", "Rule:"))
    assert texts.text(f"supervisor.rule_short_{rule.value}", language)


VERDICTS = (
    "more_points",
    "over_limit",
    "not_served_there",
    "meant_for_another",
    "not_waiting",
    "earlier_number",
    "rule_changed",
    *explaining.DECIDED_OTHERWISE.values(),
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", VERDICTS)
def test_every_verdict_is_a_sentence_about_both_numbers(code: str, language: str) -> None:
    told = explain(scene(language), WhyReply(CALLED, REASON, OTHER, 20.0, 0.33, code))
    assert told.other == "A005"
    assert code not in told.verdict
    assert "A005" in told.verdict or "A007" in told.verdict


def test_more_points_are_compared_in_the_readers_own_numbers() -> None:
    told = explain(scene(), WhyReply(CALLED, REASON, OTHER, 20.25, 0.33, "more_points"))
    assert told.verdict.startswith("Lúc đó số A007 có 25,5 điểm, số A005 có 20,2 điểm.")
    assert told.sentences[0] == "Số A007 được gọi đến Quầy 1 lúc 08:50."
    assert [(one.number, one.points, one.share) for one in told.standings] == [
        ("A007", "25,5", "40 %"),
        ("A005", "20,2", "33 %"),
        ("A006", "21", "30 %"),
    ]


def test_a_number_that_was_never_called_has_no_reason_yet() -> None:
    told = explain(scene(), WhyReply(OTHER, None))
    assert told.sentences == ["Số A005 chưa được gọi lần nào theo hàng chờ."]
    assert told.standings == []


def test_the_list_groups_tickets_and_says_where_they_are() -> None:
    parked = ticket(TicketState.PARKED, ticket_id=8, number="A008", parked_until=AT + dt.timedelta(minutes=40))
    mine = ticket(ticket_id=9, number="A009", to_counter_id="q2")
    missed = ticket(TicketState.NO_SHOW, ticket_id=3, number="A003", counter_id="q1")
    rows = ticket_rows(scene(tickets=[OTHER, CALLED, parked, mine], missed=[missed]))
    assert [(row.number, row.group, row.place or row.note) for row in rows] == [
        ("A005", "waiting", ""),
        ("A007", "at_counter", "Quầy 1"),
        ("A008", "parked", "trở lại lúc 09:10"),
        ("A009", "waiting", "chờ riêng Quầy 12"),
        ("A003", "missed", "Quầy 1"),
    ]


@pytest.mark.parametrize(
    ("state", "live", "restorable"),
    [
        (TicketState.WAITING, True, False),
        (TicketState.SERVING, True, False),
        (TicketState.NO_SHOW, False, True),
        (TicketState.CANCELLED, False, True),
        (TicketState.FINISHED, False, False),
    ],
)
def test_a_ticket_offers_only_what_its_state_allows(state: TicketState, live: bool, restorable: bool) -> None:
    card = ticket_card(scene(), ticket(state))
    assert (card.live, card.restorable) == (live, restorable)


SAMPLES: dict[str, object] = {
    "str": "q1",
    "int": 7,
    "bool": True,
    "datetime.datetime": AT,
    "datetime.date": AT.date(),
}


def sample_of(body: type) -> ev.EventBody:
    """An event of a kind, with something in every field."""
    hints = typing.get_type_hints(body)
    known: dict[str, object] = {
        "reason": REASON if body is ev.TicketCalled else "Họp",
        "performed": [],
        "tickets": [ev.UndoneTicket(7, "A007", "ho-tich", TicketState.CALLED, TicketState.WAITING)],
        "takes": "priority",
        "by": "staff" if body is ev.TicketCancelled else "078",
        "state": TicketState.WAITING,
        "state_before": TicketState.CALLED,
        "counts_for": [],
        "counter_ids": ["q1"],
        "service_ids": ["ho-tich"],
        "troubles": ["paper_out"],
        "origin": "kiosk",
        "kind": "emergency",
        "what": "callbacks",
    }

    def value(name: str) -> object:
        if name in known:
            return known[name]
        for shown, made in SAMPLES.items():
            if shown in str(hints[name]):
                return made
        raise AssertionError(f"{body.__name__}.{name}: {hints[name]}")

    made: ev.EventBody = body(**{name: value(name) for name in body.__struct_fields__})  # type: ignore[attr-defined]
    return made


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", typing.get_args(ev.EventBody))
def test_every_event_of_the_log_is_a_sentence(kind: type, language: str) -> None:
    body = sample_of(kind)
    said = what(LED_HALL, body, language)
    assert said != str(body.__struct_config__.tag)
    assert "{" not in said


def event(body: ev.EventBody) -> ev.Event:
    return ev.Event("e", 12, AT, "desk", body)


def test_a_line_of_the_journal_says_who_where_what_and_when() -> None:
    called = ev.TicketCalled(
        7, "A007", "ho-tich", "q1", OPERATOR, replace(REASON, rule=CallRule.CHOSEN, text="Đau tim")
    )
    line = entry(LED_HALL, event(called), "vi")
    assert (line.day, line.clock, line.who, line.where) == ("02/03/2026", "08:30:00", "Nguyễn Văn An (012)", "Quầy 1")
    assert line.what == "Gọi số A007 đến Quầy 1 (gọi ngoài thứ tự: Đau tim)."


def test_what_no_member_of_staff_did_names_nobody() -> None:
    cancelled = ev.TicketCancelled(7, "A007", "ho-tich", TicketState.WAITING, "citizen")
    assert entry(LED_HALL, event(cancelled), "vi").who == "Công dân"
    assert entry(LED_HALL, event(ev.TicketReturned(7, "A007", "ho-tich")), "vi").who == "Hệ thống"


def test_a_supervisor_who_cancels_is_named() -> None:
    cancelled = ev.TicketCancelled(7, "A007", "ho-tich", TicketState.WAITING, "staff", "Trùng số", None, "078")
    line = entry(LED_HALL, event(cancelled), "vi")
    assert (line.who, line.what) == ("Trưởng bộ phận (078)", "Hủy số A007. Lý do: Trùng số.")


def test_the_filter_finds_a_ticket_also_where_it_was_taken_back() -> None:
    undone = ev.ActionUndone("q1", OPERATOR, "call_next", 8, 9, sample_of(ev.ActionUndone).tickets)  # type: ignore[union-attr]
    assert Wanted(ticket_id=7).fits(event(undone))
    assert not Wanted(ticket_id=8).fits(event(undone))
    assert Wanted(counter_id="q1", operator_id=OPERATOR).fits(event(undone))
    assert not Wanted(counter_id="q1", operator_id=AUDITOR).fits(event(undone))
