"""Turns the rows of an official list into procedures, and says of every row that it can't take why not. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from config.columns import BROKEN, REQUIRED, Row, UnreadableListError, found_columns, is_header, levels_of
from config.details import fee_of, lacks_unit, papers_of, time_limit_of
from config.names import composed, folded, id_of
from config.settings import HallFile, Procedure

CODE = re.compile(r"\d\.\d{6}(\.\d{3}\.\d{2}\.\d{2})?(\.[GH]\d{2})?")
"""A national procedure code, alone or with the tail of the province that handles it."""
_LONGEST_NAME = 2000
_HEADER_ROWS = 20
"""How many rows from the top may stand above the header, such as the decision's title."""


@dataclass(frozen=True)
class Refusal:
    """A row that was not taken; `reason` names a text of `[import]`."""

    row: int
    value: str
    reason: str
    other: int = 0
    """The row that has the same code, for `double`."""


class Reader:
    """Reads one list: `procedures` and `refusals` grow with each row."""

    def __init__(self, agencies: Mapping[str, str]) -> None:
        self.procedures: list[Procedure] = []
        self.refusals: list[Refusal] = []
        self.without_unit = 0
        """Time limits that were not used, since they are numbers without a unit."""
        self._agencies = agencies
        self._rows: dict[str, int] = {}

    def read(self, rows: Iterable[Row]) -> Iterator[int]:
        """Take all rows, yielding the number of each; raises UnreadableListError if no header is found."""
        remaining = iter(rows)
        columns = _header(remaining)
        for number, cells in remaining:
            self._take(number, {name: cells[at] for name, at in columns.items() if at < len(cells)})
            yield number

    def _take(self, number: int, cells: Mapping[str, str]) -> None:
        code, name = composed(cells.get("code", "")), composed(cells.get("name", ""))
        if reason := self._objection(code, name):
            self.refusals.append(Refusal(number, code or name, reason, self._rows.get(code, 0)))
            return
        self._rows[code] = number
        self.without_unit += lacks_unit(cells)
        self.procedures.append(
            Procedure(
                code=code,
                name=name,
                field=composed(cells.get("field", "")),
                agency=self._agency(cells),
                levels=levels_of(cells.get("levels", "")),
                fee=fee_of(cells),
                time_limit=time_limit_of(cells),
                papers=papers_of(cells.get("papers", "")),
            )
        )

    def _objection(self, code: str, name: str) -> str:
        if not code:
            return "no_code" if name else "empty_row"
        if not CODE.fullmatch(code):
            return "bad_code"
        if not name:
            return "no_name"
        if BROKEN in name:
            return "broken_text"
        if len(name) > _LONGEST_NAME:
            return "long_name"
        return "double" if code in self._rows else ""

    def _agency(self, cells: Mapping[str, str]) -> str:
        name = composed(cells.get("agency", ""))
        return self._agencies.get(folded(name), id_of(name)[:64].strip("-"))


def agencies_of(hall: HallFile | None) -> dict[str, str]:
    """The agency ids of a hall by folded name and id; empty without a hall."""
    if hall is None:
        return {}
    by_id = {folded(agency.id): agency.id for agency in hall.agencies}
    return by_id | {folded(agency.name): agency.id for agency in hall.agencies}


def _header(rows: Iterator[Row]) -> dict[str, int]:
    best: dict[str, int] = {}
    for _, (_, cells) in zip(range(_HEADER_ROWS), rows, strict=False):
        columns = found_columns(cells)
        if is_header(columns):
            return columns
        best = max(best, columns, key=len)
    raise UnreadableListError("no_header", missing=", ".join(name for name in REQUIRED if name not in best))
