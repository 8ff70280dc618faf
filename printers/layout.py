"""What each paper shows and in which order, as lines that know nothing of dots, bytes or devices."""

from collections.abc import Callable
from typing import Any

from config.texts import FALLBACK, text
from printers.lines import (
    Align,
    Banner,
    Cut,
    Fact,
    Feed,
    Item,
    Line,
    Logo,
    Number,
    QrCode,
    Rule,
    Ruler,
    Size,
    Text,
)
from printers.papers import ComeBackPaper, Paper, PlacePaper, ProcedurePaper, TestPaper, TicketPaper
from printers.saying import clean, day_of, moment, waiting_range, without_word
from printers.template import PaperLine, TicketTemplate
from printers.usual_template import default_template

__all__ = [
    "Align",
    "Banner",
    "ComeBackPaper",
    "Cut",
    "Fact",
    "Feed",
    "Item",
    "Line",
    "Logo",
    "Number",
    "Paper",
    "PlacePaper",
    "ProcedurePaper",
    "QrCode",
    "Rule",
    "Ruler",
    "Size",
    "TestPaper",
    "Text",
    "TicketPaper",
    "day_of",
    "lay_out",
    "moment",
    "waiting_range",
]

TONES = ("ĂÂĐÊÔƠƯ ăâđêôơư", "ẰẲẴẮẶ ẦẨẪẤẬ ỀỂỄẾỆ", "ỒỔỖỐỘ ỜỞỠỚỢ ỪỬỮỨỰ", "ằẳẵắặ ầẩẫấậ ềểễếệ", "ồổỗốộ ờởỡớợ ừửữứự ỳỷỹýỵ")
"""Every Vietnamese letter with two marks, for the test slip."""
_DOTS_PER_MM = 8


def lay_out(paper: Paper, template: TicketTemplate | None = None) -> list[Line]:
    """Return the lines of a paper from top to bottom, in its language; all text in Unicode NFC."""
    template = template or default_template()
    lines: list[Line] = []
    for style in template.lines_of(paper):
        content = _content(style, paper, template) if style.show else []
        lines += _spaced(content, style)
    return [*lines, Cut()]


def _content(style: PaperLine, paper: Paper, template: TicketTemplate) -> list[Line]:
    """What one line of the template prints; nothing where the paper has nothing to say."""
    if style.line == "logo":
        return [] if template.logo is None else [_placed(template.logo, style.align)]
    if style.line == "text":
        return [_words(_own(style, paper.language), style, fixed=True)] if style.text else []
    return _CONTENTS[style.line](style, paper)


def _spaced(content: list[Line], style: PaperLine) -> list[Line]:
    """A line with the white around it; an absent line leaves no gap."""
    if not content:
        return []
    above, below = round(style.above_mm * _DOTS_PER_MM), round(style.below_mm * _DOTS_PER_MM)
    return [*[Feed(above)] * bool(above), *content, *[Feed(below)] * bool(below)]


def _placed(logo: Logo, align: Align) -> Logo:
    return Logo(logo.width, logo.height, logo.grey, align)


# ---- words ---------------------------------------------------------------------


def _own(style: PaperLine, language: str) -> str:
    """The hall's own words of a line, in a language or else in Vietnamese; empty if it has none."""
    return clean(style.text.get(language) or style.text.get(FALLBACK) or next(iter(style.text.values()), ""))


def _say(key: str, style: PaperLine, paper: Paper, **values: object) -> str:
    """The hall's own words, or else the usual ones of `key`."""
    return _own(style, paper.language) or text(f"ticket.{key}", paper.language, **values)


def _words(words: str, style: PaperLine, *, fixed: bool = False) -> Text:
    return Text(clean(words), Size(style.size), style.bold, style.align, fixed)


def _fixed(key: str, style: PaperLine, paper: Paper) -> list[Line]:
    """Words that are the same on every paper."""
    return [_words(_say(key, style, paper), style, fixed=True)]


def _fact(key: str, value: str, style: PaperLine, paper: Paper) -> list[Line]:
    """A label and its value; nothing without a value."""
    return [Fact(_say(key, style, paper), value, Size(style.size), style.align)] if value else []


# ---- lines of several papers ------------------------------------------------------


def _hall(style: PaperLine, paper: Any) -> list[Line]:
    return [_words(clean(paper.hall_name).upper(), style, fixed=True)] if paper.hall_name else []


def _priority(_style: PaperLine, paper: Any) -> list[Line]:
    """That it goes before others."""
    if not paper.class_name:
        return []
    return [Banner(text("ticket.priority", paper.language, name=clean(paper.class_name)))]


def _note(style: PaperLine, paper: Any) -> list[Line]:
    return [_words(paper.note, style)] if paper.note else []


def _title(style: PaperLine, paper: Paper) -> list[Line]:
    return _fixed(_TITLES[type(paper)], style, paper)


def _number(style: PaperLine, paper: Any) -> list[Line]:
    return [Number("A015" if isinstance(paper, TestPaper) else clean(paper.number), Size(style.size))]


