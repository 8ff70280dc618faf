"""What the screens say on the way to a service: purposes, words, procedures, codes, helpers, no server."""

import datetime as dt

import pytest
from msgspec.structs import replace

from kiosk.blocks import HeldBlock
from kiosk.flow import Flow
from kiosk.paging import LONGEST_ON_A_TILE, Page, pages_of, shortened
from kiosk.stages import Screen
from kiosk.touches import (
    Begin,
    ChooseClass,
    ChooseProcedure,
    ChoosePurpose,
    ChooseService,
    Home,
    LeaveHelperMode,
    OpenHelperMode,
    PrintAgain,
    PrintProcedure,
    ScanDossier,
    ScanToken,
    Search,
    Speak,
    Stay,
    SwitchTelex,
    TakeNumber,
    Touch,
    WriteNote,
)
from kiosk.view import View, look
from printers.base import PrinterState, PrinterStatus
from protocol.replies import DoneReply, DossierReply, TicketReply
from protocol.views import QueueInfo
from protocol.words import Issuing, TicketState
from tests.kiosk.halls import DAY, commune, doors, issued
from tests.kiosk.real_halls import crowded, everyday, flow_of, shipped
from tests.kiosk.test_flow_finding import BIRTH, province, touch, type_in
from tests.kiosk.test_flow_helping import helping, take, without_paper

READY = PrinterStatus(PrinterState.READY)
OUT = PrinterStatus(PrinterState.PAPER_OUT)


def seen(flow: Flow, printer: PrinterStatus = READY) -> View:
    return look(flow, printer, 100.0)


def searched(letters: str, *then: Touch) -> Flow:
    """A citizen who typed something, and went on from there."""
    flow = province()
    touch(flow, Search())
    type_in(flow, letters)
    touch(flow, *then)
    return flow


# ---- the first screen, purposes ----


def test_the_first_screen_offers_a_search_where_there_is_something_to_find() -> None:
    [search] = seen(province()).others
    assert (search.touch, search.name) == (Search(), "Tìm thủ tục")
    assert seen(flow_of(commune())).others == ()


def test_purposes_have_pictures_and_say_who_waits() -> None:
    flow = province()
    touch(flow, Begin())
    view = seen(flow)
    assert [tile.pictogram for tile in view.tiles] == ["dossier", "result", "stamp", "question"]
    assert view.tiles[0].waiting == ""
    assert view.tiles[2].waiting == "28 người chờ"


def test_a_purpose_that_gives_no_numbers_says_so_before_the_touch() -> None:
    hall = shipped("cao-bang")
    flow = flow_of(hall, told=doors(hall, chung_thuc=Issuing.CUT_OFF))
    touch(flow, Begin())
    tile = next(tile for tile in seen(flow).tiles if tile.touch == ChoosePurpose("chung-thuc"))
    assert (tile.waiting, tile.muted) == ("Hết lượt hôm nay", True)


def test_who_gets_no_number_sees_when_and_what_else() -> None:
    hall = shipped("cao-bang")
    flow = flow_of(hall, told=doors(hall, chung_thuc=Issuing.CUT_OFF))
    touch(flow, Begin(), ChoosePurpose("chung-thuc"))
    view = seen(flow)
    assert view.facts == (("Cấp số trở lại", "07:30, Thứ Ba 13/01"),)
    assert [tile.touch for tile in view.others] == [ChoosePurpose("nhan-ket-qua"), ChoosePurpose("hoi")]


# ---- words ----


def test_hits_mark_the_words_that_fit() -> None:
    view = seen(searched("khai sinh"))
    tile = next(tile for tile in view.tiles if tile.touch == ChooseProcedure(BIRTH))
    assert [tile.name[first:last] for first, last in tile.marks] == ["khai", "sinh"]
    assert (view.typed, view.title) == ("khai sinh", "")


def test_what_people_say_stands_under_what_it_found() -> None:
    assert "sổ đỏ" in seen(searched("so do")).tiles[0].waiting


def test_nothing_typed_and_nothing_found_say_what_to_do() -> None:
    assert seen(searched("")).title == "Quý khách cần làm thủ tục gì?"
    assert seen(searched("qqqqq")).title == "Không tìm thấy thủ tục nào"


def test_a_guess_is_called_one() -> None:
    view = seen(searched("khai sihn"))
    assert view.tiles
    assert view.more.startswith("Không có thủ tục khớp hẳn")


def muted(view: View) -> set[str]:
    return {key.text for row in view.keys for key in row if key.muted}


def test_keys_that_find_nothing_are_muted_but_not_those_that_set_an_accent() -> None:
    assert muted(seen(searched(""))) == set()
    plain = searched("khai sin", SwitchTelex())
    assert "s" in muted(seen(plain))
    assert "h" not in muted(seen(plain))
    assert "s" not in muted(seen(searched("khai tu")))


