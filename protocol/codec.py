"""Messages to frames and back: JSON by msgspec, unknown fields ignored, at most 64 KiB in."""

import msgspec

from protocol.commands import VERSION, Command, Request
from protocol.errors import MalformedRequest, RequestTooLarge, UnsupportedVersion
from protocol.events import Event
from protocol.replies import Answer, Pulse, Reply

MAX_REQUEST_BYTES = 65_536
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What reading bytes that are no message may raise."""
EVENT_TOPIC = b"event"
PULSE_TOPIC = b"pulse"

encode = msgspec.json.Encoder().encode
_requests = msgspec.json.Decoder(Request)
_answers = msgspec.json.Decoder(Answer)
_events = msgspec.json.Decoder(Event)
_pulses = msgspec.json.Decoder(Pulse)


class _Version(msgspec.Struct):
    version: int


_versions = msgspec.json.Decoder(_Version)


def encode_request(request_id: str, command: Command) -> bytes:
    """Wrap a command into its envelope."""
    return encode(Request(VERSION, request_id, command))


def decode_request(frame: bytes) -> Request:
    """Read a request; raises MalformedRequest, RequestTooLarge or UnsupportedVersion."""
    if len(frame) > MAX_REQUEST_BYTES:
        raise RequestTooLarge(bytes=len(frame), limit=MAX_REQUEST_BYTES)
    try:
        request = _requests.decode(frame)
    except UNREADABLE as fault:
        raise _why_not(frame, fault) from fault
    if request.version != VERSION:
        raise UnsupportedVersion(version=request.version, supported=VERSION)
    return request


def _why_not(frame: bytes, fault: Exception) -> MalformedRequest | UnsupportedVersion:
    """A newer version may have another shape: name the version before the shape."""
    try:
        version = _versions.decode(frame).version
    except UNREADABLE:
        version = VERSION
    if version != VERSION:
        return UnsupportedVersion(version=version, supported=VERSION)
    return MalformedRequest(detail=str(fault)[:200])


def request_id_of(frame: bytes) -> str:
    """The request_id of a request that may otherwise be unreadable, so that even its refusal can be matched."""
    try:
        found = _ids.decode(frame[:MAX_REQUEST_BYTES]).request_id
    except UNREADABLE:
        return ""
    return found if len(found) <= 64 else ""


class _RequestId(msgspec.Struct):
    request_id: str = ""


_ids = msgspec.json.Decoder(_RequestId)


def encode_answer(request_id: str, reply: Reply) -> bytes:
    """Wrap a reply into its envelope."""
    return encode(Answer(VERSION, request_id, reply))


def decode_answer(frame: bytes) -> Answer:
    """Read an answer; raises UNREADABLE for bytes that are none."""
    return _answers.decode(frame)


def decode_event(frame: bytes) -> Event:
    """Read an event; raises UNREADABLE for bytes that are none."""
    return _events.decode(frame)


def decode_pulse(frame: bytes) -> Pulse:
    """Read a pulse; raises UNREADABLE for bytes that are none."""
    return _pulses.decode(frame)
