"""What citizens come for, and the pictures on the kiosk's tiles: services and pictures that exist, ids taken once."""

from config.checking.references import Document, check_known
from config.faults import Faults
from config.names import nearest
from config.settings import PICTOGRAMS, Purpose, Service
from config.tables import Table, tables


def check_purposes(document: Document, faults: Faults) -> None:
    """Note purposes that stand twice or lead to services that the hall does not have."""
    seen: set[str] = set()
    for purpose in tables(document, "purposes", Purpose):
        purpose_id = purpose.value("id", str)
        if purpose_id is not None and purpose_id in seen:
            faults.add(purpose.key_of("id"), purpose_id, "double")
        seen.add(purpose_id or "")
        for key, service_id in purpose.members("services"):
            check_known(key, service_id, document, "services", faults)


def check_pictograms(document: Document, faults: Faults) -> None:
    """Note pictures that the kiosk does not have."""
    for entry in (*tables(document, "purposes", Purpose), *tables(document, "services", Service)):
        _check_pictogram(entry, faults)


def _check_pictogram(entry: Table, faults: Faults) -> None:
    name = entry.value("pictogram", str)
    if name and name not in PICTOGRAMS:
        hint = nearest(name, PICTOGRAMS)
        faults.add(entry.key_of("pictogram"), name, "unknown_pictogram", hint=hint, names=", ".join(PICTOGRAMS))
