"""Whatever fingers, answers and silences come in whatever order: one visit takes at most one number."""

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from kiosk.finder import Finder
from kiosk.flow import SETTLE_SECONDS, Flow
from kiosk.hall_now import HallNow
from kiosk.stages import HELPER_SECONDS
from kiosk.touches import (
    LEAFLET,
    Back,
    Begin,
    ChooseAgency,
    ChooseClass,
    ChooseField,
    ChooseProcedure,
    ChoosePurpose,
    ChooseService,
    ClearTyped,
    Effect,
    EraseLetter,
    Home,
    Issue,
    KeepNote,
    LeaveHelperMode,
    OpenHelperMode,
    Print,
    PrintAgain,
    PrintProcedure,
    ScanDossier,
    ScanPerson,
    ScanToken,
    Search,
    Speak,
    Stay,
    SwitchTelex,
    TakeNumber,
    TakePlace,
    Touch,
    TryAgain,
    TurnPage,
    TypeLetter,
    WriteNote,
)
from kiosk.view import look
from kiosk.visit import UNREACHABLE, Screen
from printers.base import PrinterState, PrinterStatus
from protocol.errors import REFUSALS
from protocol.replies import DoneReply, DossierReply, HallReply, KioskHabits, TicketReply
from protocol.words import Issuing
from tests.kiosk.halls import TOMORROW, booked, cao_bang, commune, doors, issued, snapshot
from tests.kiosk.real_halls import everyday, shipped

TOUCHES: st.SearchStrategy[Touch] = st.one_of(
    st.sampled_from(
        [Begin(), Back(), Home(), TryAgain(), TakePlace(), Search(), TakeNumber(), Stay(), PrintProcedure()]
    ),
    st.sampled_from([PrintAgain(), WriteNote(), KeepNote(), LeaveHelperMode(), EraseLetter(), ClearTyped()]),
    st.sampled_from([SwitchTelex(), OpenHelperMode("105", "1234")]),
    st.builds(TypeLetter, st.sampled_from("khaisnf 1[")),
    st.builds(TurnPage, st.integers(-1, 3)),
    st.builds(Speak, st.sampled_from(["vi", "en"])),
    st.builds(ChoosePurpose, st.sampled_from(["nop-ho-so", "nhan-ket-qua", "hoi", "nowhere"])),
    st.builds(ChooseAgency, st.sampled_from(["agency-0", "agency-15", "agency-3", "so-tu-phap", "nowhere"])),
    st.builds(ChooseService, st.sampled_from(["service-15-0", "service-15-1", "s0", "s1", "ho-tich", "nowhere"])),
    st.builds(ChooseField, st.sampled_from(["Hộ tịch", "Nuôi con nuôi", ""])),
    st.builds(ChooseProcedure, st.sampled_from(["1.001193", "1.000656", "nowhere"])),
    st.builds(ChooseClass, st.sampled_from(["ordinary", "elderly", "nobody"])),
    st.builds(ScanToken, st.sampled_from(["a-ticket", "a-place"])),
    st.builds(ScanDossier, st.sampled_from(["H14.21-260115-0007"])),
    st.builds(ScanPerson, st.sampled_from(["001190012345"])),
)
BUSY = replace(
    shipped("cao-bang"),
    purposes=[replace(each, by_code=each.purpose_id == "nhan-ket-qua") for each in shipped("cao-bang").purposes],
    services=[replace(each, asks_person=each.service_id == "hoi") for each in shipped("cao-bang").services],
    kiosk=KioskHabits(["vi", "en"], 10, 30, 0, 60, 10),
)
HAPPENINGS = st.one_of(
    TOUCHES,
    TOUCHES,
    st.sampled_from(["found", "dossier", "done", "answer"]),
    st.sampled_from(["answer", "place", "unreachable", "paper", "no paper", "lose", "return", "suspend"]),
    st.sampled_from(["cut_off", "quota_reached", "kiosk_suspended", *REFUSALS]),
    st.sampled_from(Issuing),
)
STEPS = st.lists(st.tuples(HAPPENINGS, st.sampled_from([0.0, 0.1, 0.5, 5.0, 50.0])), max_size=60)
HALLS = st.sampled_from([cao_bang(), commune(), BUSY])


