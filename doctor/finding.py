"""What a look found: how well it is, in a sentence, and what to do about it."""

from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from config.texts import FALLBACK, text

GROUP = "doctor"


class Level(StrEnum):
    """How well something is, by the sign that it is shown with."""

    WELL = "✓"
    CARE = "!"
    WRONG = "✗"


class Finding(Struct, frozen=True):
    """`code` names the sentence `doctor.CODE` and, unless all is well, the advice `doctor.CODE_do`."""

    level: Level
    topic: str
    code: str
    facts: dict[str, object] = {}

    def sentence(self, language: str) -> str:
        """What was found."""
        return text(f"{GROUP}.{self.code}", language, **self._said(language))

    def advice(self, language: str) -> str:
        """What to do; empty if all is well."""
        return "" if self.level is Level.WELL else text(f"{GROUP}.{self.code}_do", language, **self._said(language))

    def _said(self, language: str) -> dict[str, object]:
        comma = language == FALLBACK
        return {k: str(v).replace(".", ",") if comma and isinstance(v, float) else v for k, v in self.facts.items()}


Findings = Iterator[Finding]


def well(topic: str, code: str, **facts: object) -> Finding:
    """All is well."""
    return Finding(Level.WELL, topic, code, facts)


def care(topic: str, code: str, **facts: object) -> Finding:
    """It works, and somebody should look after it."""
    return Finding(Level.CARE, topic, code, facts)


def wrong(topic: str, code: str, **facts: object) -> Finding:
    """Something does not work, or will not for long."""
    return Finding(Level.WRONG, topic, code, facts)
