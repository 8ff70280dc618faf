"""Three ways to a service that meet: what one comes for, tiles, and words; and the page of a procedure."""

import pytest
from msgspec.structs import replace

from kiosk.flow import Flow
from kiosk.flow.searching import typed
from kiosk.stages import CHOOSING_SECONDS, Screen
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
    Issue,
    Print,
    PrintProcedure,
    Search,
    Stay,
    SwitchTelex,
    TakeNumber,
    Touch,
    TypeLetter,
)
from printers.papers import ProcedurePaper
from protocol.commands import IssueTicket
from protocol.views import ProcedureInfo
from protocol.words import Issuing
from tests.kiosk.halls import CLASSES, cao_bang, commune, doors, issued, snapshot
from tests.kiosk.real_halls import crowded, everyday, flow_of, shipped

BIRTH = "1.001193"
CERTIFIED = "2.000815"


def province() -> Flow:
    """A kiosk of Cao Bằng with the everyday procedures."""
    return flow_of(shipped("cao-bang"), everyday("cao-bang"))


def touch(flow: Flow, *touches: Touch, now: float = 100.0) -> list[Effect]:
    """Touch one after the other, each with its own request_id."""
    effects: list[Effect] = []
    for at, what in enumerate(touches):
        effects += flow.touch(what, f"request-{at}", now)
    return effects


def type_in(flow: Flow, letters: str) -> None:
    touch(flow, *(TypeLetter(letter) for letter in letters))


# ---- what one comes for ----


def test_a_hall_that_lists_purposes_asks_for_one_first() -> None:
    flow = province()
    touch(flow, Begin())
    assert flow.screen is Screen.PURPOSE
    assert flow.choices()[:2] == [ChoosePurpose("nop-ho-so"), ChoosePurpose("nhan-ket-qua")]


def test_a_purpose_of_one_service_leads_straight_on() -> None:
    flow = province()
    effects = touch(flow, Begin(), ChoosePurpose("nhan-ket-qua"), ChooseClass("ordinary"))
    assert effects == [Issue("request-2", IssueTicket("nhan-ket-qua", "ordinary", "vi"))]


def test_a_purpose_of_some_services_offers_only_these_and_leads_straight_on() -> None:
    hall = shipped("cao-bang")
    some = replace(hall.purposes[1], service_ids=["chung-thuc", "ho-tich"])
    flow = flow_of(replace(hall, purposes=[some]), everyday("cao-bang"))
    touch(flow, Begin(), ChoosePurpose("nhan-ket-qua"))
    assert set(flow.choices()) == {ChooseService("ho-tich"), ChooseService("chung-thuc")}
    touch(flow, ChooseService("chung-thuc"))
    assert flow.screen is Screen.PRIORITY


def test_a_purpose_without_services_leads_to_everything() -> None:
    flow = province()
    touch(flow, Begin(), ChoosePurpose("nop-ho-so"))
    assert flow.screen is Screen.AGENCY


def test_a_purpose_whose_services_the_hall_does_not_have_is_not_offered() -> None:
    hall = shipped("cao-bang")
    flow = flow_of(replace(hall, purposes=[replace(hall.purposes[1], service_ids=["gone"])]))
    touch(flow, Begin())
    assert flow.screen is Screen.AGENCY


def test_back_forgets_the_purpose() -> None:
    flow = province()
    touch(flow, Begin(), ChoosePurpose("nhan-ket-qua"), Back())
    assert (flow.screen, flow.visit.purpose_id, flow.visit.service_id) == (Screen.PURPOSE, None, None)


# ---- tiles ----


def test_a_service_with_procedures_shows_them_and_a_number_can_be_taken_at_once() -> None:
    flow = province()
    touch(flow, Begin(), ChoosePurpose("nop-ho-so"), ChooseAgency("so-tu-phap"), ChooseService("chung-thuc"))
    assert flow.screen is Screen.PROCEDURES
    assert ChooseProcedure(CERTIFIED) in flow.choices()
    [effect] = touch(flow, TakeNumber(), ChooseClass("ordinary"))
    assert effect == Issue("request-1", IssueTicket("chung-thuc", "ordinary", "vi"))


