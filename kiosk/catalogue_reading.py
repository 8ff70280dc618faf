"""Reads the hall's procedures page by page, and keeps them for a start without the server."""

import logging

import msgspec

from kiosk.hall_now import HallNow
from kiosk.journal import Journal
from kiosk.link import Link
from protocol.commands import GetCatalogue
from protocol.errors import MotcuaError, ServerUnreachable
from protocol.replies import CatalogueReply, ProcedureInfo, Reply

WITHIN_SECONDS = 20.0
_log = logging.getLogger(__name__)
_kept = msgspec.json.Decoder(CatalogueReply)


class CatalogueReading:
    """Holds the procedures of the catalogue that the hall names."""

    def __init__(self, link: Link, journal: Journal, hall: HallNow) -> None:
        self._link = link
        self._journal = journal
        self._hall = hall
        self._catalogue_id = ""
        self._pages: list[ProcedureInfo] = []
        self._asking = False
        found = journal.recall("catalogue")
        if found is not None:
            self._take(_kept.decode(found))

    def look(self) -> None:
        """Read the catalogue if the hall has another than the one that is known; call it now and then."""
        hall = self._hall.hall
        if hall is None or self._hall.away or self._asking:
            return
        if hall.catalogue_id not in ("", self._catalogue_id):
            self._pages = []
            self._ask()

    def _ask(self) -> None:
        self._asking = self._link.ask(GetCatalogue(len(self._pages)), WITHIN_SECONDS, self._took)

    def _took(self, answer: Reply | MotcuaError) -> None:
        self._asking = False
        if isinstance(answer, ServerUnreachable):
            return
        if not isinstance(answer, CatalogueReply):
            _log.error("the hall does not tell its procedures: %s", answer)
            self._catalogue_id = self._hall.hall.catalogue_id if self._hall.hall else ""
            return
        self._take_page(answer)

    def _take_page(self, page: CatalogueReply) -> None:
        hall = self._hall.hall
        if hall is not None and page.catalogue_id != hall.catalogue_id:
            return  # it changed meanwhile: the hall's new word is on its way
        self._pages += page.procedures
        if len(self._pages) < page.total and page.procedures:
            self._ask()
            return
        whole = CatalogueReply(page.catalogue_id, len(self._pages), self._pages)
        self._journal.remember("catalogue", whole)
        self._take(whole)

    def _take(self, catalogue: CatalogueReply) -> None:
        self._catalogue_id = catalogue.catalogue_id
        self._hall.take_procedures(tuple(catalogue.procedures))
