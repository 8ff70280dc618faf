"""What the room sees and hears, and numbers from home: services, counters and playlists that exist, ids taken once."""

import re

from config.checking.references import Document, check_known
from config.faults import ABSENT, Faults
from config.names import nearest
from config.settings import Display, FromHome, Playlist, Rating, Service, Voice
from config.tables import Table, table, tables

_LETTER = re.compile(r"[A-Z]")


def check_displays(document: Document, faults: Faults) -> None:
    """Note displays that stand twice, or show what the hall does not have; a counter's sign needs its counter."""
    playlists = tables(document, "playlists", Playlist)
    displays = tables(document, "displays", Display)
    for entries in (displays, playlists, table(document, "rating", Rating).tables("criteria")):
        _unique(entries, faults)
    known = [name for playlist in playlists if (name := playlist.value("id", str))]
    for display in displays:
        for key, service_id in display.members("services"):
            check_known(key, service_id, document, "services", faults)
        check_known(display.key_of("counter"), display.value("counter", str), document, "counters", faults)
        if display.value("kind", str) == "counter" and display.raw("counter") is None:
            faults.add(display.key_of("counter"), ABSENT, "sign_of_nobody")
        wanted = display.value("playlist", str)
        if wanted is not None and wanted not in known:
            faults.add(display.key_of("playlist"), wanted, "unknown_playlists", hint=nearest(wanted, known))


def _unique(entries: list[Table], faults: Faults) -> None:
    seen: set[str] = set()
    for entry in entries:
        value = entry.value("id", str)
        if value is not None and value in seen:
            faults.add(entry.key_of("id"), value, "double")
        seen.add(value or "")


def check_spans(document: Document, faults: Faults) -> None:
    """Note spans of loudness and of media that end before they begin."""
    for key, span in _spans(document):
        start, _, end = span.partition("-")
        if start >= end:
            faults.add(key, span, "span_backwards")


def _spans(document: Document) -> list[tuple[str, str]]:
    found = []
    for level in table(document, "voice", Voice).tables("levels"):
        if (span := level.value("span", str)) is not None:
            found.append((level.key_of("span"), span))
    for playlist in tables(document, "playlists", Playlist):
        for item in playlist.tables("items"):
            found += item.members("spans")
    return found


def check_letters(document: Document, faults: Faults) -> None:
    """Note readings of what is no letter of a number: they would never be heard."""
    for key, letter in table(document, "voice", Voice).names("letters"):
        if not _LETTER.fullmatch(letter):
            faults.add(key, letter, "no_letter")


def check_from_home(document: Document, faults: Faults) -> None:
    """Note services that give places from home and that the hall does not have, or that ask who comes."""
    asking = [
        service.raw("id") for service in tables(document, "services", Service) if service.value("asks_person", bool)
    ]
    for key, service_id in table(document, "from_home", FromHome).members("services"):
        check_known(key, service_id, document, "services", faults)
        if service_id in asking:
            faults.add(key, service_id, "asked_at_home")
