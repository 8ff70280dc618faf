"""What a code before the scanner means: a paper of this hall, the receipt of a dossier."""

from typing import TYPE_CHECKING

from kiosk.flow import asking, helping
from kiosk.stages import READS_CODES, Screen
from kiosk.touches import Effect, Issue, Query, ScanDossier, ScanToken, TakeNumber, Touch
from protocol.commands import CheckIn, GetTicket, LookUpDossier, OpenHelper
from protocol.errors import Fact
from protocol.replies import DoneReply, DossierReply, Reply, TicketReply

if TYPE_CHECKING:
    from kiosk.flow.machine import Flow

_NO_TICKET = ("invalid_token", "unknown_ticket")
"""So the hall answers for a paper that is no ticket: perhaps it promises one."""


def touched(flow: "Flow", touch: Touch, request_id: str, now: float) -> list[Effect] | None:
    """What a code means here; none if it means nothing."""
    match touch, flow.screen:
        case ScanToken(token), screen if screen in READS_CODES and token != flow.visit.scanned:
            flow.visit.scanned = token
            return _ask(flow, Query(_question(request_id), GetTicket(token=token)), request_id, now)
        case ScanDossier(code), screen if screen in READS_CODES and code != flow.visit.scanned:
            flow.visit.scanned = code
            return _ask(flow, Query(_question(request_id), LookUpDossier(code)), request_id, now)
        case TakeNumber(), Screen.FOUND:
            service_id = service_of_result(flow)
            return asking.take(flow, service_id, request_id, now) if service_id else []
    return None


def service_of_result(flow: "Flow") -> str | None:
    """Where the result of the dossier that was found can be fetched."""
    found = flow.visit.found
    if not isinstance(found, DossierReply) or found.state != "ready" or found.service_id is None:
        return None
    service = flow.hall.service(found.service_id)
    return service.service_id if service else None


def answered(flow: "Flow", request_id: str, reply: Reply, now: float) -> list[Effect]:
    """The hall answered a question; an answer that nobody waits for any more changes nothing."""
    query = flow.visit.query
    if flow.screen is not Screen.ASKING or query is None or query.request_id != request_id:
        return []
    flow.visit.query = None
    match reply, query.command:
        case TicketReply() | DossierReply(), _:
            flow.visit.found = reply
            flow.show(Screen.FOUND, now)
        case DoneReply(), OpenHelper(operator_id):
            helping.opened(flow, operator_id, now)
    return []


def refused(flow: "Flow", code: str, facts: dict[str, Fact], now: float) -> list[Effect]:
    """The hall did not answer a question: a paper that is no ticket may check in; all else is said."""
    visit = flow.visit
    query, visit.query = visit.query, None
    if query is None or flow.screen is not Screen.ASKING:
        return []
    if isinstance(query.command, GetTicket) and code in _NO_TICKET and query.command.token is not None:
        wanted = Issue(_touch_of(query.request_id), CheckIn(query.command.token, visit.language))
        return asking.issue(flow, wanted, now)
    visit.refusal, visit.facts = code, facts
    flow.show(Screen.REFUSED, now)
    return []


def _ask(flow: "Flow", query: Query, _request_id: str, now: float) -> list[Effect]:
    flow.visit.query, flow.visit.found = query, None
    if flow.visit.screen is Screen.FOUND:
        flow.show(Screen.ASKING, now)
    else:
        flow.go(Screen.ASKING, now)
    return [query]


_MARK = ".q"


def _question(request_id: str) -> str:
    """The id of a question before the deed that the touch itself names."""
    return request_id[: 64 - len(_MARK)] + _MARK


def _touch_of(question: str) -> str:
    return question.removesuffix(_MARK)
