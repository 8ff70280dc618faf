"""Reads the rows of a list of procedures from a CSV or XLSX file, whatever its delimiter and encoding."""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import ParseError

from config.columns import BROKEN, Row, UnreadableListError

_BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_DELIMITERS = ",;\t|"
_DAMAGED_SHEETS = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    KeyError,
    TypeError,
    ValueError,
    EOFError,
    OSError,
)
"""What the spreadsheet reader raises when it meets a damaged file."""
_ZIP_MARK = b"PK\x03\x04"
_OLD_EXCEL_MARK = b"\xd0\xcf\x11\xe0"


def rows_of(path: Path) -> Iterator[Row]:
    """All rows that are not empty; raises UnreadableListError if the file can't be read as a list."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableListError("unreadable", reason=error.strerror or error) from error
    if content.startswith(_OLD_EXCEL_MARK):
        raise UnreadableListError("old_excel")
    rows = _sheet_rows(content) if content.startswith(_ZIP_MARK) else _text_rows(decoded(content))
    return ((number, cells) for number, cells in rows if any(cells))


def decoded(content: bytes) -> str:
    """The text of a file saved as UTF-8, UTF-16 or Windows Vietnamese (code page 1258)."""
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            return _text(content, encoding)
    if b"\0" in content[:2]:
        return _text(content, "utf-16-be" if content[:1] == b"\0" else "utf-16-le")
    text = content.decode("utf-8", errors="replace")
    foreign = sum(byte > 127 for byte in content)
    damage = text.count(BROKEN)
    # A damaged UTF-8 file keeps its sound rows; Windows Vietnamese has hardly any byte pair that is UTF-8.
    return text if damage * 10 <= foreign else _text(content, "cp1258")


def _text(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableListError("encoding") from error


def _delimiter(text: str) -> str:
    """The delimiter that the lines above the first data agree on most."""
    first = next((line for line in text.splitlines() if any(mark in line for mark in _DELIMITERS)), "")
    return max(_DELIMITERS, key=first.count)


def _text_rows(text: str) -> Iterator[Row]:
    csv.field_size_limit(1_000_000)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    number = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnreadableListError("csv", row=number, reason=error) from error
        yield number, [cell.strip() for cell in cells]
        number += 1


def _sheet_rows(content: bytes) -> Iterator[Row]:
    # loaded here: it takes longer to load than all else that a server needs to start again
    from openpyxl.reader.excel import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheets = book.worksheets
        rows = list(sheets[0].iter_rows(values_only=True)) if sheets else []
        book.close()
    except (InvalidFileException, *_DAMAGED_SHEETS) as error:
        raise UnreadableListError("xlsx", reason=error) from error
    for number, cells in enumerate(rows, 1):
        yield number, [_shown(cell) for cell in cells]


def _shown(cell: object) -> str:
    """A cell as text; a code that the spreadsheet took for a number gets its last zeros back."""
    if isinstance(cell, float) and not cell.is_integer():
        return f"{cell:.6f}"
    return "" if cell is None else str(cell).strip()
