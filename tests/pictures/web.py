"""The web pages of a played hall, each as it is meant to be used: wide, as a column, as a bar, on a phone."""

import os
import shutil
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.pictures.life import PlayedHall

_WIDE, _COLUMN, _BAR, _PHONE = (1280, 800), (380, 900), (1280, 60), (360, 740)
expect.set_options(timeout=30_000)


def picture_pages(hall: PlayedHall, out: Path) -> None:
    """Write the pages of citizens, staff and the head of the hall."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium-headless-shell") or shutil.which("chromium"),
            args=["--no-sandbox"] if os.geteuid() == 0 else [],
        )
        _phone(browser, hall, out)
        _supervisor(browser, hall, out)
        _desk(browser, hall, out)
        browser.close()


def _page(browser: Browser, size: tuple[int, int]) -> Page:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh"
    )
    return context.new_page()


def _phone(browser: Browser, hall: PlayedHall, out: Path) -> None:
    page = _page(browser, _PHONE)
    page.goto(hall.take_number())
    page.screenshot(path=out / "phone.png", full_page=True)
    page.goto(hall.address("supervisor").removesuffix("/supervisor") + "/")
    page.screenshot(path=out / "status.png", full_page=True)


def _supervisor(browser: Browser, hall: PlayedHall, out: Path) -> None:
    page = _page(browser, _WIDE)
    number, pin, _ = hall.person("supervisor")
    page.goto(hall.address("supervisor"))
    page.locator("#operator").fill(number)
    page.locator("#pin").fill(pin)
    page.locator("#pin").press("Enter")
    expect(page.get_by_role("figure").first).to_be_visible()
    page.screenshot(path=out / "supervisor.png", full_page=True)
    page.goto(hall.address("supervisor") + "/reports")
    expect(page.get_by_role("heading").first).to_be_visible()
    page.screenshot(path=out / "reports.png", full_page=True)


def _desk(browser: Browser, hall: PlayedHall, out: Path) -> None:
    page = _page(browser, _WIDE)
    number, pin, counter = hall.person("desk")
    page.goto(hall.address("desk"))
    page.get_by_label("Số cán bộ").fill(number)
    page.get_by_label("Mã PIN").fill(pin)
    page.locator(f"input[value='{counter}']").check(force=True)
    page.get_by_role("button", name="Vào quầy").click()
    expect(page.locator("#main")).to_be_enabled()
    if (read := page.get_by_role("button", name="Đã đọc")).is_visible():
        read.click()
    page.keyboard.press("F2")
    expect(page.locator("#main")).to_be_enabled()
    for name, size in (("desk", _WIDE), ("desk-column", _COLUMN), ("desk-bar", _BAR)):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.screenshot(path=out / f"{name}.png")
