"""What the kiosk prints: the hall's answers with the names that its citizen reads."""

from msgspec.structs import replace

from config import texts
from kiosk.hall_now import HallNow
from kiosk.visit import ORDINARY, Visit
from printers.papers import PlacePaper, ProcedurePaper, TicketPaper
from protocol.replies import PlaceReply, TicketIssuedReply
from protocol.views import ProcedureInfo


def ticket_paper(hall_now: HallNow, visit: Visit, reply: TicketIssuedReply) -> TicketPaper:
    """The paper of a number."""
    ticket = reply.ticket
    return TicketPaper(
        hall_name=_hall_name(hall_now, visit),
        service_name=_service_name(hall_now, visit, ticket.service_id),
        number=ticket.number,
        class_name=_class_name(hall_now, visit, ticket.class_id),
        people_ahead=ticket.people_ahead or 0,
        wait_low_minutes=ticket.wait_low_minutes,
        wait_high_minutes=ticket.wait_high_minutes,
        counters=hall_now.counter_names(reply.counter_ids),
        issued_at=hall_now.local(ticket.issued_at) or ticket.issued_at,
        url=reply.url,
        language=visit.language,
        uncertain=visit.uncertain,
        note=visit.note,
        offline=ticket.people_ahead is None,
    )


def reprinted(hall_now: HallNow, paper: TicketPaper) -> TicketPaper:
    """The paper once more, with the mark that it is not the first."""
    return replace(paper, reprint=True, reprint_of=hall_now.local())


def procedure_paper(hall_now: HallNow, visit: Visit, procedure: ProcedureInfo) -> ProcedurePaper:
    """What a citizen needs for a procedure; no ticket."""
    service = hall_now.service(procedure.service_id)
    return ProcedurePaper(
        hall_name=_hall_name(hall_now, visit),
        procedure_name=procedure.name,
        code=procedure.code,
        field=procedure.field,
        papers=tuple(procedure.papers),
        fee=procedure.fee,
        time_limit=procedure.time_limit,
        counters=hall_now.counter_names(service.counter_ids) if service else (),
        language=visit.language,
    )


def place_paper(hall_now: HallNow, visit: Visit, reply: PlaceReply) -> PlacePaper:
    """The slip of a place."""
    return PlacePaper(
        hall_name=_hall_name(hall_now, visit),
        service_name=_service_name(hall_now, visit, reply.service_id),
        class_name=_class_name(hall_now, visit, visit.class_id or ORDINARY),
        appointment_id=reply.appointment_id,
        slot_at=hall_now.local(reply.slot_at) or reply.slot_at,
        url=reply.url,
        language=visit.language,
    )


def _hall_name(hall_now: HallNow, visit: Visit) -> str:
    hall = hall_now.hall
    return "" if hall is None else _named(visit, hall.name, hall.name_en)


def _service_name(hall_now: HallNow, visit: Visit, service_id: str) -> str:
    service = hall_now.service(service_id)
    return _named(visit, service.name, service.name_en) if service else service_id


def _class_name(hall_now: HallNow, visit: Visit, class_id: str) -> str | None:
    """The name of a priority class; none for the ordinary one."""
    if class_id == ORDINARY:
        return None
    classes = hall_now.hall.classes if hall_now.hall else []
    names = (_named(visit, found.name, found.name_en) for found in classes if found.class_id == class_id)
    return next(names, class_id)


def _named(visit: Visit, name: str, name_en: str) -> str:
    return texts.named(visit.language, name, name_en)
