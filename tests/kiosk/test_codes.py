"""What is held before the scanner: codes of the hall, of dossiers and of identity cards; garbage means nothing."""

import logging

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kiosk.codes import LONGEST, meaning
from kiosk.touches import ScanDossier, ScanPerson, ScanToken

URL = "http://192.168.1.10:8080"
TOKEN = "AAAAAAAK1x9_Zq-3bC4dE5fG6hI7jK"
LONG_TOKEN = "AAAAAAAKAAAAAf9_Zq-3bC4dE5fG6hI7jKw"
CARD = "004188012345|080123456|Nông Thị Hòa|01021988|Nữ|Tổ 5, phường Thục Phán, tỉnh Cao Bằng|15082021"


@pytest.mark.parametrize("token", [TOKEN, LONG_TOKEN])
@pytest.mark.parametrize("host", [URL, "http://10.0.0.7", "https://motcua.caobang.gov.vn"])
def test_a_paper_of_the_hall_is_known_by_its_page_also_under_another_host_name(token: str, host: str) -> None:
    assert meaning(f"{host}/t/{token}", URL) == ScanToken(token)
    assert meaning(f"{host}/t/{token}?lang=en\r\n".encode(), URL) == ScanToken(token)
    assert meaning(f"]Q1{host}/t/{token}/\r", URL) == ScanToken(token)


@pytest.mark.parametrize(
    "link",
    [
        f"{URL}/t/{TOKEN}x",
        f"{URL}/t/{TOKEN[:-1]}",
        f"{URL}/t/{TOKEN[:-1]}$",
        f"{URL}/desk/{TOKEN}",
        f"{URL}.evil.example/x/t/{TOKEN}",
        f"ftp://hall/t/{TOKEN}",
        f"https://evil.example/a/t/{TOKEN}",
        TOKEN,
        "https://vi.wikipedia.org/wiki/Cao_Bằng",
    ],
)
def test_other_links_mean_nothing(link: str) -> None:
    assert meaning(link, URL) is None


@pytest.mark.parametrize(
    ("scan", "code"),
    [
        ("000.00.14.H14-200930-0001", "000.00.14.H14-200930-0001"),
        ("H14.21-260115-0007\r", "H14.21-260115-0007"),
        ("\tH14.21-260115-0007\t\r\n", "H14.21-260115-0007"),
        ("h14.21.a5-260115-00012", "H14.21.A5-260115-00012"),
        ("H14-260115-0007", "H14-260115-0007"),
        ("03706/2026/07906", "03706/2026/07906"),
        ("Mã hồ sơ: H14.21-260115-0007", "H14.21-260115-0007"),
        ("https://dichvucong.gov.vn/tra-cuu?maHoSo=000.00.14.H14-200930-0001&x=1", "000.00.14.H14-200930-0001"),
        ("https://dichvucong.caobang.gov.vn/hoso/H14.21%2D260115%2D0007", "H14.21-260115-0007"),
        ("H14.21 - 260115 - 0007", "H14.21-260115-0007"),
        ("H14.21–260115–0007", "H14.21-260115-0007"),
    ],
)
def test_a_dossier_is_known_by_its_code_alone_or_in_a_link(scan: str, code: str) -> None:
    assert meaning(scan, URL) == ScanDossier(code)
    assert meaning(scan.encode(), URL) == ScanDossier(code)


def test_full_width_letters_are_made_plain() -> None:
    assert meaning("Ｈ１４．２１－２６０１１５－０００７", URL) == ScanDossier("H14.21-260115-0007")


@pytest.mark.parametrize(
    ("typed", "came"),
    [
        ("D91-260115-0007", "Đ1-260115-0007"),  # VNI
        ("W14-260115-0007", "Ư14-260115-0007"),  # Telex
    ],
)
def test_what_an_input_method_composed_is_undone(typed: str, came: str) -> None:
    assert meaning(came, URL) == ScanDossier(typed)


def test_a_link_beside_composed_letters_is_found() -> None:
    assert meaning("Mã số hồ sơ của ông/bà: H14.21-260115-0007", URL) == ScanDossier("H14.21-260115-0007")


@pytest.mark.parametrize("came", ["H14.Â5-260115-0007", "H14.2ư-260115-0007", f"{URL}/t/AAAAAAAK1x9_Zq-3bC4đă6hI7jKwZ"])
def test_what_may_have_been_two_codes_means_nothing(came: str) -> None:
    """A6 in VNI, AA in Telex: a guess would tell a citizen that there is no such dossier."""
    assert meaning(came, URL) is None


def test_a_token_typed_through_telex_is_found_where_only_telex_makes_it() -> None:
    token = "AAAAAAAK1x9_Zq-3bC4wE5fG6hI7jK"
    assert meaning(f"{URL}/t/{token.replace('w', 'ư')}", URL) == ScanToken(token)


@pytest.mark.parametrize(
    "scan",
    [CARD, CARD + "|||", "\ufeff" + CARD + "\r\n", CARD.replace("Nông", "No6ng1"), CARD.encode("cp1258", "replace")],
)
def test_an_identity_card_gives_its_number_and_nothing_else(scan: bytes | str) -> None:
    assert meaning(scan, URL) == ScanPerson("004188012345")


@pytest.mark.parametrize("first", ["00418801234", "0041880123456", "00418801234x", "", "DN4010123456789"])
def test_a_card_with_another_first_field_means_nothing(first: str) -> None:
    assert meaning(CARD.replace("004188012345", first, 1), URL) is None


def test_bare_digits_are_no_card() -> None:
    """They may be a bar code of anything."""
    assert meaning("004188012345", URL) is None


def test_nothing_of_a_person_is_in_what_is_shown_or_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    shown = repr(meaning(CARD, URL)) + str(meaning(CARD, URL)) + caplog.text
    assert not any(part in shown for part in CARD.split("|"))


@pytest.mark.parametrize(
    "scan",
    ["H14.21-260115-0007X", "XH14.21-260115-0007", "H14.21-260115-0007-1", "H14.21-260115-0007.2", "9.H14-260115-0007"],
)
def test_what_only_begins_or_ends_like_a_dossier_s_code_means_nothing(scan: str) -> None:
    assert meaning(scan, URL) is None


@pytest.mark.parametrize("scan", ["", "\r\n", "8934563138165", "H14", "\x00\xff", "1.001193.000.00.00.H14", "%", "|||"])
def test_garbage_means_nothing(scan: str) -> None:
    assert meaning(scan, URL) is None


@pytest.mark.parametrize("unit", ["A", "1.", "H14.", "H14-2601", "-", "%41", "ế", " "])
def test_what_is_too_long_means_nothing(unit: str) -> None:
    assert meaning(unit * LONGEST + "H14.21-260115-0007", URL) is None
    assert meaning(("H14" + ".A1" * 30 + "-260115-0007"), URL) is None


@given(st.binary(max_size=700) | st.text(max_size=700))
@example(CARD.encode("utf-16"))
@example("%ff%00ư" * 20)
@example("\ud800|")
def test_whatever_is_scanned_nothing_is_raised(raw: bytes | str) -> None:
    found = meaning(raw, URL)
    assert found is None or isinstance(found, ScanToken | ScanDossier | ScanPerson)


@given(st.text(max_size=80))
def test_whatever_stands_behind_the_number_of_a_card_is_dropped(rest: str) -> None:
    found = meaning(f"004188012345|{rest}", URL)
    assert found == ScanPerson("004188012345")
    assert repr(found) == "ScanPerson()"
