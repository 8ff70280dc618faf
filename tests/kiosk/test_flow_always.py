"""Whatever fingers, answers and silences come in whatever order: one visit takes at most one number."""

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.flow import Flow
from kiosk.hall_now import HallNow
from kiosk.touches import (
    Back,
    Begin,
    ChooseAgency,
    ChooseClass,
    ChooseService,
    Effect,
    Home,
    Issue,
    Print,
    Speak,
    TakePlace,
    Touch,
    TryAgain,
    TurnPage,
)
from kiosk.view import look
from kiosk.visit import UNREACHABLE, Screen
from printers.base import PrinterState, PrinterStatus
from protocol.errors import REFUSALS
from protocol.replies import HallReply
from protocol.words import Issuing
from tests.kiosk.halls import TOMORROW, booked, cao_bang, commune, doors, issued, snapshot

TOUCHES: st.SearchStrategy[Touch] = st.one_of(
    st.just(Begin()),
    st.just(Back()),
    st.just(Home()),
    st.just(TryAgain()),
    st.just(TakePlace()),
    st.builds(TurnPage, st.integers(-1, 3)),
    st.builds(Speak, st.sampled_from(["vi", "en"])),
    st.builds(ChooseAgency, st.sampled_from(["agency-0", "agency-15", "agency-3", "nowhere"])),
    st.builds(ChooseService, st.sampled_from(["service-15-0", "service-15-1", "s0", "s1", "nowhere"])),
    st.builds(ChooseClass, st.sampled_from(["ordinary", "elderly", "nobody"])),
)
HAPPENINGS = st.one_of(
    TOUCHES,
    TOUCHES,
    st.sampled_from(["answer", "place", "unreachable", "paper", "no paper", "lose", "return", "suspend"]),
    st.sampled_from(["cut_off", "quota_reached", "kiosk_suspended", *REFUSALS]),
    st.sampled_from(Issuing),
)
STEPS = st.lists(st.tuples(HAPPENINGS, st.sampled_from([0.0, 0.1, 0.5, 5.0, 50.0])), max_size=60)
HALLS = st.sampled_from([cao_bang(), commune()])


def happen(flow: Flow, what: object, request_id: str, now: float) -> list[Effect]:
    """Let one thing happen."""
    asked = flow.visit.issue.request_id if flow.visit.issue else "none"
    match what:
        case "answer":
            return flow.issued(asked, issued("s0"), now)
        case "place":
            return flow.booked(asked, booked("s0"), now)
        case Issuing():
            flow.hall.take_snapshot(doors(flow.hall.hall or cao_bang(), everywhere=what))
        case str(code) if code in REFUSALS:
            return flow.refused(asked, code, {"opens_at": TOMORROW.isoformat()}, now)
        case "suspend":
            flow.hall.suspend("")
        case "unreachable":
            return flow.refused(asked, UNREACHABLE, {}, now)
        case "paper":
            return flow.printed(flow.visit.slip_id or 11, "printed", now)
        case "no paper":
            return flow.printed(flow.visit.slip_id or 11, "failed", now)
        case "lose":
            flow.hall.lose()
        case "return":
            flow.hall.take_snapshot(snapshot(flow.hall.hall or cao_bang()))
        case _:
            return flow.touch(what, request_id, now)  # type: ignore[arg-type]
    return []


@settings(max_examples=300, deadline=None)
@given(HALLS, STEPS)
def test_a_visit_asks_for_no_second_number_unless_the_first_was_refused_and_prints_once(
    hall: HallReply, steps: list[tuple[object, float]]
) -> None:
    now, known = 100.0, HallNow()
    known.take_hall(hall)
    flow = Flow(known)
    visits: dict[int, list[Effect]] = {}
    kept = []  # so that no visit gets the identity of an earlier one
    refused: set[str] = set()
    for at, (what, seconds) in enumerate(steps):
        now += seconds
        flow.tick(now)
        kept.append(flow.visit)
        if what in REFUSALS and flow.screen is Screen.ISSUING and flow.visit.issue:
            refused.add(flow.visit.issue.request_id)
        effects = happen(flow, what, f"request-{at}", now)
        visits.setdefault(id(kept[-1]), []).extend(effects)
    for effects in visits.values():
        assert len({effect.request_id for effect in effects if isinstance(effect, Issue)} - refused) <= 1
        assert len([effect for effect in effects if isinstance(effect, Print)]) <= 1


@settings(max_examples=300, deadline=None)
@given(HALLS, STEPS)
def test_every_way_ends_at_the_first_screen(hall: HallReply, steps: list[tuple[object, float]]) -> None:
    now, known = 100.0, HallNow()
    known.take_hall(hall)
    flow = Flow(known)
    for at, (what, seconds) in enumerate(steps):
        now += seconds
        happen(flow, what, f"request-{at}", now)
        flow.tick(now)
    happen(flow, "return", "", now)
    happen(flow, "numbers_exhausted", "", now)
    flow.tick(now + 60.0)
    assert flow.screen is Screen.IDLE
    assert flow.visit.language == "vi"


@settings(max_examples=200, deadline=None)
@given(HALLS, STEPS, st.sampled_from(PrinterState))
def test_every_state_can_be_shown(hall: HallReply, steps: list[tuple[object, float]], state: PrinterState) -> None:
    now, known = 100.0, HallNow()
    known.take_hall(hall)
    flow = Flow(known, settle_seconds=0)
    for at, (what, seconds) in enumerate(steps):
        now += seconds
        happen(flow, what, f"request-{at}", now)
        view = look(flow, PrinterStatus(state), now)
        assert view.screen is flow.screen
        assert view.title
