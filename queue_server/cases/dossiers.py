"""Whether a dossier's result can be fetched: asked by the code of its receipt, looked up where the hall keeps them."""

import datetime as dt
from typing import Protocol

from msgspec import Struct

from protocol import commands as cmd
from protocol import errors
from protocol import replies as re
from queue_server.domain.rows import Device

_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))


class Dossier(Struct, frozen=True):
    """A dossier as a citizen may know it by its code; nothing about whose it is."""

    code: str
    ready: bool
    service_id: str | None = None
    """Where its result is fetched."""
    due_on: dt.date | None = None


class DossierSource(Protocol):
    """Where dossiers are looked up; an answer may not wait for anything."""

    def look_up(self, code: str, /) -> Dossier | None:
        """The dossier whose `key_of` this is, if it is known; raises NoDossiers if nothing can be looked up."""


class HasDossiers(Protocol):
    """A service of a hall that may have dossiers to look up."""

    @property
    def dossiers(self) -> DossierSource | None:
        """Where they are; none if the hall has none."""


def key_of(code: str) -> str:
    """A code as it is compared, however it was typed: without blanks, in capitals, with plain dashes."""
    return "".join(code.split()).translate(_DASHES).upper()


def look_up_dossier(service: HasDossiers, query: cmd.LookUpDossier, _device: Device, _now: dt.datetime) -> re.Reply:
    """How a dossier stands; raises NoDossiers. A code that never was is answered like one that is not listed."""
    if service.dossiers is None:
        raise errors.NoDossiers
    code = key_of(query.code)
    found = service.dossiers.look_up(code)
    if found is None:
        return re.DossierReply(code, "unknown")
    return re.DossierReply(code, "ready" if found.ready else "not_ready", found.service_id, found.due_on)
