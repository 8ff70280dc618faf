"""What a hall looks at beside its log: the list of procedures, dossiers, PINs, the key of what is sealed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from config.settings import Catalogue as CatalogueFile
from queue_server.cases.dossiers import DossierSource


def nobody(_operator_id: str, _pin: str) -> bool:
    """The PIN check of a hall without PINs."""
    return False


class Sealer(Protocol):
    """Seals what only who leads the hall may read, with a key that does not lie in the database."""

    def seal(self, plain: bytes) -> bytes:
        """Make it unreadable."""

    def unseal(self, sealed: bytes) -> bytes | None:
        """Make it readable again; None: it was sealed with another key."""


class NoSealer:
    """The sealer of a hall that keeps nothing sealed: what it is given is not kept."""

    def seal(self, _plain: bytes) -> bytes:
        """Nothing is kept."""
        return b""

    def unseal(self, _sealed: bytes) -> bytes | None:
        """Nothing was kept."""
        return None


@dataclass(frozen=True)
class Outside:
    """What is read from other files than the log; nothing of it decides who is called."""

    procedures: CatalogueFile | None = None
    check_pin: Callable[[str, str], bool] = nobody
    dossiers: DossierSource | None = None
    sealer: Sealer = field(default_factory=NoSealer)
