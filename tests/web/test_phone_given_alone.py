"""The page of a number that a kiosk gave while the server was away, before and after it was handed in."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from protocol.block_token import make_block_token
from protocol.client import HallClient
from protocol.commands import CreateEnrolment, GetHall, HandInTicket, ReserveNumbers, ReturnNumbers
from protocol.replies import BlocksReply, HallReply, NumberBlock, TicketIssuedReply
from queue_server.enrolling import enrol_here
from tests.web.running import RunningHall


@pytest.fixture
def kiosk(running: RunningHall, tmp_path: Path) -> Iterator[HallClient]:
    """A kiosk of the hall; it gives its numbers back, since other tests need them."""
    client = HallClient(enrol_here(running.admin, tmp_path, CreateEnrolment("kiosk", tmp_path.name)))
    yield client
    for block in blocks_of(client):
        client.call(ReturnNumbers(block.block_id, block.last + 1))
    client.close()


def blocks_of(kiosk: HallClient) -> list[NumberBlock]:
    """The blocks that the kiosk holds."""
    reply = kiosk.call(ReserveNumbers())
    assert isinstance(reply, BlocksReply)
    return reply.blocks


def block_of(kiosk: HallClient) -> NumberBlock:
    """Today's block of the kiosk for the first service's queue."""
    return min(blocks_of(kiosk), key=lambda block: block.service_day)


def paper(block: NumberBlock) -> str:
    """The token on the paper of the block's first number."""
    return make_block_token(bytes.fromhex(block.key), block.block_id, block.first)


def hand_in(running: RunningHall, kiosk: HallClient, block: NumberBlock) -> TicketIssuedReply:
    """Tell the hall of the block's first number."""
    hall = kiosk.call(GetHall())
    assert isinstance(hall, HallReply)
    service_id = next(service.service_id for service in hall.services if service.queue_id == block.queue_id)
    reply = kiosk.call(HandInTicket(block.block_id, block.first, service_id, dt.datetime.now(dt.UTC)))
    assert isinstance(reply, TicketIssuedReply)
    return reply


@pytest.mark.parametrize(
    ("query", "words"),
    [("", ("Số này có giá trị", "Khi máy kết nối lại")), ("?lang=en", ("This number is valid", "is offline"))],
)
def test_the_page_says_that_the_number_is_valid_and_known_soon(
    running: RunningHall, kiosk: HallClient, query: str, words: tuple[str, ...]
) -> None:
    block = block_of(kiosk)
    page = httpx.get(f"{running.url}/t/{paper(block)}{query}")
    assert page.status_code == 200
    for word in (str(block.first), *words):
        assert word in page.text
    assert "/leave" not in page.text
    assert 'http-equiv="refresh"' in page.text


def test_after_the_hand_in_it_is_the_page_of_the_ticket(running: RunningHall, kiosk: HallClient) -> None:
    block = block_of(kiosk)
    number = hand_in(running, kiosk, block).ticket.number
    page = httpx.get(f"{running.url}/t/{paper(block)}").text
    assert number in page
    assert "Số này có giá trị" not in page
    assert "/leave" in page


def test_nothing_can_be_given_back_or_rated_before(running: RunningHall, kiosk: HallClient) -> None:
    block = block_of(kiosk)
    address = f"{running.url}/t/{paper(block)}"
    origin = {"Origin": running.url}
    assert httpx.get(f"{address}/leave").status_code == 303
    for path, form in (("leave", {}), ("rate", {"score": "5"})):
        refused = httpx.post(f"{address}/{path}", data=form, headers=origin)
        assert refused.status_code == 409
        assert "Số này có giá trị" in refused.text
    assert hand_in(running, kiosk, block).ticket.state == "waiting"


def test_a_paper_that_no_kiosk_printed_stays_unknown(running: RunningHall, kiosk: HallClient) -> None:
    block = block_of(kiosk)
    forged = make_block_token(b"x" * 32, block.block_id, block.first)
    assert httpx.get(f"{running.url}/t/{forged}").status_code == 404


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_open_page_turns_into_the_ticket_by_itself(
    running: RunningHall, kiosk: HallClient, phone_page: Page, tmp_path: Path, language: str
) -> None:
    block = block_of(kiosk)
    phone_page.goto(f"{running.url}/t/{paper(block)}?lang={language}")
    expect(phone_page.locator("#ticket")).to_have_attribute("data-kind", "given_alone")
    phone_page.screenshot(path=tmp_path / f"given-alone-{language}.png", full_page=True)
    assert phone_page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    hand_in(running, kiosk, block)
    expect(phone_page.locator("#ticket")).to_have_attribute("data-kind", "waiting", timeout=40_000)
