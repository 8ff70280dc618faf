"""How the papers of a hall look: which lines in which order, how large, where, and the hall's own words."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from printers.lines import Align, Logo
from printers.papers import ComeBackPaper, Paper, PlacePaper, ProcedurePaper, TicketPaper

Millimetres = Annotated[float, Meta(ge=0, le=60)]
Words = Annotated[str, Meta(min_length=1, max_length=400)]


class LineStyle(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How one line of a paper looks; which `line` it is, the paper's own type says."""

    show: bool = True
    size: Literal["small", "normal", "large"] = "normal"
    bold: bool = False
    align: Align = "center"
    above_mm: Millimetres = 0.0
    """White paper before it, if it is printed at all."""
    below_mm: Millimetres = 0.0
    text: dict[str, Words] = {}
    """The hall's own words instead of the usual ones, by language; Vietnamese stands in for a missing one."""


class TicketLine(LineStyle, frozen=True, kw_only=True):
    """A line of a ticket."""

    line: Literal[
        "reprint", "logo", "hall", "rule", "service", "title", "number", "priority", "people_ahead", "wait", "counters",
        "uncertain", "offline", "note", "qr", "scan", "issued", "rules", "text",
    ]  # fmt: skip


class PlaceLine(LineStyle, frozen=True, kw_only=True):
    """A line of the slip of a promised place."""

    line: Literal[
        "logo",
        "hall",
        "rule",
        "service",
        "title",
        "time",
        "day",
        "priority",
        "note",
        "qr",
        "scan",
        "use",
        "late",
        "text",
    ]


class ComeBackLine(LineStyle, frozen=True, kw_only=True):
    """A line of a come-back slip."""

    line: Literal[
        "logo", "hall", "rule", "service", "title", "number", "papers_title", "papers", "until", "note", "qr", "scan",
        "use", "text",
    ]  # fmt: skip


class ProcedureLine(LineStyle, frozen=True, kw_only=True):
    """A line of a procedure's slip."""

    line: Literal[
        "logo", "hall", "rule", "procedure", "code", "field", "papers_title", "papers", "fee", "time_limit", "counters",
        "note", "qr", "scan", "text",
    ]  # fmt: skip


class TestLine(LineStyle, frozen=True, kw_only=True):
    """A line of the test slip."""

    __test__ = False
    line: Literal["logo", "rule", "title", "printer", "model", "tones", "ruler", "number", "qr", "printed", "text"]


class TemplateFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A template as it is written: the lines of each kind of paper from top to bottom; none: as by default."""

    logo: str = ""
    """A PNG file beside the template."""
    logo_width_mm: Annotated[float, Meta(ge=0, le=80)] = 0.0
    """How wide the logo is printed; 0: one dot for each of its pixels, at most the paper's width."""
    ticket: list[TicketLine] = []
    place: list[PlaceLine] = []
    come_back: list[ComeBackLine] = []
    procedure: list[ProcedureLine] = []
    test: list[TestLine] = []


PaperLine = TicketLine | PlaceLine | ComeBackLine | ProcedureLine | TestLine


class TicketTemplate(Struct, frozen=True, kw_only=True):
    """A template that was checked and is complete, with its logo."""

    ticket: tuple[PaperLine, ...]
    place: tuple[PaperLine, ...]
    come_back: tuple[PaperLine, ...]
    procedure: tuple[PaperLine, ...]
    test: tuple[PaperLine, ...]
    logo: Logo | None = None

    def lines_of(self, paper: Paper) -> tuple[PaperLine, ...]:
        """The lines of this kind of paper."""
        match paper:
            case TicketPaper():
                return self.ticket
            case PlacePaper():
                return self.place
            case ComeBackPaper():
                return self.come_back
            case ProcedurePaper():
                return self.procedure
            case _:
                return self.test