def test_a_service_with_many_procedures_shows_their_fields_first() -> None:
    flow = province()
    touch(flow, Begin(), ChoosePurpose("nop-ho-so"), ChooseAgency("so-tu-phap"), ChooseService("ho-tich"))
    assert flow.visit.screen is Screen.FIELD
    touch(flow, ChooseField("Nuôi con nuôi"))
    assert flow.screen is Screen.PROCEDURES
    assert all(found.field == "Nuôi con nuôi" for found in everyday("cao-bang") if chosen(flow, found))
    touch(flow, Back())
    assert (flow.screen, flow.visit.field_name) == (Screen.FIELD, None)


def chosen(flow: Flow, found: ProcedureInfo) -> bool:
    return ChooseProcedure(found.code) in flow.choices()


def test_a_service_without_procedures_needs_no_further_choice() -> None:
    flow = province()
    office = ("van-phong-uy-ban-nhan-dan-tinh", "huong-dan")
    touch(flow, Begin(), ChoosePurpose("nop-ho-so"), ChooseAgency(office[0]), ChooseService(office[1]))
    assert flow.screen is Screen.PRIORITY


def test_the_most_used_come_first_everywhere() -> None:
    hall = shipped("cao-bang")
    services = [replace(found, uses=50 if found.service_id == "dat-dai" else 0) for found in hall.services]
    procedures = tuple(replace(found, uses=9 if found.code == "1.000656" else 0) for found in everyday("cao-bang"))
    flow = flow_of(replace(hall, services=services), procedures)
    touch(flow, Begin(), ChoosePurpose("nop-ho-so"))
    assert flow.choices()[0] == ChooseAgency("so-tai-nguyen-va-moi-truong")
    touch(flow, ChooseAgency("so-tu-phap"), ChooseService("ho-tich"), ChooseField("Hộ tịch"))
    assert flow.choices()[0] == ChooseProcedure("1.000656")


@pytest.mark.parametrize("hall", ["cao-bang", "xa", "quang-nam"])
def test_no_page_has_more_than_nine_choices_and_all_pages_together_have_everything(hall: str) -> None:
    flow = flow_of(shipped(hall), everyday(hall))
    touch(flow, Begin(), ChoosePurpose("nop-ho-so"))
    for service in flow.hall.services():
        flow.visit.screen, flow.visit.service_id, flow.visit.field_name = Screen.PROCEDURES, service.service_id, None
        seen: list[Touch] = []
        for page in range(flow.pages()):
            flow.visit.page = page
            assert len(flow.on_page()) <= 9
            seen += flow.on_page()
        assert seen == flow.choices()


def test_a_hall_without_a_catalogue_goes_from_service_to_number() -> None:
    flow = flow_of(commune())
    touch(flow, Begin(), ChooseService("s1"))
    assert flow.screen is Screen.PRIORITY


def test_without_procedures_there_is_nothing_to_search() -> None:
    flow = flow_of(commune())
    touch(flow, Search())
    assert flow.screen is Screen.IDLE


# ---- words ----


def test_any_procedure_is_three_touches_away_after_typing() -> None:
    flow = province()
    touch(flow, Search())
    type_in(flow, "khai sinh")
    [effect] = touch(flow, ChooseProcedure(BIRTH), TakeNumber(), ChooseClass("ordinary"))
    assert effect == Issue("request-2", IssueTicket("ho-tich", "ordinary", "vi", procedure_code=BIRTH))


def test_what_people_say_finds_the_procedure_too() -> None:
    flow = province()
    touch(flow, Search())
    type_in(flow, "so do")
    assert any("Giấy chứng nhận quyền sử dụng đất" in hit.procedure.name for hit in flow.hits()[:3])


