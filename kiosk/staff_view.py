"""What the staff's corner says: its state in words, fields and buttons, ready to be drawn. Pure."""

from dataclasses import dataclass
from typing import Any

from config.texts import text
from kiosk.staff import StaffCorner, StaffPage
from kiosk.staff_touches import (
    AskClose,
    AskRestart,
    ChooseDoor,
    ChooseField,
    Condition,
    Confirm,
    Door,
    Field,
    GoBack,
    NoteNewRoll,
    NoteSameRoll,
    PrintTest,
    Reprint,
    ShowPapers,
    StaffTouch,
)

_BAD = ("wrong_pin", "paper_failed", "paper_unknown")
_DOT = "•"


@dataclass(frozen=True)
class StaffButton:
    """Something to touch; `chosen`: it is what holds now, `last`: think before touching it."""

    touch: StaffTouch
    text: str
    more: str = ""
    usable: bool = True
    chosen: bool = False
    last: bool = False


@dataclass(frozen=True)
class StaffField:
    """Something that is typed."""

    touch: StaffTouch
    name: str
    value: str
    chosen: bool


@dataclass(frozen=True)
class StaffView:
    """A whole page of the corner; what a page has no use for is empty."""

    page: StaffPage
    title: str
    seconds_left: str
    back: str
    leave: str
    more: str = ""
    message: str = ""
    bad: bool = False
    """Whether the message tells of something wrong."""
    fields: tuple[StaffField, ...] = ()
    enter: str = ""
    can_enter: bool = False
    erase: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    buttons: tuple[StaffButton, ...] = ()


def look(corner: StaffCorner, condition: Condition, now: float) -> StaffView:
    """Say what the corner shows now; `now` is monotonic seconds."""
    return {
        StaffPage.DOOR: _door,
        StaffPage.MENU: _menu,
        StaffPage.PAPERS: _papers,
        StaffPage.CONFIRM: _confirm,
    }.get(corner.page, _door)(corner, condition, now)


def _say(corner: StaffCorner, key: str, **values: object) -> str:
    return text(f"staff.{key}", corner.language, **values)


def _view(corner: StaffCorner, now: float, title: str, **parts: Any) -> StaffView:
    """A page with what all pages have."""
    message = _say(corner, corner.message, number=corner.number) if corner.message else ""
    said: dict[str, Any] = {"message": message, "bad": corner.message in _BAD} | parts
    return StaffView(
        corner.page,
        title,
        _say(corner, "seconds_left", seconds=max(round(corner.seconds_left(now)), 1)),
        _say(corner, "back") if corner.page in (StaffPage.PAPERS, StaffPage.CONFIRM) else "",
        _say(corner, "leave"),
        **said,
    )


# ---- the door ------------------------------------------------------------------


def _door(corner: StaffCorner, condition: Condition, now: float) -> StaffView:
    parts: dict[str, Any] = {}
    if corner.door == "service" and not condition.has_pin:
        parts = {"message": _say(corner, "no_pin"), "bad": True}
    elif corner.door == "service" and (seconds := corner.wait_seconds(now)):
        parts = {"message": _say(corner, "locked_out", seconds=round(seconds + 0.5)), "bad": True}
    return _view(
        corner,
        now,
        _say(corner, "title"),
        more=_say(corner, f"{corner.door}_more"),
        fields=_fields(corner),
        enter=_say(corner, "next" if corner.field == "operator" else "enter"),
        can_enter=corner.entered and not parts,
        erase=_say(corner, "erase"),
        buttons=(_door_button(corner, "helper"), _door_button(corner, "service")),
        **parts,
    )


def _door_button(corner: StaffCorner, door: Door) -> StaffButton:
    return StaffButton(ChooseDoor(door), _say(corner, door), chosen=corner.door == door)


def _fields(corner: StaffCorner) -> tuple[StaffField, ...]:
    pin = _field(corner, "pin", _DOT * corner.pin_length)
    return (_field(corner, "operator", corner.operator), pin) if corner.door == "helper" else (pin,)


def _field(corner: StaffCorner, name: Field, value: str) -> StaffField:
    return StaffField(ChooseField(name), _say(corner, f"field_{name}"), value, corner.field == name)


# ---- the menu ------------------------------------------------------------------


def _menu(corner: StaffCorner, condition: Condition, now: float) -> StaffView:
    free, asks_roll = not corner.busy, condition.printer.new_roll_likely
    same = (StaffButton(NoteSameRoll(), _say(corner, "same_roll"), _say(corner, "same_roll_more")),)
    buttons = (
        StaffButton(NoteNewRoll(), _say(corner, "new_roll"), _say(corner, "new_roll_more")),
        *(same if asks_roll else ()),
        StaffButton(PrintTest(), _say(corner, "test"), _say(corner, "test_more"), usable=free),
        StaffButton(ShowPapers(), _say(corner, "papers"), _say(corner, "papers_more")),
        StaffButton(AskRestart(), _say(corner, "restart"), _say(corner, "restart_more")),
        StaffButton(AskClose(), _say(corner, "close"), _say(corner, "close_more"), last=True),
    )
    parts = {"message": _say(corner, "roll_asked")} if asks_roll and not corner.message else {}
    return _view(corner, now, _say(corner, "menu"), **parts, facts=_facts(corner, condition), buttons=buttons)


def _facts(corner: StaffCorner, condition: Condition) -> tuple[tuple[str, str], ...]:
    left = condition.printer.tickets_left
    values = {
        "printer": _printer(corner, condition),
        "tickets_left": _say(corner, "unknown") if left is None else str(left),
        "server": _say(corner, "server_away" if condition.away else "server_there"),
        "to_hand_in": str(condition.to_hand_in),
        "version": condition.version,
    }
    return tuple((_say(corner, f"fact_{name}"), value) for name, value in values.items())


def _printer(corner: StaffCorner, condition: Condition) -> str:
    """The printer's own word; one of a model that never tells is not called unknown."""
    silent = not condition.printer.answers and condition.printer.may_print
    return _say(corner, "printer_silent" if silent else f"printer_{condition.printer.state.value}")


# ---- the last tickets ----------------------------------------------------------------


def _papers(corner: StaffCorner, _condition: Condition, now: float) -> StaffView:
    buttons = tuple(
        StaffButton(Reprint(each.paper_id, each.number), f"{each.number}  {each.clock}", each.service, not corner.busy)
        for each in corner.papers
    )
    more = _say(corner, "papers_choose" if corner.papers else "papers_none")
    return _view(corner, now, _say(corner, "papers"), more=more, buttons=buttons)


# ---- restart and close ----------------------------------------------------------------


def _confirm(corner: StaffCorner, condition: Condition, now: float) -> StaffView:
    name = "close" if corner.closes else "restart"
    more = _say(corner, f"{name}_ask_more")
    if condition.to_hand_in:
        more += " " + _say(corner, "kept", count=condition.to_hand_in)
    buttons = (
        StaffButton(GoBack(), _say(corner, "no")),
        StaffButton(Confirm(), _say(corner, name), last=True),
    )
    return _view(corner, now, _say(corner, f"{name}_ask"), more=more, buttons=buttons)
