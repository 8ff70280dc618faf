"""What a search gives back."""

from dataclasses import dataclass

from protocol.views import ProcedureInfo


@dataclass(frozen=True)
class Hit:
    """A procedure that was found; `spans` are the places of its name that match what was typed, to be marked."""

    procedure: ProcedureInfo
    spans: tuple[tuple[int, int], ...] = ()
    said: str = ""
    """What people call it, if that is how it was found: `sổ đỏ`."""
    guessed: bool = False
    """Found only after typing errors were allowed for, or some words left out."""