def test_accents_are_typed_by_telex_and_can_be_switched_off() -> None:
    flow = province()
    touch(flow, Search())
    type_in(flow, "ddaats")
    assert typed(flow.visit) == "đất"
    touch(flow, EraseLetter())
    assert typed(flow.visit) == "đấ"
    touch(flow, SwitchTelex())
    assert typed(flow.visit) == "đấ"
    type_in(flow, "ts")
    assert typed(flow.visit) == "đấts"
    touch(flow, SwitchTelex(), ClearTyped())
    assert typed(flow.visit) == ""


def test_a_word_begins_after_one_space_and_what_is_too_long_takes_no_more() -> None:
    flow = province()
    touch(flow, Search())
    type_in(flow, "  a  b")
    assert typed(flow.visit) == "a b"
    type_in(flow, "n" * 100)
    assert len(typed(flow.visit)) == 60


@pytest.mark.parametrize("odd", ["", "ab", "\n", "[", "ß", "\x00"])
def test_only_keys_of_the_keyboard_type(odd: str) -> None:
    flow = province()
    touch(flow, Search(), TypeLetter(odd))
    assert flow.visit.keys == ""


def test_another_letter_shows_the_first_page_of_what_it_finds() -> None:
    flow = province()
    touch(flow, Search())
    type_in(flow, "dang ky")
    flow.visit.page = flow.pages() - 1
    type_in(flow, " k")
    assert flow.page() == 0


def test_typed_words_are_gone_with_the_citizen() -> None:
    flow = province()
    touch(flow, Search(), now=100.0)
    touch(flow, TypeLetter("k"), now=130.0)
    assert flow.seconds_left(130.0) == CHOOSING_SECONDS
    flow.tick(130.0 + CHOOSING_SECONDS)
    assert (flow.screen, flow.visit.keys) == (Screen.IDLE, "")


def test_back_from_a_procedure_leads_to_what_was_found() -> None:
    flow = province()
    touch(flow, Search())
    type_in(flow, "khai sinh")
    touch(flow, ChooseProcedure(BIRTH), Back())
    assert (flow.screen, typed(flow.visit), flow.visit.procedure_code) == (Screen.SEARCH, "khai sinh", None)


def test_a_new_search_begins_empty() -> None:
    flow = province()
    touch(flow, Search())
    type_in(flow, "khai sinh")
    touch(flow, Back(), Search())
    assert flow.visit.keys == ""


def test_what_was_not_found_cannot_be_chosen() -> None:
    flow = province()
    touch(flow, Search())
    type_in(flow, "khai sinh")
    touch(flow, ChooseProcedure(CERTIFIED))
    assert flow.screen is Screen.SEARCH


# ---- the page of a procedure ----


def on_page_of(code: str = BIRTH, flow: Flow | None = None) -> Flow:
    flow = flow or province()
    touch(flow, Search())
    type_in(flow, "khai sinh")
    touch(flow, ChooseProcedure(code))
    assert flow.screen is Screen.PROCEDURE
    return flow


def test_what_a_procedure_needs_can_be_printed_and_is_no_ticket() -> None:
    flow = on_page_of()
    [effect] = touch(flow, PrintProcedure())
    assert isinstance(effect, Print)
    assert isinstance(effect.paper, ProcedurePaper)
    assert (effect.slip_id, effect.paper.code, effect.paper.counters) == (LEAFLET, BIRTH, ("Quầy 6", "Quầy 7"))
    assert effect.paper.papers
    assert touch(flow, PrintProcedure()) == []
    flow.printed(LEAFLET, "printed", 101.0)
    assert flow.visit.leaflet == "printed"
    [issue] = touch(flow, TakeNumber(), ChooseClass("ordinary"))
    assert isinstance(issue, Issue)


