"""Who may ask for what: least privilege per device."""

from protocol import commands as cmd
from protocol.errors import Forbidden
from queue_server.domain.hall import Device

_COUNTER = ("desk", "counter", "admin")
_READ = ("kiosk", "display", "desk", "phone", "counter", "admin")

ALLOWED: dict[type, frozenset[str]] = {
    command: frozenset(roles)
    for command, roles in {
        cmd.IssueTicket: ("kiosk", "admin"),
        cmd.ReportPrint: ("kiosk", "admin"),
        cmd.OpenCounter: _COUNTER,
        cmd.CloseCounter: _COUNTER,
        cmd.CallNext: _COUNTER,
        cmd.RecallTicket: _COUNTER,
        cmd.StartServing: _COUNTER,
        cmd.FinishTicket: _COUNTER,
        cmd.MarkNoShow: _COUNTER,
        # cancelling names no counter, so a counter's device could not be held to its own
        cmd.CancelTicket: ("phone", "desk", "admin"),
        cmd.RateTicket: ("phone",),
        cmd.CreateEnrolment: ("admin",),
        cmd.RevokeDevice: ("admin",),
        cmd.GetDevices: ("admin",),
        cmd.GetHall: _READ,
        cmd.GetSnapshot: _READ,
        cmd.GetTicket: ("phone", *_COUNTER),
        cmd.GetWaiting: _COUNTER,
    }.items()
}
"""The roles that may send a command; a command that is not here is nobody's on the hall's own sockets."""


def authorize(device: Device, command: cmd.Command) -> None:
    """Raise Forbidden unless the device's role, and for a counter device its counter, allow the command."""
    name = type(command).__name__
    if device.revoked or device.role not in ALLOWED.get(type(command), frozenset()):
        raise Forbidden(role=device.role, command=name)
    if device.role == "phone" and getattr(command, "ticket_id", None) is not None:
        raise Forbidden(role=device.role, command=name, needs="token")
    counter_id = getattr(command, "counter_id", None)
    if device.role == "counter" and counter_id is not None and counter_id != device.counter_id:
        raise Forbidden(role=device.role, command=name, counter_id=counter_id)
