"""What a person can press at a counter, whatever box it is pressed on."""

from enum import StrEnum

from msgspec import Struct


class Key(StrEnum):
    """A key by what it is for; `counter.orders` says what it means in which state."""

    CALL = "call"
    RECALL = "recall"
    CALL_OR_RECALL = "call_or_recall"
    """One key for both: the next when idle, again when called."""
    START = "start"
    FINISH = "finish"
    NO_SHOW = "no_show"
    FINISH_OR_NO_SHOW = "finish_or_no_show"
    """One key for both: the end of the service, or nobody came."""
    TRANSFER = "transfer"
    HOLD = "hold"
    RESUME = "resume"
    PAUSE = "pause"
    """Pauses, and continues."""
    CLOSE = "close"
    RATE = "rate"


class Press(Struct, frozen=True):
    """One press of a key; `score` (1 worst to 5 best) comes with `Key.RATE` only."""

    key: Key
    score: int = 0
