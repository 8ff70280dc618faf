"""What a list of procedures looks like: its rows, and its columns found by Vietnamese or English headers. Pure."""

import re
from collections.abc import Sequence

from config.names import folded

Row = tuple[int, list[str]]
"""A row's number as a spreadsheet shows it, and its cells."""

BROKEN = "\N{REPLACEMENT CHARACTER}"
"""Stands in a text where the file's bytes are damaged."""

HEADERS = {
    "code": [
        "ma thu tuc",
        "ma tthc",
        "ma so tthc",
        "ma so",
        "ma so thu tuc",
        "ma quoc gia",
        "ma so ho so tthc",
        "ma thu tuc hanh chinh",
        "ma so thu tuc hanh chinh",
        "procedure code",
        "code",
        "ref",
    ],
    "name": [
        "ten thu tuc",
        "ten tthc",
        "ten thu tuc hanh chinh",
        "thu tuc hanh chinh",
        "thu tuc",
        "procedure name",
        "name",
    ],
    "field": ["linh vuc", "ten linh vuc", "field"],
    "fee": ["phi le phi", "muc phi le phi", "muc phi", "phi", "le phi", "fee", "fees", "cost"],
    "fee_note": ["fee note", "ghi chu phi", "mo ta phi", "le phi"],
    "time_limit": [
        "thoi han giai quyet",
        "thoi gian giai quyet",
        "thoi han",
        "thoi gian thuc hien",
        "time limit text",
        "time limit",
    ],
    "time_value": ["time value", "so ngay"],
    "time_unit": ["time unit", "don vi thoi gian", "don vi tinh thoi gian"],
    "papers": ["thanh phan ho so", "thanh phan", "ho so gom", "papers", "documents"],
    "agency": [
        "dept hint",
        "co quan thuc hien",
        "co quan tiep nhan",
        "don vi thuc hien",
        "so ban nganh",
        "co quan",
        "don vi",
        "department",
        "agency",
    ],
    "levels": ["cap thuc hien", "cap", "cap giai quyet", "levels", "level"],
}
"""Headers by column, folded, the better ones first."""

REQUIRED = ("code", "name")

_LEVEL_WORDS = {
    "tinh": "tinh",
    "so": "tinh",
    "province": "tinh",
    "provincial": "tinh",
    "xa": "xa",
    "phuong": "xa",
    "commune": "xa",
    "bo": "bo",
    "trung uong": "bo",
    "central": "bo",
    "huyen": "huyen",
    "district": "huyen",
}


class UnreadableListError(Exception):
    """The file is no list that can be read; `code` names the text of `[import]` that says why."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def found_columns(cells: Sequence[str]) -> dict[str, int]:
    """The place of every column that a header row names, exactly or with words after it."""
    headers = [re.sub(r"[^a-z0-9]+", " ", folded(cell)).strip() for cell in cells]
    found: dict[str, int] = {}
    for column, names in HEADERS.items():
        exact = (headers.index(name) for name in names if name in headers)
        begun = (at for name in names for at, header in enumerate(headers) if header.startswith(f"{name} "))
        place = next((at for at in (*exact, *begun) if at not in found.values()), None)
        if place is not None:
            found[column] = place
    return found


def is_header(columns: dict[str, int]) -> bool:
    """Whether a row with these columns can head a list of procedures."""
    return all(name in columns for name in REQUIRED)


def levels_of(cell: str) -> list[str]:
    """The levels of government that a cell names: `Cấp tỉnh; cấp xã` gives tinh and xa."""
    parts = re.split(r"[;,/|+&\n]| va ", folded(cell))
    words = [re.sub(r"^(cap|level) ", "", part.strip()) for part in parts]
    return list(dict.fromkeys(_LEVEL_WORDS[word] for word in words if word in _LEVEL_WORDS))