def happen(flow: Flow, what: object, request_id: str, now: float) -> list[Effect]:
    """Let one thing happen."""
    asked = flow.visit.issue.request_id if flow.visit.issue else "none"
    question = flow.visit.query.request_id if flow.visit.query else "none"
    awaited = asked if question == "none" else question
    match what:
        case "found":
            return flow.answered(question, TicketReply(issued("s0").ticket, 10, ["c1"]), now)
        case "dossier":
            return flow.answered(question, DossierReply("H14", "ready", "nhan-ket-qua"), now)
        case "done":
            return flow.answered(question, DoneReply(), now)
        case "answer":
            return flow.issued(asked, issued("s0"), now)
        case "place":
            return flow.booked(asked, booked("s0"), now)
        case Issuing():
            flow.hall.take_snapshot(doors(flow.hall.hall or cao_bang(), everywhere=what))
        case str(code) if code in REFUSALS:
            return flow.refused(awaited, code, {"opens_at": TOMORROW.isoformat()}, now)
        case "suspend":
            flow.hall.suspend("")
        case "unreachable":
            return flow.refused(awaited, UNREACHABLE, {}, now)
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


FINDER = Finder()
"""One for all: what it knows does not change."""


def fresh(hall: HallReply, settle_seconds: float = SETTLE_SECONDS) -> Flow:
    """A kiosk that knows its hall."""
    known = HallNow()
    known.take_hall(hall)
    if hall.purposes:
        known.take_procedures(everyday("cao-bang"))
        known.take_snapshot(snapshot(hall))
    flow = Flow(known, settle_seconds=settle_seconds)
    flow.finder = FINDER
    return flow


@settings(max_examples=200, deadline=None)
@given(HALLS, STEPS)
def test_a_visit_asks_for_no_second_number_unless_the_first_was_refused_and_prints_once(
    hall: HallReply, steps: list[tuple[object, float]]
) -> None:
    now, flow = 100.0, fresh(hall)
    visits: dict[int, list[Effect]] = {}
    kept = []  # so that no visit gets the identity of an earlier one
    refused: set[str] = set()
    for at, (what, seconds) in enumerate(steps):
        now += seconds
        flow.tick(now)
        kept.append(flow.visit)
        if what in REFUSALS and flow.screen is Screen.ISSUING and flow.visit.issue and flow.visit.query is None:
            refused.add(flow.visit.issue.request_id)
        effects = happen(flow, what, f"request-{at}", now)
        visits.setdefault(id(kept[-1]), []).extend(effects)
    for effects in visits.values():
        assert len({effect.request_id for effect in effects if isinstance(effect, Issue)} - refused) <= 1
        papers = [effect for effect in effects if isinstance(effect, Print) and effect.slip_id != LEAFLET]
        assert len([paper for paper in papers if not paper.reprint]) <= 1
        assert len(papers) <= 3


@settings(max_examples=200, deadline=None)
@given(HALLS, STEPS)
def test_every_way_ends_at_the_first_screen(hall: HallReply, steps: list[tuple[object, float]]) -> None:
    now, flow = 100.0, fresh(hall)
    for at, (what, seconds) in enumerate(steps):
        now += seconds
        happen(flow, what, f"request-{at}", now)
        flow.tick(now)
    happen(flow, "return", "", now)
    happen(flow, "numbers_exhausted", "", now)
    flow.tick(now + 60.0)
    flow.tick(now + 60.0 + HELPER_SECONDS)
    assert (flow.screen, flow.helper, flow.visit.keys) == (Screen.IDLE, None, "")
    assert flow.visit.language == "vi"


@settings(max_examples=120, deadline=None)
@given(HALLS, STEPS, st.sampled_from(PrinterState))
def test_every_state_can_be_shown(hall: HallReply, steps: list[tuple[object, float]], state: PrinterState) -> None:
    now, flow = 100.0, fresh(hall, settle_seconds=0)
    for at, (what, seconds) in enumerate(steps):
        now += seconds
        happen(flow, what, f"request-{at}", now)
        view = look(flow, PrinterStatus(state), now)
        assert view.screen is flow.screen
        assert view.title
