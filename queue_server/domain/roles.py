"""Who may ask for what: least privilege per device, and per person who acts through one."""

from config.settings import Operator
from protocol import commands as cmd
from protocol.errors import Forbidden, NotPermitted, UnknownOperator
from queue_server.domain.rows import Device
from queue_server.domain.rules import Rules

_COUNTER = ("desk", "counter", "admin")
_STAFF = ("desk", "admin")
_READ = ("kiosk", "display", "desk", "phone", "counter", "tablet", "admin", "auditor")

ALLOWED: dict[type, frozenset[str]] = {
    command: frozenset(roles)
    for command, roles in {
        cmd.IssueTicket: ("kiosk", "admin"),
        cmd.BookPlace: ("kiosk", "admin"),
        cmd.CheckIn: ("kiosk", *_STAFF),
        cmd.ReportPrint: ("kiosk", "admin"),
        cmd.ReportDevice: ("kiosk", "display", "desk", "counter"),
        **dict.fromkeys(
            (
                cmd.ReserveNumbers,
                cmd.ReturnNumbers,
                cmd.HandInTicket,
                cmd.WithdrawRequest,
                cmd.LookUpDossier,
                cmd.OpenHelper,
            ),
            ("kiosk",),
        ),
        cmd.CancelTicket: ("phone", *_STAFF),
        **dict.fromkeys((cmd.RateTicket, cmd.DelayTicket, cmd.BookFromHome, cmd.ConfirmArrival), ("phone",)),
        cmd.RateAtCounter: ("counter", "tablet"),
        cmd.AcknowledgeCall: ("display",),
        cmd.GetSatisfaction: ("display", "phone", "auditor", *_STAFF),
        cmd.GetArrivalCode: ("kiosk",),
        cmd.GetComments: _STAFF,
        cmd.GetCallbacks: _STAFF,
        cmd.CreateEnrolment: ("admin",),
        cmd.RevokeDevice: ("admin",),
        cmd.GetDevices: ("admin", "auditor"),
        cmd.GetHealth: ("auditor", *_STAFF),
        cmd.GetHall: _READ,
        cmd.GetSnapshot: _READ,
        cmd.GetCatalogue: ("kiosk", "auditor", *_STAFF),
        cmd.GetTicket: ("phone", "kiosk", "auditor", *_COUNTER),
        cmd.GetPlace: ("phone", "kiosk", *_STAFF),
        cmd.GetWaiting: ("auditor", *_COUNTER),
        cmd.GetDesk: ("auditor", *_COUNTER),
        cmd.GetOverview: ("auditor", *_STAFF),
        cmd.GetWhy: ("auditor", *_STAFF),
        cmd.GetEvents: ("auditor", *_STAFF),
        **dict.fromkeys(
            (
                cmd.OpenCounter,
                cmd.CloseCounter,
                cmd.PauseCounter,
                cmd.ContinueCounter,
                cmd.KeepCounter,
                cmd.RaiseAlarm,
                cmd.AnswerAlarm,
                cmd.UndoAction,
                cmd.CallNext,
                cmd.CallTicket,
                cmd.RecallTicket,
                cmd.StartServing,
                cmd.MarkNoShow,
                cmd.RestoreTicket,
                cmd.ServeDirectly,
                cmd.FinishTicket,
                cmd.ParkTicket,
                cmd.ResumeTicket,
                cmd.TransferTicket,
                cmd.RecordServices,
                cmd.AddNote,
                cmd.FlagTimes,
                cmd.CheckClaim,
                cmd.GrantComeBack,
            ),
            _COUNTER,
        ),
        **dict.fromkeys(
            (
                cmd.SuspendService,
                cmd.ReopenService,
                cmd.SuspendKiosk,
                cmd.ReopenKiosk,
                cmd.AssignServices,
                cmd.MoveTicket,
                cmd.TakeOverCounter,
                cmd.SendMessage,
                cmd.SetCounterCount,
                cmd.BookAppointment,
                cmd.MakeAnnouncement,
                cmd.EndAnnouncement,
                cmd.EraseCallback,
                cmd.ConfirmClock,
            ),
            _STAFF,
        ),
    }.items()
}
"""The roles that may send a command; a command that is not here is nobody's on the hall's own sockets."""

BY_TOKEN = frozenset({"phone", "kiosk"})
"""The roles that may ask about a ticket only with its token."""
_ABOUT_TICKETS = (cmd.GetTicket, cmd.CancelTicket)

LEADERS = frozenset({"supervisor", "administrator"})
"""The persons who may act for the whole hall."""
SERVERS = frozenset({"operator", *LEADERS})
"""The persons who may sit at a counter; an auditor reads everything and changes nothing."""


def authorize(device: Device, command: cmd.Command) -> None:
    """Raise Forbidden unless the device's role, and for a counter device its counter, allow the command."""
    name = type(command).__name__
    if device.revoked or device.role not in ALLOWED.get(type(command), frozenset()):
        raise Forbidden(role=device.role, command=name)
    if device.role in BY_TOKEN and isinstance(command, _ABOUT_TICKETS) and command.ticket_id is not None:
        raise Forbidden(role=device.role, command=name, needs="token")
    counter_id = getattr(command, "counter_id", None)
    if device.role == "counter" and counter_id is not None and counter_id != device.counter_id:
        raise Forbidden(role=device.role, command=name, counter_id=counter_id)


def person(rules: Rules, operator_id: str) -> Operator:
    """A person of the hall; raises UnknownOperator."""
    found = rules.operators.get(operator_id)
    if found is None:
        raise UnknownOperator(operator_id=operator_id)
    return found


def require_leader(rules: Rules, operator_id: str) -> None:
    """Raise NotPermitted unless the person may act for the whole hall."""
    if person(rules, operator_id).role not in LEADERS:
        raise NotPermitted(operator_id=operator_id)


def require_server(rules: Rules, operator_id: str) -> None:
    """Raise NotPermitted unless the person may sit at a counter."""
    if person(rules, operator_id).role not in SERVERS:
        raise NotPermitted(operator_id=operator_id)


def may_call_any(rules: Rules, operator_id: str) -> bool:
    """Whether the person may call a given number out of order."""
    found = person(rules, operator_id)
    return found.may_call_any or found.role in LEADERS
