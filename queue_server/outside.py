"""What a hall looks at beside its log: the list of procedures, dossiers, and the PINs of its staff."""

from collections.abc import Callable
from dataclasses import dataclass

from config.settings import Catalogue as CatalogueFile
from queue_server.cases.dossiers import DossierSource


def nobody(_operator_id: str, _pin: str) -> bool:
    """The PIN check of a hall without PINs."""
    return False


@dataclass(frozen=True)
class Outside:
    """What is read from other files than the log; nothing of it decides who is called."""

    procedures: CatalogueFile | None = None
    check_pin: Callable[[str, str], bool] = nobody
    dossiers: DossierSource | None = None