def test_every_row_of_the_keyboard_is_at_most_ten_keys_wide() -> None:
    assert all(sum(key.width for key in row) <= 10 for row in seen(searched("")).keys)
    assert {key.text for key in seen(searched("")).keys[-1]} == {"Gõ dấu", "Dấu cách", "Xóa hết"}


# ---- the page of a procedure ----


def test_a_procedures_page_tells_all_that_is_published_and_who_waits() -> None:
    view = seen(searched("khai sinh", ChooseProcedure(BIRTH)))
    facts = dict(view.facts)
    assert (view.title, facts["Mã thủ tục"], facts["Cơ quan"]) == ("Thủ tục đăng ký khai sinh", BIRTH, "Sở Tư pháp")
    assert (facts["Lĩnh vực"], facts["Nơi phục vụ"], facts["Phí, lệ phí"]) == (
        "Hộ tịch",
        "Quầy 6, Quầy 7",
        "Hỏi tại quầy",
    )
    assert view.papers
    assert (view.means, view.button_more) == (TakeNumber(), "21 người chờ · 63–108 phút")
    assert [tile.touch for tile in view.others] == [PrintProcedure()]


def test_where_no_paper_would_come_none_is_offered() -> None:
    assert seen(searched("khai sinh", ChooseProcedure(BIRTH)), OUT).others == ()


def test_what_became_of_the_leaflet_is_said_in_its_place() -> None:
    flow = searched("khai sinh", ChooseProcedure(BIRTH), PrintProcedure())
    assert seen(flow).others[0].name.startswith("Đang in tờ hướng dẫn")
    flow.printed(-1, "failed", 101.0)
    assert seen(flow).others[0].name.startswith("Không in được tờ hướng dẫn")


def test_a_procedure_of_a_door_that_is_shut_says_so_before_the_touch() -> None:
    flow = searched("khai sinh", ChooseProcedure(BIRTH))
    flow.hall.take_snapshot(doors(shipped("cao-bang"), ho_tich=Issuing.CUT_OFF))
    view = seen(flow)
    assert (view.muted, view.button_more) == (True, "Hết lượt hôm nay · Chạm để xem")


def test_more_papers_than_fit_are_counted() -> None:
    long = replace(everyday("cao-bang")[0], code="1.000001", papers=[f"Giấy tờ số {at}" for at in range(40)])
    flow = flow_of(shipped("cao-bang"), (long,))
    flow.visit.screen, flow.visit.procedure_code = Screen.PROCEDURE, "1.000001"
    papers = seen(flow).papers
    assert len(papers) < 20
    assert papers[-1] == f"… và {40 - len(papers) + 1} giấy tờ khác: xem trên tờ hướng dẫn in ra."


# ---- how much fits ----


def test_pages_hold_what_fits_and_miss_nothing() -> None:
    assert pages_of([], 9, 10) == [Page(0, 0)]
    assert pages_of([1, 1, 1], 2, 10) == [Page(0, 2), Page(2, 3)]
    assert pages_of([6, 5, 4, 20, 1], 9, 10) == [Page(0, 1), Page(1, 3), Page(3, 4), Page(4, 5)]


def test_a_very_long_name_ends_at_a_word_on_its_tile() -> None:
    name = "chuyển nhượng " * 60
    assert len(shortened(name)) <= LONGEST_ON_A_TILE + 1
    assert shortened(name).endswith(("chuyển…", "nhượng…"))
    assert shortened("Khai sinh") == "Khai sinh"


# ---- many wait, codes ----


def test_how_many_wait_is_said_before_the_number() -> None:
    flow = flow_of(shipped("cao-bang"), told=crowded(shipped("cao-bang"), "nhan-ket-qua", 64))
    touch(flow, Begin(), ChoosePurpose("nhan-ket-qua"))
    view = seen(flow)
    assert view.title == "Có 64 người đang chờ"
    assert view.facts == (("Thời gian chờ dự kiến", "192–320 phút"),)
    assert (view.means, view.others[0].touch) == (Stay(), Home())


@pytest.mark.parametrize("state", list(TicketState))
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_ticket_that_is_scanned_says_how_it_stands(state: TicketState, language: str) -> None:
    flow = flow_of(commune())
    touch(flow, Speak(language), ScanToken("of-my-ticket"))
    ticket = replace(issued("s1").ticket, state=state, people_ahead=3, counter_id="c2")
    assert flow.visit.query is not None
    flow.answered(flow.visit.query.request_id, TicketReply(ticket, 10, ["c1"]), 100.0)
    view = seen(flow)
    assert (view.number, bool(view.title), bool(view.more)) == ("A015", True, True)
    waits = ("Số người chờ trước" if language == "vi" else "People ahead of you", "3") in view.facts
    assert waits is (state is TicketState.WAITING)


