"""The hall's procedures as kiosks get them: each with its service, the most used first, in pages."""

import hashlib
from collections.abc import Iterable, Mapping

from config.mapping import Mapping as Services
from config.settings import Catalogue as CatalogueFile
from config.settings import HallFile
from protocol import codec
from protocol.replies import CatalogueReply, ProcedureInfo

PAGE_BYTES = 48_000
"""A page of procedures stays below this, so that its message stays below 64 KiB."""


class Catalogue:
    """The procedures that some service of the hall takes."""

    def __init__(self, procedures: Iterable[ProcedureInfo] = ()) -> None:
        self.procedures = tuple(sorted(procedures, key=lambda found: -found.uses))
        self.catalogue_id = hashlib.sha256(codec.encode(self.procedures)).hexdigest()[:16]

    def page(self, after: int) -> CatalogueReply:
        """The procedures that come `after` so many, as many as fit."""
        page: list[ProcedureInfo] = []
        room = PAGE_BYTES
        for procedure in self.procedures[after:]:
            room -= len(codec.encode(procedure))
            if page and room < 0:
                break
            page.append(procedure)
        return CatalogueReply(self.catalogue_id, len(self.procedures), page)


def catalogue_of(hall: HallFile, listed: CatalogueFile | None, uses: Mapping[str, int]) -> Catalogue:
    """The procedures of a hall's list; `uses` counts by procedure code how often a number was taken."""
    services = Services(hall)
    found = ((procedure, services.service_of(procedure)) for procedure in (listed.procedures if listed else []))
    return Catalogue(
        ProcedureInfo(
            procedure.code,
            procedure.name,
            procedure.field,
            service.agency,
            service.id,
            getattr(procedure, "fee", ""),
            getattr(procedure, "time_limit", ""),
            list(getattr(procedure, "papers", [])),
            uses.get(procedure.code, 0),
        )
        for procedure, service in found
        if service is not None
    )
