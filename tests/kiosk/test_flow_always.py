"""Whatever fingers, answers and silences come in whatever order: one visit takes at most one number."""

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.flow import UNREACHABLE, Flow, Screen
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
    Touch,
    TryAgain,
    TurnPage,
)
from kiosk.view import look
from printers.base import PrinterState, PrinterStatus
from tests.kiosk.halls import cao_bang, commune, issued, snapshot

TOUCHES: st.SearchStrategy[Touch] = st.one_of(
    st.just(Begin()),
    st.just(Back()),
    st.just(Home()),
    st.just(TryAgain()),
    st.builds(TurnPage, st.integers(-1, 3)),
    st.builds(Speak, st.sampled_from(["vi", "en"])),
    st.builds(ChooseAgency, st.sampled_from(["agency-0", "agency-15", "agency-3", "nowhere"])),
    st.builds(ChooseService, st.sampled_from(["service-15-0", "service-15-1", "s0", "s1", "nowhere"])),
    st.builds(ChooseClass, st.sampled_from(["ordinary", "elderly", "nobody"])),
)
HAPPENINGS = st.one_of(
    TOUCHES, st.sampled_from(["answer", "refuse", "unreachable", "paper", "no paper", "lose", "return"])
)
STEPS = st.lists(st.tuples(HAPPENINGS, st.sampled_from([0.0, 0.1, 0.5, 5.0, 50.0])), max_size=60)
HALLS = st.sampled_from([cao_bang(), commune()])


def happen(flow: Flow, what: object, request_id: str, now: float) -> list[Effect]:
    """Let one thing happen."""
    asked = flow.visit.issue.request_id if flow.visit.issue else "none"
    match what:
        case "answer":
            return flow.issued(asked, issued("s0"), now)
        case "refuse":
            return flow.refused(asked, "numbers_exhausted", {}, now)
        case "unreachable":
            return flow.refused(asked, UNREACHABLE, {}, now)
        case "paper":
            return flow.printed(11, "printed", now)
        case "no paper":
            return flow.printed(11, "failed", now)
        case "lose":
            flow.hall.lose()
        case "return":
            flow.hall.take_snapshot(snapshot(flow.hall.hall or cao_bang()))
        case _:
            return flow.touch(what, request_id, now)  # type: ignore[arg-type]
    return []


@settings(max_examples=300, deadline=None)
@given(HALLS, STEPS)
def test_a_visit_asks_for_one_number_and_prints_it_once(hall: object, steps: list[tuple[object, float]]) -> None:
    now, known = 100.0, HallNow()
    known.take_hall(hall)  # type: ignore[arg-type]
    flow = Flow(known)
    visits: dict[int, list[Effect]] = {}
    kept = []  # so that no visit gets the identity of an earlier one
    for at, (what, seconds) in enumerate(steps):
        now += seconds
        flow.tick(now)
        kept.append(flow.visit)
        effects = happen(flow, what, f"request-{at}", now)
        visits.setdefault(id(kept[-1]), []).extend(effects)
    for effects in visits.values():
        assert len({effect.request_id for effect in effects if isinstance(effect, Issue)}) <= 1
        assert len([effect for effect in effects if isinstance(effect, Print)]) <= 1


@settings(max_examples=300, deadline=None)
@given(HALLS, STEPS)
def test_every_way_ends_at_the_first_screen(hall: object, steps: list[tuple[object, float]]) -> None:
    now, known = 100.0, HallNow()
    known.take_hall(hall)  # type: ignore[arg-type]
    flow = Flow(known)
    for at, (what, seconds) in enumerate(steps):
        now += seconds
        happen(flow, what, f"request-{at}", now)
        flow.tick(now)
    happen(flow, "return", "", now)
    happen(flow, "refuse", "", now)
    flow.tick(now + 60.0)
    assert flow.screen is Screen.IDLE
    assert flow.visit.language == "vi"


@settings(max_examples=200, deadline=None)
@given(HALLS, STEPS, st.sampled_from(PrinterState))
def test_every_state_can_be_shown(hall: object, steps: list[tuple[object, float]], state: PrinterState) -> None:
    now, known = 100.0, HallNow()
    known.take_hall(hall)  # type: ignore[arg-type]
    flow = Flow(known, settle_seconds=0)
    for at, (what, seconds) in enumerate(steps):
        now += seconds
        happen(flow, what, f"request-{at}", now)
        view = look(flow, PrinterStatus(state), now)
        assert view.screen is flow.screen
        assert view.title
