"""The papers as they look without a template of the hall: `config/tickets/default.toml`."""

from functools import cache

from config.settings import ROOT
from printers.documents import read_document
from printers.lines import Logo
from printers.template import TemplateFile, TicketTemplate

DEFAULT_PATH = ROOT / "tickets" / "default.toml"


@cache
def default_template() -> TicketTemplate:
    """The template that comes with the program."""
    written = read_document(DEFAULT_PATH, TemplateFile)
    return completed(written, written, None)


def completed(written: TemplateFile, rest: TemplateFile | TicketTemplate, logo: Logo | None) -> TicketTemplate:
    """A template with the lines that were written, and those of `rest` for papers without any."""
    return TicketTemplate(
        ticket=tuple(written.ticket or rest.ticket),
        place=tuple(written.place or rest.place),
        come_back=tuple(written.come_back or rest.come_back),
        procedure=tuple(written.procedure or rest.procedure),
        test=tuple(written.test or rest.test),
        logo=logo,
    )
