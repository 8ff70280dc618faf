"""The hall's procedures reach a kiosk whole, page by page, in one order all day."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from config.settings import Catalogue as CatalogueFile
from config.settings import Procedure
from protocol import codec
from protocol import commands as cmd
from protocol import replies as re
from protocol.replies import ProcedureInfo
from queue_server.catalogue import PAGE_BYTES, Catalogue, catalogue_of
from queue_server.domain.rows import Device
from queue_server.outside import Outside
from queue_server.service import QueueService
from queue_server.storage.base import Storage
from tests.queue_server.factories import KIOSK, SmallHall, counting_bytes, hall_file, with_service


def procedure(code: str, uses: int = 0, size: int = 0) -> ProcedureInfo:
    """A procedure whose papers are so many bytes."""
    return ProcedureInfo(code, f"Thủ tục {code}", "Đất đai", "office", "land", papers=["x" * size], uses=uses)


def read(catalogue: Catalogue) -> list[ProcedureInfo]:
    """All procedures as a kiosk collects them."""
    found: list[ProcedureInfo] = []
    while True:
        page = catalogue.page(len(found))
        assert (page.catalogue_id, page.total) == (catalogue.catalogue_id, len(catalogue.procedures))
        if not page.procedures:
            return found
        found += page.procedures


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 30_000)), max_size=60))
def test_the_pages_hold_each_procedure_once_the_most_used_first(sizes: list[tuple[int, int]]) -> None:
    every = [procedure(f"1.{place:06}", uses, size) for place, (uses, size) in enumerate(sizes)]
    found = read(Catalogue(every))
    assert sorted(found, key=lambda one: one.code) == every
    assert [one.uses for one in found] == sorted((one.uses for one in every), reverse=True)
    for before, after in itertools.pairwise(found):
        assert before.uses > after.uses or before.code < after.code, "the same often: as the list has them"


def test_pages_stay_within_a_message_and_are_few() -> None:
    catalogue = Catalogue(procedure(f"1.{place:06}", size=700) for place in range(1266))
    after, pages = 0, 0
    while page := catalogue.page(after).procedures:
        frame = codec.encode_answer("request-0001", catalogue.page(after))
        assert len(frame) < codec.MAX_REQUEST_BYTES
        after, pages = after + len(page), pages + 1
    assert after == 1266
    assert pages < 30


def test_a_procedure_longer_than_a_page_comes_alone_and_stops_nothing() -> None:
    catalogue = Catalogue([procedure("1"), procedure("2", size=2 * PAGE_BYTES), procedure("3")])
    assert [[one.code for one in catalogue.page(after).procedures] for after in range(4)] == [["1"], ["2"], ["3"], []]
    assert [one.code for one in read(catalogue)] == ["1", "2", "3"]


def test_behind_the_end_there_is_an_empty_page() -> None:
    page = Catalogue([procedure("1")]).page(100_000)
    assert (page.procedures, page.total) == ([], 1)
    assert Catalogue().page(0).procedures == []


def test_its_id_tells_whatever_a_kiosk_shows_of_it() -> None:
    one, two = procedure("1"), procedure("2")
    ids = [
        Catalogue(found).catalogue_id
        for found in ([], [one], [one, two], [two, one], [replace(one, uses=1), two], [replace(one, fee="0 đồng"), two])
    ]
    assert len(set(ids)) == len(ids)
    assert Catalogue([one, two]).catalogue_id == Catalogue([one, two]).catalogue_id


LISTED = CatalogueFile(
    procedures=[
        Procedure(code="1.001", name="Cấp giấy chứng nhận", field="Đất đai", agency="office"),
        Procedure(code="1.002", name="Đăng ký khai sinh", field="Hộ tịch", agency="office", fee="0 đồng"),
        Procedure(
            code="1.003", name="Đăng ký biến động", field="Đất đai", agency="office", papers=["Đơn", "Bản chính"]
        ),
        Procedure(code="1.004", name="Chăn nuôi", field="Thú y", agency="office"),
    ]
)
FILE = with_service(with_service(hall_file(), "land", fields=["Đất đai"]), "civil", fields=["Hộ tịch"])


def hall(storage: Storage | None = None) -> SmallHall:
    """A hall with a list of four procedures; of one nobody takes numbers."""
    found = SmallHall(FILE, storage, first_id=1000 if storage else 0)
    found.service = QueueService(FILE, found.storage, counting_bytes(), Outside(LISTED))
    return found


def codes(found: SmallHall) -> list[str]:
    """The procedures as a kiosk gets them."""
    return [one.code for one in found.get(re.CatalogueReply, cmd.GetCatalogue(), KIOSK).procedures]


def hall_id(found: SmallHall) -> str:
    """The catalogue that the hall names to its devices."""
    return found.get(re.HallReply, cmd.GetHall(), KIOSK).catalogue_id


def test_only_procedures_that_some_service_takes_are_told_with_what_is_known_of_them() -> None:
    page = hall().get(re.CatalogueReply, cmd.GetCatalogue(), KIOSK)
    assert {one.code: one.service_id for one in page.procedures} == {"1.001": "land", "1.002": "civil", "1.003": "land"}
    assert page.procedures[1].fee == "0 đồng"
    assert page.procedures[2].papers == ["Đơn", "Bản chính"]
    assert catalogue_of(FILE, None, {}).procedures == ()


def test_what_is_asked_for_most_comes_first_from_the_next_day_on_and_the_hall_names_the_new_order() -> None:
    found = hall()
    found.ask(cmd.KeepCounter("1"))
    found.pass_time(0)
    before = hall_id(found)
    for code in ("1.003", "1.003", "1.002", None):
        found.get(re.TicketIssuedReply, cmd.IssueTicket("land", procedure_code=code), KIOSK)
    assert codes(found) == ["1.001", "1.002", "1.003"]
    assert hall_id(found) == before
    found.pass_time(24 * 60)
    assert codes(found) == ["1.003", "1.002", "1.001"]
    assert hall_id(found) != before
    page = found.get(re.CatalogueReply, cmd.GetCatalogue(1), KIOSK)
    assert page.catalogue_id == hall_id(found), "who was reading learns that it changed"


def test_a_restart_within_the_day_changes_no_order() -> None:
    """Else every kiosk would read the whole list again, and tiles would move under people's fingers."""
    found = hall()
    found.pass_time(0)
    found.issue()
    found.pass_time(24 * 60)
    named = hall_id(found)
    for _ in range(3):
        found.get(re.TicketIssuedReply, cmd.IssueTicket("civil", procedure_code="1.002"), KIOSK)
    again = hall(found.storage)
    again.clock.now = found.clock.now
    assert hall_id(again) == named
    assert again.get(re.HallReply, cmd.GetHall(), KIOSK) == found.get(re.HallReply, cmd.GetHall(), KIOSK)


@pytest.mark.parametrize("after", [-1, 100_001, "x", 1.5])
def test_a_page_that_cannot_be_is_malformed(after: object) -> None:
    raw = b'{"version":1,"request_id":"request-0001","command":{"type":"get_catalogue","after":%s}}' % codec.encode(
        after
    )
    with pytest.raises(Exception, match="after"):
        codec.decode_request(raw)


def test_it_is_for_kiosks_and_staff() -> None:
    found = hall()
    for role in ("kiosk", "desk", "admin", "auditor"):
        assert isinstance(found.ask(cmd.GetCatalogue(), Device("d", role, "k")), re.CatalogueReply)
    for role in ("phone", "display", "counter"):
        assert found.refusal(cmd.GetCatalogue(), Device("d", role, "k", counter_id="1")) == "forbidden"
