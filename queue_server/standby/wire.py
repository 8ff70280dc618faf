"""What goes over the link of the two machines: frames of a kind and a body; batches in MessagePack, the rest in JSON.

The second machine asks (`HELLO`, `WANT`, `PING`), acknowledges (`ACK`) and, when it took over, says so (`FENCE`). The
first answers (`FOLLOW`, `COPY`, `CHUNK`, `NO`), ships (`BATCH`, `KEYS`), is heard (`PULSE`), and obeys (`FENCED`).
"""

import dataclasses
import typing
from typing import Any

import msgspec
from msgspec import Struct

from queue_server.domain.rows import ROW_TYPES
from queue_server.storage.base import Batch

CHUNK_BYTES = 65_536
SILENCE_SECONDS = 3.0
"""A machine that is not heard for so long is away."""
BEAT_SECONDS = 0.5
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, ValueError, KeyError)
"""What reading a frame that is none of ours may raise."""

HELLO, ACK, WANT, FENCE, PING = b"hello", b"ack", b"want", b"fence", b"ping"
FOLLOW, COPY, CHUNK, NO = b"follow", b"copy", b"chunk", b"no"
BATCH, KEYS, PULSE, FENCED = b"batch", b"keys", b"pulse", b"fenced"


class Hello(Struct, frozen=True):
    """What the second machine has: the head of its log (`hash` in hex), and the number of its last batch."""

    epoch: str = ""
    seq: int = 0
    hash: str = ""
    number: int = 0


class Copying(Struct, frozen=True):
    """That a copy of the whole database follows, and why; `forked`: what the second machine has is no part of it."""

    bytes: int
    why: str
    forked: bool


class Fence(Struct, frozen=True):
    """That the second machine took the hall over: its `epoch` follows `previous`, with the event `seq`."""

    epoch: str
    previous: str
    seq: int


class Chunk(Struct, frozen=True, array_like=True):
    """A piece of the database's copy."""

    offset: int
    data: bytes


_FIELDS = {**typing.get_type_hints(Batch), "rows": dict[str, bytes | None]}
_parcels = msgspec.msgpack.Decoder(msgspec.defstruct("Parcel", list(_FIELDS.items())))
_encode = msgspec.msgpack.Encoder().encode
_encode_row = msgspec.json.Encoder().encode


def pack(batch: Batch) -> bytes:
    """A batch as it travels: all its fields, each row as the JSON that is stored."""
    parcel: dict[str, Any] = {field.name: getattr(batch, field.name) for field in dataclasses.fields(batch)}
    parcel["rows"] = {key: None if row is None else _encode_row(row) for key, row in batch.rows.items()}
    return _encode(parcel)


def unpack(body: bytes) -> Batch:
    """A batch that travelled; raises UNREADABLE."""
    parcel = _parcels.decode(body)
    found = {name: getattr(parcel, name) for name in _FIELDS}
    found["rows"] = {key: None if row is None else _row(key, row) for key, row in found["rows"].items()}
    return Batch(**found)


def _row(key: str, body: bytes) -> Struct:
    row: Struct = msgspec.json.decode(body, type=ROW_TYPES[key.partition(":")[0]])
    return row
