"""The rows of a list of dossiers: columns found by their headers, what each row says, and which can't be used. Pure."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from config.columns import Row
from config.names import folded
from queue_server.cases.dossiers import Dossier, key_of

HEADERS = {
    "code": ["code", "ma ho so", "so ho so", "ma so ho so", "so bien nhan", "ma bien nhan", "dossier", "dossier code"],
    "state": ["state", "trang thai", "trang thai ho so", "tinh trang", "tinh trang ho so", "status"],
    "service": ["service", "dich vu", "linh vuc"],
    "due_on": ["due on", "ngay hen tra", "ngay hen tra ket qua", "hen tra", "ngay hen", "han tra", "due"],
}
"""Headers by column, folded, the better ones first."""
HEADER_WITHIN = 20
"""Titles may stand above the header, so many rows at most."""
LONGEST_CODE = 64

_READY = {
    "ready", "da co ket qua", "co ket qua", "cho tra ket qua", "cho tra", "da giai quyet", "da giai quyet xong",
    "hoan thanh", "da hoan thanh", "da xong",
}  # fmt: skip
_NOT_READY = {
    "not ready", "moi tiep nhan", "da tiep nhan", "tiep nhan", "cho xu ly", "dang xu ly", "dang giai quyet",
    "dang xu ly qua han", "qua han", "yeu cau bo sung", "cho bo sung", "bo sung", "tam dung", "chua co ket qua",
    "processing",
}  # fmt: skip
_FETCHED = {"da tra", "da tra ket qua", "fetched"}
_DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")


@dataclass(frozen=True)
class BadCell:
    """What can't be used: the row as a spreadsheet numbers it, the column, what stands there, what was expected."""

    row: int
    column: str
    value: str
    expected: str

    @property
    def what(self) -> tuple[str, str]:
        """The same wherever the row stands."""
        return (self.column, self.value)


class NoHeaderError(Exception):
    """No row of the list names a column for codes and one for states."""


def dossiers_of(
    rows: Iterable[Row], services: Mapping[str, str], elsewhere: str | None
) -> tuple[dict[str, Dossier], list[BadCell]]:
    """The dossiers by `key_of` their code, of doubles the last one, and what can't be used; raises NoHeaderError.

    `services`: ids by folded id or name; `elsewhere`: the service where a row names none.
    """
    reader = _Reader(services, elsewhere)
    for row in rows:
        reader.take(row)
    if not reader.columns:
        raise NoHeaderError
    return reader.dossiers, reader.bad


def columns_of(cells: Sequence[str]) -> dict[str, int]:
    """The place of each column that a header row names; empty if it names no code or no state."""
    headers = [_plain(cell) for cell in cells]
    found: dict[str, int] = {}
    for column, names in HEADERS.items():
        exact = (headers.index(name) for name in names if name in headers)
        begun = (at for name in names for at, header in enumerate(headers) if header.startswith(f"{name} "))
        place = next((at for at in (*exact, *begun) if at not in found.values()), None)
        if place is not None:
            found[column] = place
    return found if "code" in found and "state" in found else {}


class _Reader:
    """Reads one list, row by row."""

    def __init__(self, services: Mapping[str, str], elsewhere: str | None) -> None:
        self.columns: dict[str, int] = {}
        self.dossiers: dict[str, Dossier] = {}
        self.bad: list[BadCell] = []
        self._services, self._elsewhere = services, elsewhere

    def take(self, row: Row) -> None:
        """Read a row: the header, or a dossier."""
        number, cells = row
        if self.columns:
            self._take_dossier(number, {name: _cell(cells, at) for name, at in self.columns.items()})
        elif number <= HEADER_WITHIN:
            self.columns = columns_of(cells)

    def _take_dossier(self, number: int, cells: dict[str, str]) -> None:
        code, state = key_of(cells["code"]), _plain(cells["state"])
        if not code or len(code) > LONGEST_CODE:
            self._refuse(number, "code", cells["code"], f"a code of at most {LONGEST_CODE} signs")
        elif state in _FETCHED:
            self.dossiers.pop(code, None)
        elif state not in _READY | _NOT_READY:
            self._refuse(number, "state", cells["state"], "ready or not_ready")
        else:
            service_id, due_on = self._service(number, cells), self._due_on(number, cells)
            self.dossiers[code] = Dossier(code, state in _READY, service_id, due_on)

    def _service(self, number: int, cells: dict[str, str]) -> str | None:
        written = cells.get("service", "")
        found = self._services.get(folded(written), self._elsewhere)
        if written and folded(written) not in self._services:
            self._refuse(number, "service", written, "the id or name of a service of the hall")
        return found

    def _due_on(self, number: int, cells: dict[str, str]) -> dt.date | None:
        written = cells.get("due_on", "")
        day = _day(written)
        if written and day is None:
            self._refuse(number, "due_on", written, "a day as 2026-11-30 or 30/11/2026")
        return day

    def _refuse(self, number: int, column: str, value: str, expected: str) -> None:
        self.bad.append(BadCell(number, column, value[:LONGEST_CODE], expected))


def _cell(cells: Sequence[str], at: int) -> str:
    return cells[at].strip() if at < len(cells) else ""


def _plain(words: str) -> str:
    """Words without tones, case and signs: `Đã có kết quả.` is `da co ket qua`."""
    return re.sub(r"[^a-z0-9]+", " ", folded(words)).strip()


def _day(written: str) -> dt.date | None:
    """The day of a cell, which may have a time behind it or before it."""
    for part in written.replace("T", " ").split():
        for shape in _DATES:
            try:
                return dt.datetime.strptime(part, shape).date()  # noqa: DTZ007 - a day of the calendar has no zone
            except ValueError:
                continue
    return None
