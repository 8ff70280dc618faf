"""What the browser asks, as a command of the hall; counter and operator always come from the session."""

from dataclasses import dataclass
from typing import Any

import msgspec

from protocol import counter_commands as at_counter
from protocol.commands import CancelTicket, CheckIn, Command
from protocol.words import RequestId
from web.desk.session import DeskSession

_ALLOWED: tuple[type, ...] = (
    at_counter.CallNext,
    at_counter.CallTicket,
    at_counter.RecallTicket,
    at_counter.StartServing,
    at_counter.MarkNoShow,
    at_counter.RestoreTicket,
    at_counter.ServeDirectly,
    at_counter.FinishTicket,
    at_counter.ParkTicket,
    at_counter.ResumeTicket,
    at_counter.TransferTicket,
    at_counter.RecordServices,
    at_counter.AddNote,
    at_counter.FlagTimes,
    at_counter.CheckClaim,
    at_counter.GrantComeBack,
    at_counter.PauseCounter,
    at_counter.ContinueCounter,
    at_counter.RaiseAlarm,
    at_counter.AnswerAlarm,
    at_counter.UndoAction,
    CancelTicket,
    CheckIn,
)
DEEDS: dict[str, Any] = {str(kind.__struct_config__.tag): kind for kind in _ALLOWED}  # type: ignore[attr-defined]
"""What a button may ask, by the command's name on the wire."""
_OWN = frozenset({"counter_id", "operator_id"})
_WITHHELD: dict[Any, frozenset[str]] = {CancelTicket: frozenset({"token"})}
"""A citizen's token would let a desk cancel what its counter may not."""


class NotAnOrderError(ValueError):
    """What the browser sent is no order."""


@dataclass(frozen=True)
class Order:
    """A press of a button: `request_id` is made with it and kept when it is sent again."""

    request_id: str
    command: Command


def read_order(body: bytes, session: DeskSession) -> Order:
    """Read `{"request_id": …, "do": …}` and the command's own fields; raises NotAnOrderError."""
    try:
        fields = msgspec.json.decode(body, type=dict[str, Any])
        request_id = msgspec.convert(fields.pop("request_id", None), RequestId)
        kind = DEEDS[msgspec.convert(fields.pop("do", None), str)]
        return Order(request_id, _command(kind, fields, session))
    except (msgspec.DecodeError, KeyError, UnicodeDecodeError, RecursionError) as fault:
        raise NotAnOrderError(str(fault)) from fault


def _command(kind: Any, fields: dict[str, Any], session: DeskSession) -> Command:
    known = frozenset(kind.__struct_fields__)
    strange = fields.keys() - (known - _OWN - _WITHHELD.get(kind, frozenset()))
    if strange:
        raise NotAnOrderError(f"unknown fields {sorted(strange)}")
    own = {"counter_id": session.counter_id, "operator_id": session.operator_id}
    tag = {"type": kind.__struct_config__.tag}
    whole = {**fields, **tag, **{name: own[name] for name in known & _OWN}}
    found: Command = msgspec.convert(whole, kind)
    return found