@pytest.mark.parametrize(
    ("reply", "title", "button"),
    [
        (DossierReply("H14", "ready", "nhan-ket-qua"), "Đã có kết quả", "LẤY SỐ NHẬN KẾT QUẢ"),
        (DossierReply("H14", "not_ready", due_on=dt.date(2026, 1, 22)), "Chưa có kết quả", "Xong"),
        (DossierReply("H14", "unknown"), "Không tìm thấy hồ sơ này", "Xong"),
    ],
)
def test_a_receipt_that_is_scanned_says_what_to_do(reply: DossierReply, title: str, button: str) -> None:
    flow = province()
    touch(flow, ScanDossier("H14"))
    assert seen(flow).title == "Đang tra cứu…"
    assert flow.visit.query is not None
    flow.answered(flow.visit.query.request_id, reply, 100.0)
    view = seen(flow)
    assert (view.title, view.button) == (title, button)
    assert (("Ngày hẹn trả", "22/01/2026") in view.facts) is (reply.due_on is not None)


def test_who_comes_too_early_learns_from_when_on_to_come() -> None:
    flow = flow_of(commune())
    touch(flow, ScanToken("of-a-place"))
    assert flow.visit.query is not None
    [issue] = flow.refused(flow.visit.query.request_id, "invalid_token", {}, 100.0)
    flow.refused(issue.request_id, "too_early", {"from": "07:30"}, 100.0)  # type: ignore[union-attr]
    assert seen(flow).more.endswith("từ 07:30. Khi đến giờ, quý khách đưa lại mã này trước máy quét.")


# ---- staff ----


def test_the_screens_say_that_staff_take_numbers_for_others() -> None:
    flow = helping()
    touch(flow, ChooseClass("elderly"))
    view = seen(flow)
    assert view.notice == "CÁN BỘ ĐANG LẤY SỐ HỘ"
    assert [tile.touch for tile in view.classes if tile.on] == [ChooseClass("elderly")]
    assert [tile.touch for tile in view.others] == [WriteNote(), Search(), LeaveHelperMode()]
    take(flow, "ho-tich", 101.0)
    assert seen(flow).button == "Lấy số tiếp theo"
    touch(flow, Home(), now=104.0)
    assert seen(flow).more == "Đã lấy: A015"
    touch(flow, Search(), now=105.0)
    assert "CÁN BỘ" in seen(flow).notice


def test_only_who_is_let_in_sees_the_helpers_screen() -> None:
    flow = flow_of(commune())
    touch(flow, OpenHelperMode("105", "1234"))
    assert seen(flow).screen is Screen.ASKING
    flow.answered("request-0", DoneReply(), 100.0)
    assert seen(flow).screen is Screen.HELPER


def test_what_was_refused_is_named() -> None:
    flow = flow_of(commune())
    touch(flow, OpenHelperMode("105", "0000"))
    flow.refused("request-0", "wrong_pin", {}, 100.0)
    assert seen(flow).title == "Chưa mở được chế độ lấy số hộ"
    touch(flow, Home(), ScanDossier("H14"))
    assert flow.visit.query is not None
    flow.refused(flow.visit.query.request_id, "no_dossiers", {}, 100.0)
    assert seen(flow).title == "Chưa tra cứu được"


def test_printing_again_is_offered_where_it_could_help() -> None:
    flow = without_paper()
    assert [tile.touch for tile in seen(flow).others] == [PrintAgain()]
    assert seen(flow, OUT).others == ()
    assert seen(flow, OUT).code


# ---- the server is away ----


@pytest.fixture
def alone() -> Flow:
    """A kiosk whose server is away, and that gives numbers by itself."""
    flow = flow_of(replace(commune(), queues=[QueueInfo("a", "A", 3)]))
    flow.hall.take_blocks([HeldBlock(1, "a", DAY, 100, 300, "00" * 16)])
    flow.hall.lose()
    return flow


def test_without_the_server_the_screens_say_that_nobody_knows_how_many_wait(alone: Flow) -> None:
    view = seen(alone)
    assert (view.chosen_waiting, view.notice.startswith("Máy chủ tạm mất kết nối")) == ("Chưa rõ số người chờ", True)
    touch(alone, Begin())
    tile = seen(alone).tiles[0]
    assert (tile.waiting, tile.span) == ("Chưa rõ số người chờ", "")


def test_a_number_given_without_the_server_says_that_its_wait_is_not_known(alone: Flow) -> None:
    [issue] = touch(alone, Begin(), ChooseService("s1"), ChooseClass("ordinary"))
    reply = issued("s1")
    reply = replace(reply, ticket=replace(reply.ticket, people_ahead=None, wait_low_minutes=None))
    [printing] = alone.issued(issue.request_id, reply, 100.0)  # type: ignore[union-attr]
    view = seen(alone)
    assert [value for _, value in view.facts[:2]] == ["Chưa ước tính được", "Chưa ước tính được"]
    assert view.notice.startswith("Số có hiệu lực")
    assert printing.paper.offline  # type: ignore[union-attr]