def _counters(style: PaperLine, paper: Any) -> list[Line]:
    key = "counter" if len(paper.counters) == 1 else "counters"
    return _fact(key, ", ".join(without_word(name) for name in paper.counters), style, paper)


def _papers(style: PaperLine, paper: Any) -> list[Line]:
    """The papers to bring, numbered if there are several."""
    marks = [f"{number}." for number in range(1, len(paper.papers) + 1)] if len(paper.papers) > 1 else ["–"]
    return [Item(mark, clean(name), Size(style.size)) for mark, name in zip(marks, paper.papers, strict=False)]


def _qr(_style: PaperLine, paper: Any) -> list[Line]:
    return [QrCode(paper.url)] if paper.url else []


def _scan(style: PaperLine, paper: Any) -> list[Line]:
    return _fixed(_SCANS[type(paper)], style, paper) if paper.url else []


def _use(style: PaperLine, paper: Paper) -> list[Line]:
    return _fixed("place_use" if isinstance(paper, PlacePaper) else "come_back_use", style, paper)


_TITLES: dict[type, str] = {
    TicketPaper: "your_number",
    PlacePaper: "your_place",
    ComeBackPaper: "come_back",
    TestPaper: "test",
}
_SCANS: dict[type, str] = {
    TicketPaper: "scan",
    PlacePaper: "scan_place",
    ComeBackPaper: "scan_come_back",
    ProcedurePaper: "scan_procedure",
}


# ---- lines of one paper -----------------------------------------------------------


def _reprint(style: PaperLine, paper: TicketPaper) -> list[Line]:
    """That it is not the first paper of its number, and when it was printed."""
    if not paper.again:
        return []
    words = _say("reprint", style, paper)
    return [Banner(f"{words} {paper.reprint_of:%H:%M}" if paper.reprint_of else words)]


def _people_ahead(style: PaperLine, paper: TicketPaper) -> list[Line]:
    return [] if paper.offline else _fact("people_ahead", str(paper.people_ahead), style, paper)


def _wait(style: PaperLine, paper: TicketPaper) -> list[Line]:
    return [] if paper.offline else _fact("wait", waiting_range(paper) or "", style, paper)


def _papers_title(style: PaperLine, paper: Any) -> list[Line]:
    key = "papers_missing" if isinstance(paper, ComeBackPaper) else "papers_needed"
    return _fixed(key, style, paper) if paper.papers else []


def _tones(_style: PaperLine, paper: TestPaper) -> list[Line]:
    """All letters with two marks, in every size."""
    weights = [(Size.SMALL, False), (Size.NORMAL, False), (Size.NORMAL, True), (Size.LARGE, True)]
    sample = text("ticket.tones", paper.language)
    return [*(Text(row) for row in TONES), *(Text(sample, size, bold) for size, bold in weights)]


_CONTENTS: dict[str, Callable[[PaperLine, Any], list[Line]]] = {
    "hall": _hall,
    "rule": lambda _style, _paper: [Rule()],
    "service": lambda style, paper: [_words(paper.service_name, style)],
    "title": _title,
    "number": _number,
    "priority": _priority,
    "note": _note,
    "counters": _counters,
    "qr": _qr,
    "scan": _scan,
    "use": _use,
    "papers_title": _papers_title,
    "papers": _papers,
    "reprint": _reprint,
    "people_ahead": _people_ahead,
    "wait": _wait,
    "uncertain": lambda style, paper: _fixed("uncertain", style, paper) if paper.uncertain else [],
    "offline": lambda style, paper: _fixed("offline", style, paper) if paper.offline else [],
    "issued": lambda style, paper: _fact("issued_at", moment(paper.issued_at, paper.language), style, paper),
    "rules": lambda style, paper: _fixed("rules", style, paper),
    "time": lambda style, paper: [Number(f"{paper.slot_at:%H:%M}", Size(style.size))],
    "day": lambda style, paper: [_words(day_of(paper.slot_at, paper.language), style)],
    "late": lambda style, paper: _fixed("place_late", style, paper),
    "until": lambda style, paper: _fact("come_back_until", moment(paper.until, paper.language), style, paper),
    "procedure": lambda style, paper: [_words(paper.procedure_name, style)],
    "code": lambda style, paper: _fact("code", clean(paper.code), style, paper),
    "field": lambda style, paper: _fact("field", clean(paper.field), style, paper),
    "fee": lambda style, paper: _fact("fee", clean(paper.fee), style, paper),
    "time_limit": lambda style, paper: _fact("time_limit", clean(paper.time_limit), style, paper),
    "printer": lambda style, paper: _fact("printer", clean(paper.printer_name), style, paper),
    "model": lambda style, paper: _fact("model", clean(paper.model), style, paper),
    "tones": _tones,
    "ruler": lambda _style, _paper: [Ruler()],
    "printed": lambda style, paper: _fact("printed_at", moment(paper.printed_at, paper.language), style, paper),
}
"""What each line of a template prints."""
