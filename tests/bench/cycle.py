"""What a client of the bench does: take a ticket, call it, start and finish its service, again and again."""

import itertools
import time
from collections.abc import Iterator

import msgspec

from protocol import codec
from protocol.commands import CallNext, FinishTicket, IssueTicket, OpenCounter, StartServing
from tests.bench.load import Script

COMMANDS_PER_CYCLE = 4


class _Called(msgspec.Struct):
    ticket_id: int


class _Reply(msgspec.Struct):
    type: str
    ticket: _Called | None = None


class _Answer(msgspec.Struct):
    reply: _Reply


_answers = msgspec.json.Decoder(_Answer)


def _ids(client: int) -> Iterator[str]:
    """Time-ordered ids, as docs/protocol.md advises."""
    return (f"{time.time_ns() // 1000:014x}{client:04x}{i:06x}" for i in itertools.count())


def cycles(client: int) -> Script:
    """The life of a client at its own counter and service."""
    ids, counter = _ids(client), str(client + 1)
    service = f"s{client % 8 + 1}"
    yield codec.encode_request(next(ids), OpenCounter(counter, counter))
    while True:
        yield codec.encode_request(next(ids), IssueTicket(service))
        answer = _answers.decode((yield codec.encode_request(next(ids), CallNext(counter))))
        if answer.reply.ticket is None:
            continue
        ticket_id = answer.reply.ticket.ticket_id
        yield codec.encode_request(next(ids), StartServing(counter, ticket_id))
        yield codec.encode_request(next(ids), FinishTicket(counter, ticket_id))


def same_frames(client: int) -> Script:
    """The same frames for a server that only echoes."""
    ids, counter = _ids(client), str(client + 1)
    service = f"s{client % 8 + 1}"
    while True:
        yield codec.encode_request(next(ids), IssueTicket(service))
        _try_decode((yield codec.encode_request(next(ids), CallNext(counter))))
        yield codec.encode_request(next(ids), StartServing(counter, 123456))
        yield codec.encode_request(next(ids), FinishTicket(counter, 123456))


_requests = msgspec.json.Decoder(msgspec.Raw)


def _try_decode(frame: bytes) -> None:
    """Read the echo as the real client reads its answer."""
    _requests.decode(frame)
