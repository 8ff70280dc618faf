"""A procedure's fee, time limit and papers as a list tells them: what is certain is kept, the rest left empty. Pure."""

import re
from collections.abc import Mapping

from config.names import composed, folded

_LONGEST = 2000
_NOT_SAID = {
    "",
    "mien phi",
    "mien",
    "khong",
    "khong co",
    "khong quy dinh",
    "chua quy dinh",
    "co",
    "phi le phi",
    "phi tham dinh",
}
"""The national portal prints “Miễn phí” also where no fee is set, so none of these tells a fee."""
_AMOUNT = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+) ?(?:VNĐ|VND|đồng|đ)\b", re.IGNORECASE)
_UNITS = {
    "working day": "ngày làm việc",
    "working days": "ngày làm việc",
    "ngay lam viec": "ngày làm việc",
    "day": "ngày",
    "days": "ngày",
    "ngay": "ngày",
    "hour": "giờ",
    "hours": "giờ",
    "gio": "giờ",
    "gio lam viec": "giờ làm việc",
    "month": "tháng",
    "months": "tháng",
    "thang": "tháng",
    "year": "năm",
    "nam": "năm",
}
_BULLET = re.compile(r"^(?:[-+•*–—●○▪■]+|\(?\d{1,2}[.)]|\(?[a-zđ]\))\s+|^[-+•–—●○▪■]")
_FOOTNOTES = re.compile(r"\*+")


def fee_of(cells: Mapping[str, str]) -> str:
    """What a procedure costs, in the list's words; empty where no fee is told."""
    amount = _AMOUNT.sub(lambda found: f"{found[1].replace(',', '.')} đồng", _said(cells.get("fee", "")))
    note = _said(cells.get("fee_note", ""))
    if not amount or not note:
        return (amount or note)[:_LONGEST]
    number = amount.removesuffix(" đồng")
    if number in note or number.replace(".", ",") in note:
        return note[:_LONGEST]
    return (f"{number} {note}" if folded(note).startswith("dong") else f"{amount}; {note}")[:_LONGEST]


def time_limit_of(cells: Mapping[str, str]) -> str:
    """How long a procedure takes, such as `3 ngày làm việc`; a number without its unit tells nothing."""
    told = composed(_FOOTNOTES.sub("", cells.get("time_limit", "")))
    if told and not _number(told):
        return told[:_LONGEST]
    number = _number(cells.get("time_value", "")) or _number(told)
    unit = _UNITS.get(re.sub(r"[^a-z]+", " ", folded(cells.get("time_unit", ""))).strip(), "")
    return f"{number} {unit}" if number and unit else ""


def lacks_unit(cells: Mapping[str, str]) -> bool:
    """Whether a time limit is a bare number, which may mean days, working days or hours."""
    told = cells.get("time_value", "") or cells.get("time_limit", "")
    return bool(_number(told)) and not time_limit_of(cells)


def papers_of(cell: str) -> list[str]:
    """The papers that a cell lists, one on each line; a line without a bullet goes on where another has begun one."""
    lines = [line.strip() for line in cell.splitlines() if line.strip()]
    bulleted = any(_BULLET.match(line) for line in lines)
    papers: list[str] = []
    for line in lines:
        begun = _BULLET.match(line)
        if bulleted and not begun and papers:
            papers[-1] += f" {line}"
        else:
            papers.append(_BULLET.sub("", line, count=1))
    return [paper[:_LONGEST] for paper in (composed(each).rstrip(";") for each in papers) if paper]


def _said(cell: str) -> str:
    """A fee's words; empty for those that tell none, and for a lone letter or digit."""
    text = composed(_BULLET.sub("", cell.strip(), count=1))
    bare = re.sub(r"[^a-z0-9]+", " ", folded(text)).strip()
    return "" if bare in _NOT_SAID or len(bare) < len("8000") else text


def _number(cell: str) -> str:
    """A bare number as people write it, `0,5`; empty for anything else."""
    if not re.fullmatch(r"\d{1,4}([.,]\d{1,6})?", cell.strip()):
        return ""
    return f"{float(cell.replace(',', '.')):g}".replace(".", ",")
