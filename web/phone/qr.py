"""A QR code as a few lines of SVG, to stand in the page itself: no further request, and no style that is forbidden."""

from itertools import groupby
from typing import Any

from markupsafe import Markup
from qrcode.constants import ERROR_CORRECT_L
from qrcode.main import QRCode

QUIET_MODULES = 3


def inline_qr(words: str, title: str) -> Markup:
    """The QR code of some words; `title` is what a screen reader says of it."""
    code: Any = QRCode(border=QUIET_MODULES, error_correction=ERROR_CORRECT_L)
    code.add_data(words)
    rows: list[list[bool]] = code.get_matrix()
    path = "".join(_bars(row, at) for at, row in enumerate(rows))
    return Markup(
        '<svg class="qr" viewBox="0 0 {0} {0}" role="img" aria-label="{1}" shape-rendering="crispEdges">'
        '<path fill="#fff" d="M0 0h{0}v{0}H0z"/><path d="{2}"/></svg>'
    ).format(len(rows), title, path)


def _bars(row: list[bool], at: int) -> str:
    """A row of the code as bars, each drawn once however long it is."""
    bars, column = "", 0
    for dark, modules in groupby(row):
        length = len(list(modules))
        bars += f"M{column} {at}h{length}v1h-{length}z" if dark else ""
        column += length
    return bars
