"""How the pages tell how long somebody waits."""

from typing import Protocol

from config.texts import text


class Awaited(Protocol):
    """A ticket or a service with its waiting range in minutes; None: nobody can say."""

    @property
    def wait_low_minutes(self) -> int | None:
        """At least."""

    @property
    def wait_high_minutes(self) -> int | None:
        """At most."""


def range_text(of: Awaited, language: str) -> str:
    """The waiting range in words, as far as it can be said."""
    low, high = of.wait_low_minutes, of.wait_high_minutes
    if high is None:
        return text("phone.range_unknown", language)
    if low is None or low >= high:
        return text("phone.range_one", language, high=high)
    return text("phone.range", language, low=low, high=high)