def test_one_citizen_does_not_empty_the_roll_with_leaflets() -> None:
    flow = province()
    touch(flow, Search())
    type_in(flow, "khai sinh")
    codes = [hit.procedure.code for hit in flow.hits()]
    effects = [effect for code in codes for effect in touch(flow, ChooseProcedure(code), PrintProcedure(), Back())]
    assert len(effects) == 3 < len(codes)


def test_the_paper_of_a_procedure_that_comes_late_is_not_taken_for_the_numbers() -> None:
    flow = on_page_of()
    touch(flow, PrintProcedure())
    [issue] = touch(flow, TakeNumber(), ChooseClass("ordinary"))
    assert isinstance(issue, Issue)
    flow.issued(issue.request_id, issued("ho-tich"), 101.0)
    flow.printed(LEAFLET, "failed", 102.0)
    assert flow.visit.paper is None


def test_a_procedure_that_the_hall_no_longer_has_gives_no_number() -> None:
    flow = on_page_of()
    flow.hall.take_procedures(())
    assert touch(flow, TakeNumber(), PrintProcedure()) == []


# ---- many wait ----


def test_with_many_waiting_it_is_asked_whether_to_stay() -> None:
    flow = flow_of(shipped("cao-bang"), everyday("cao-bang"), crowded(shipped("cao-bang"), "nhan-ket-qua", 31))
    touch(flow, Begin(), ChoosePurpose("nhan-ket-qua"))
    assert flow.screen is Screen.STAY
    assert touch(flow, ChooseClass("ordinary")) == []
    assert len(touch(flow, Stay(), Back(), Stay(), ChooseClass("elderly"))) == 1


@pytest.mark.parametrize(("above", "asks"), [(30, False), (29, True), (0, False)])
def test_who_is_asked_is_the_halls_choice(above: int, asks: bool) -> None:
    hall = shipped("cao-bang")
    assert hall.kiosk is not None
    hall = replace(hall, kiosk=replace(hall.kiosk, ask_above=above))
    flow = flow_of(hall, told=crowded(hall, "nhan-ket-qua", 30))
    touch(flow, Begin(), ChoosePurpose("nhan-ket-qua"))
    assert (flow.screen is Screen.STAY) is asks


def test_staying_is_asked_also_where_no_class_is() -> None:
    hall = replace(shipped("cao-bang"), classes=CLASSES[:1])
    flow = flow_of(hall, told=crowded(hall, "nhan-ket-qua", 31))
    assert len(touch(flow, Begin(), ChoosePurpose("nhan-ket-qua"), Stay())) == 1


# ---- what else ----


def test_who_gets_no_number_is_offered_what_else_gives_some() -> None:
    hall = shipped("cao-bang")
    flow = flow_of(hall, everyday("cao-bang"), doors(hall, chung_thuc=Issuing.QUOTA))
    touch(flow, Begin(), ChoosePurpose("chung-thuc"))
    assert flow.screen is Screen.NO_NUMBER
    touch(flow, ChoosePurpose("hoi"))
    assert (flow.screen, flow.visit.service_id) == (Screen.PRIORITY, "huong-dan")


def test_every_service_of_every_shipped_hall_is_reached_by_tiles() -> None:
    for name in ("cao-bang", "xa", "quang-nam"):
        for service in shipped(name).services:
            assert reaches(flow_of(shipped(name), everyday(name)), service.service_id, service.agency_id)


def reaches(flow: Flow, service_id: str, agency_id: str) -> bool:
    """Whether tiles lead to a number of the service."""
    touch(flow, Begin(), ChoosePurpose("nop-ho-so"), ChooseAgency(agency_id), ChooseService(service_id), TakeNumber())
    return len(touch(flow, ChooseClass("ordinary"))) == 1


def test_the_province_of_the_other_tests_has_no_procedures_and_asks_nothing_more() -> None:
    flow = flow_of(cao_bang(), told=snapshot(cao_bang()))
    touch(flow, Begin(), ChooseAgency("agency-15"), ChooseService("service-15-0"))
    assert flow.screen is Screen.PRIORITY
