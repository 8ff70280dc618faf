"""A screen that is said: its sentences, and its choices one after the other with three keys."""

from dataclasses import replace

import pytest

from config.texts import languages
from kiosk.guide import Guidance, Reader, guidance
from kiosk.stages import Screen
from kiosk.tiles import Tile
from kiosk.touches import Back, Begin, ChooseService, Home, Speak, TurnPage
from kiosk.view import Frame, View

FRAME = Frame(
    hall_name="Trung tâm",
    hall_address="",
    clock="08:12",
    date="Thứ Hai, 12/01/2026",
    language="vi",
    languages=(("vi", "Tiếng Việt"), ("en", "English")),
    help="Cần hỗ trợ",
    seconds_left="",
    share_left=0.0,
    back="",
    home="",
    pages=("", "", ""),
)
WAYS = replace(FRAME, back="Quay lại", home="Trang đầu", pages=("Trang trước", "2/3", "Trang sau"))
SERVICES = View(
    Screen.SERVICE,
    WAYS,
    title="Chọn dịch vụ",
    more="Quý khách cần làm thủ tục gì?",
    tiles=(
        Tile(ChooseService("a"), "Hộ tịch", "4 người chờ", "10–15 phút"),
        Tile(ChooseService("b"), "Chứng thực", "Hết lượt hôm nay", muted=True),
    ),
    page=1,
    pages=3,
)
RESULT = View(
    Screen.RESULT,
    FRAME,
    title="Mời quý khách nhận phiếu bên dưới",
    more="Vui lòng theo dõi màn hình và loa gọi số.",
    chosen="SỐ THỨ TỰ CỦA QUÝ KHÁCH",
    chosen_name="Hộ tịch",
    number="A015",
    facts=(("Số người chờ trước", "4"), ("Nơi phục vụ", "Quầy 3")),
    button="Xong",
    means=Home(),
)
IDLE = View(Screen.IDLE, FRAME, title="Kính chào quý khách!", button="LẤY SỐ", means=Begin())


def choices(view: View) -> list[object]:
    return [choice.touch for choice in guidance(view).choices]


def test_all_that_is_to_be_read_is_said() -> None:
    said = " ".join(guidance(RESULT).sentences)
    for words in ("nhận phiếu", "SỐ THỨ TỰ CỦA QUÝ KHÁCH: A015.", "Hộ tịch.", "Số người chờ trước: 4.", "Quầy 3"):
        assert words in said


def test_every_sentence_ends_once() -> None:
    for view in (SERVICES, RESULT, IDLE):
        for sentence in guidance(view).sentences:
            assert sentence[-1] in ".!?"
            assert sentence[-2] not in ".!?"


def test_choices_come_in_the_order_of_the_screen_and_the_ways_back_last() -> None:
    service_a, service_b = ChooseService("a"), ChooseService("b")
    assert choices(SERVICES) == [service_a, service_b, TurnPage(2), TurnPage(0), Back(), Home()]


def test_the_first_screen_offers_a_number_before_another_language() -> None:
    assert choices(IDLE) == [Begin(), Speak("en")]
    assert "English" in guidance(IDLE).choices[1].said


def test_a_tile_says_who_waits_and_how_long() -> None:
    first, second, *_ = guidance(SERVICES).choices
    assert first.said == "Hộ tịch. 4 người chờ. 10–15 phút"
    assert second.said == "Chứng thực. Hết lượt hôm nay"


def test_next_goes_through_all_choices_and_begins_again() -> None:
    reader = Reader()
    reader.show(guidance(SERVICES))
    assert reader.touch is None
    heard = []
    for _ in range(7):
        reader.next()
        heard.append(reader.touch)
    assert heard == [*choices(SERVICES), ChooseService("a")]


def test_another_screen_is_said_and_begins_anew() -> None:
    reader = Reader()
    assert "Chọn dịch vụ" in reader.show(guidance(SERVICES))
    reader.next()
    said = reader.show(guidance(RESULT))
    assert "A015" in said
    assert reader.touch is None


def test_other_figures_of_who_waits_are_not_said_again_and_again() -> None:
    reader = Reader()
    reader.show(guidance(SERVICES))
    reader.next()
    busier = replace(SERVICES, tiles=(replace(SERVICES.tiles[0], waiting="9 người chờ"), SERVICES.tiles[1]))
    assert reader.show(guidance(busier)) == ""
    assert reader.touch == ChooseService("a")
    assert "9 người chờ" in reader.repeat()


@pytest.mark.parametrize("changed", [replace(RESULT, title="Không in được phiếu"), replace(RESULT, means=None)])
def test_what_becomes_of_the_paper_is_said(changed: View) -> None:
    reader = Reader()
    reader.show(guidance(RESULT))
    assert reader.show(guidance(changed))


def test_another_language_says_the_screen_again() -> None:
    reader = Reader()
    reader.show(guidance(IDLE))
    assert reader.show(guidance(replace(IDLE, frame=replace(FRAME, language="en"))))


def test_repeat_says_the_choice_or_the_whole_screen() -> None:
    reader = Reader()
    screen = reader.show(guidance(SERVICES))
    assert reader.repeat() == screen
    choice = reader.next()
    assert reader.repeat() == choice
    assert "Hộ tịch" in choice


@pytest.mark.parametrize("language", languages())
def test_the_keys_are_explained_by_how_many_choices_there_are(language: str) -> None:
    frame = replace(FRAME, language=language, languages=())
    none, one = View(Screen.ISSUING, frame, title="…"), replace(IDLE, frame=frame)
    said = {
        Reader().show(guidance(view)) for view in (none, one, replace(SERVICES, frame=replace(WAYS, language=language)))
    }
    assert len(said) == 3


def test_keys_before_any_screen_say_nothing() -> None:
    reader = Reader()
    assert (reader.next(), reader.repeat(), reader.touch) == ("", "", None)


def test_a_screen_without_choices_lets_one_wait() -> None:
    reader = Reader()
    waiting = reader.show(Guidance(Screen.ISSUING, "vi", ("Đang lấy số.",), ()))
    assert reader.next() == waiting
    assert reader.touch is None
