"""What an operator does at the desk page, for tests in a browser."""

from playwright.sync_api import Page, expect

from protocol.commands import GetTicket
from protocol.replies import TicketReply, TicketView
from tests.web.running import PIN, RunningHall


def sign_in(page: Page, running: RunningHall, counter: str = "q2", operator: str = "012") -> None:
    """Sign in and wait until the desk is ready."""
    page.goto(f"{running.url}/desk")
    page.get_by_label("Số cán bộ").fill(operator)
    page.get_by_label("Mã PIN").fill(PIN)
    page.locator(f"input[value={counter}]").check(force=True)
    page.get_by_role("button", name="Vào quầy").click()
    ready(page)


def ready(page: Page) -> None:
    """Wait until the desk knows its state and its main button may be pressed."""
    expect(page.locator("#main")).to_be_enabled()


def press(page: Page, key: str, phase: str) -> None:
    """Press a key and wait for the phase that it leads to."""
    page.keyboard.press(key)
    expect(page.locator("#phase")).to_have_text(phase)
    ready(page)


def pad_digit(page: Page, digit: str) -> None:
    """Press a digit of the number pad with NumLock on, which Playwright's own keyboard has off."""
    session = page.context.new_cdp_session(page)
    key = {"code": f"Numpad{digit}", "key": digit, "location": 3, "windowsVirtualKeyCode": 96 + int(digit)}
    session.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": digit, "isKeypad": True, **key})
    session.send("Input.dispatchKeyEvent", {"type": "keyUp", "isKeypad": True, **key})
    session.detach()


def ticket_of(running: RunningHall, ticket_id: int) -> TicketView:
    """A ticket as the hall knows it."""
    reply = running.admin.call(GetTicket(ticket_id=ticket_id))
    assert isinstance(reply, TicketReply)
    return reply.ticket


def state_of(running: RunningHall, ticket_id: int) -> str:
    """A ticket's state as the hall knows it."""
    return ticket_of(running, ticket_id).state.value
