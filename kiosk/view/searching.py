"""The screens with a keyboard: looking for a procedure, and a note for the counter."""

from dataclasses import replace

from kiosk.finding import Hit
from kiosk.flow import Flow
from kiosk.flow.searching import typed
from kiosk.keyboard import LETTERS, Key, rows
from kiosk.telex import composed
from kiosk.tiles import tile
from kiosk.touches import KeepNote
from kiosk.view.frames import frame, notice
from kiosk.view.model import View
from kiosk.words import say
from printers.base import PrinterStatus


def search(flow: Flow, printer: PrinterStatus, now: float) -> View:
    """What is typed, the keyboard, and the procedures that fit."""
    said = typed(flow.visit)
    hits = flow.hits()
    return View(
        flow.screen,
        frame(flow, now, back=True),
        title="" if hits else say(flow, "search_nothing" if said.strip() else "search_hint"),
        more=_guessed(flow, hits) if hits else say(flow, f"search_{'nothing' if said.strip() else 'hint'}_more"),
        notice=notice(flow, printer) if flow.helper else "",
        chosen=say(flow, "search_placeholder"),
        typed=said,
        tiles=tuple(tile(flow, touch) for touch in flow.on_page()),
        page=flow.page(),
        pages=flow.pages(),
        keys=_keys(flow, _dead(flow, said)),
    )


def note(flow: Flow, printer: PrinterStatus, now: float) -> View:
    """What staff write for the counter."""
    return View(
        flow.screen,
        frame(flow, now, back=True),
        title=say(flow, "note"),
        more=say(flow, "note_more"),
        notice=notice(flow, printer),
        chosen=say(flow, "note_placeholder"),
        typed=typed(flow.visit),
        keys=_keys(flow, frozenset()),
        button=say(flow, "note_keep"),
        means=KeepNote(),
    )


def _guessed(flow: Flow, hits: list[Hit]) -> str:
    """That these are only like what was typed."""
    return say(flow, "search_guessed") if hits[0].guessed else ""


def _dead(flow: Flow, said: str) -> frozenset[str]:
    """The letters with which nothing would be found; a letter that sets an accent is not one of them."""
    dead = flow.finder.dead(said, LETTERS)
    if not flow.visit.telex:
        return dead
    return frozenset(letter for letter in dead if composed(flow.visit.keys + letter) == said + letter)


def _keys(flow: Flow, dead: frozenset[str]) -> tuple[tuple[Key, ...], ...]:
    return tuple(
        tuple(replace(key, text=say(flow, key.text), named=False) if key.named else key for key in row)
        for row in rows(telex=flow.visit.telex, dead=dead, digits=not flow.low)
    )
