"""What is wrong in a file that a person wrote: every fault with its place, and the error that carries them all."""

from dataclasses import dataclass, field
from pathlib import Path

from config.texts import FALLBACK, text

_LONGEST_VALUE = 80


@dataclass(frozen=True)
class Fault:
    """One fault: where it is, what stands there, what was expected, and the nearest known name."""

    file: Path
    key: str
    value: str
    expected: str
    hint: str = ""

    def line(self, language: str = FALLBACK) -> str:
        """The fault as one readable line."""
        place = f"{self.file}: {self.key}" if self.key else str(self.file)
        value = f" = {self.value}" if self.value else ""
        hint = " " + text("faults.nearest", language, hint=self.hint) if self.hint else ""
        return f"{place}{value}: {self.expected}{hint}"


class SettingsError(Exception):
    """A settings file can't be used; `faults` says all that is wrong with it."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(fault.line() for fault in faults))
        self.faults = faults


@dataclass
class Faults:
    """Collects the faults of one file, in the reader's language."""

    file: Path
    language: str = FALLBACK
    found: list[Fault] = field(default_factory=list)

    def add(self, key: str, value: object, expected: str, *, hint: str = "", **facts: object) -> None:
        """Note that `value` at `key` is not what the text `faults.<expected>` asks for."""
        sentence = text(f"faults.{expected}", self.language, **facts)
        self.found.append(Fault(self.file, key, shown(value), sentence, hint))

    def raise_if_any(self) -> None:
        """Raise SettingsError with everything found so far."""
        if self.found:
            raise SettingsError(self.found)


class _Absent:
    """Stands for a value that is not in the file."""


ABSENT = _Absent()


def shown(value: object) -> str:
    """A value as a person wrote it in TOML, shortened; empty for an absent one."""
    if value is ABSENT:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    written = f'"{value}"' if isinstance(value, str) else str(value)
    return written if len(written) <= _LONGEST_VALUE else written[: _LONGEST_VALUE - 1] + "…"
