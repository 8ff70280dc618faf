"""Which widget shows which kind of display; each is imported when a display is of that kind."""

from importlib import import_module

from display.screens.kind import Kind
from protocol.words import DisplayKind

_PLACES: dict[DisplayKind, tuple[str, str]] = {
    "main": ("main_board", "MainScreen"),
    "one_call": ("one_call", "OneCallScreen"),
    "summary": ("summary", "SummaryScreen"),
    "counter": ("counter_sign", "CounterSignScreen"),
    "satisfaction": ("satisfaction_board", "SatisfactionScreen"),
}


def kind_class(kind: DisplayKind) -> type[Kind]:
    """The widget of a kind."""
    module, name = _PLACES[kind]
    found: type[Kind] = getattr(import_module(f"display.screens.{module}"), name)
    return found
