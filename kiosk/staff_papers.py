"""The last tickets of a kiosk, as staff see them, and their papers once more: from its journal. Pure."""

from collections.abc import Iterable, Iterator

from config.texts import FALLBACK
from kiosk.entries import Entry
from kiosk.hall_now import HallNow
from kiosk.papers import reprinted, ticket_paper
from kiosk.staff_touches import LastPaper
from kiosk.visit import Visit
from printers.papers import TicketPaper
from protocol.commands import CheckIn, IssueTicket
from protocol.replies import TicketIssuedReply


def last_papers(entries: Iterable[Entry], hall_now: HallNow) -> Iterator[LastPaper]:
    """The tickets of today among a journal's entries (oldest first), the newest first."""
    today = hall_now.today()
    for entry in reversed(list(entries)):
        ticket = entry.reply.ticket if isinstance(entry.reply, TicketIssuedReply) else None
        if ticket is None or entry.withdraw_id or (today is not None and ticket.service_day != today):
            continue
        service = hall_now.service(ticket.service_id)
        given_at = hall_now.local(ticket.issued_at) or ticket.issued_at
        name = service.name if service else ticket.service_id
        yield LastPaper(entry.request_id, ticket.number, name, f"{given_at:%H:%M}")


def paper_again(entry: Entry, hall_now: HallNow) -> TicketPaper | None:
    """The paper of an entry once more, with its mark; none if it is no ticket's."""
    if not isinstance(entry.reply, TicketIssuedReply):
        return None
    asked = entry.command
    visit = Visit(asked.language if isinstance(asked, IssueTicket | CheckIn) else FALLBACK)
    return reprinted(hall_now, ticket_paper(hall_now, visit, entry.reply))
