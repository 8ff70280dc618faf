"""The hall's sockets: one loop drains the requests, decides them all, commits once, then answers and publishes.

The key of a connection says which device it is; its role says what it may. Only the enrolment socket takes
unknown keys, and only for `Enrol`.
"""

import contextlib
import datetime as dt
import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import zmq

from config.settings import Network
from protocol import codec, errors
from protocol.commands import Enrol
from queue_server.cases.clock import heed_clock
from queue_server.clock import Clock
from queue_server.clock_watch import WatchedClock, doubt_text
from queue_server.domain.rows import Device
from queue_server.doors import ENROLMENT, HALL, Doors, DoorsFault
from queue_server.service import SERVER, QueueService, refused
from queue_server.storage.base import StorageFault

log = logging.getLogger(__name__)

MAX_BATCH = 512
PULSE_SECONDS = 1.0
FORECAST_IDLE_SECONDS = 2.0
FORECAST_BUSY_SECONDS = 10.0
_TIDY_SECONDS = 30.0
_FIRST_FRAME = zmq.NOBLOCK | zmq.SNDMORE


Incoming = tuple[bytes, zmq.Frame]
Outgoing = tuple[bytes, bytes]
Answer = Callable[[zmq.Frame, dt.datetime], bytes]


class Endpoint:
    """The sockets of one hall; bound when made, served by `run` until `stop` is called."""

    def __init__(self, service: QueueService, network: Network, server_keys: tuple[str, str], clock: Clock) -> None:
        self._service = service
        self._clock = clock
        self._watch = clock if isinstance(clock, WatchedClock) else None
        self._doubt_noted = service.hall.clock_doubt is not None
        self.each_second: Callable[[dt.datetime], None] = lambda _now: None
        """Called about once a second, between two batches."""
        self._stopping = False
        self._devices: dict[str, Device] = {}
        self._doors = Doors(server_keys)
        self._admit_devices()  # before a socket is bound: who is refused once never tries again
        self._commands = self._doors.open(zmq.ROUTER, HALL, network.commands)
        self._events = self._doors.open(zmq.XPUB, HALL, network.events)
        self._enrolment = self._doors.open(zmq.ROUTER, ENROLMENT, network.enrolment)
        self._topics: set[bytes] = set()
        self._pulse_at = self._forecast_at = self._tidy_at = 0.0
        self._dirty = True

    def _admit_devices(self) -> None:
        active = [device for device in self._service.hall.devices.values() if not device.revoked]
        self._devices = {device.public_key: device for device in active}
        self._doors.admit(self._devices)

    # ---- the loop ----

    def stop(self) -> None:
        """End `run` after the batch in hand."""
        self._stopping = True

    def run(self) -> None:
        """Serve until `stop`; then close the sockets."""
        poller = zmq.Poller()
        for socket in (self._commands, self._events, self._enrolment):
            poller.register(socket, zmq.POLLIN)
        try:
            while not self._stopping:
                self._turn(dict(poller.poll(self._poll_milliseconds())))
        finally:
            self._close()

    def _poll_milliseconds(self) -> int:
        return max(0, min(200, int((self._pulse_at - time.monotonic()) * 1000)))

    def _turn(self, ready: dict[Any, int]) -> None:
        if self._commands in ready:
            self._serve(self._commands, self._answer_command)
        if self._enrolment in ready:
            self._serve(self._enrolment, self._answer_enrolment)
        if self._events in ready:
            self._greet_subscribers()
        self._keep_time(busy=bool(ready))

    def _keep_time(self, *, busy: bool) -> None:
        now = time.monotonic()
        patience = FORECAST_BUSY_SECONDS if busy else FORECAST_IDLE_SECONDS
        if self._dirty and now - self._forecast_at >= patience:
            self._forecast_at, self._dirty = now, False
            self._service.refresh_forecast(self._clock())
        if now >= self._pulse_at:
            self._pulse_at = now + PULSE_SECONDS
            self._dirty = True
            self._decide_for_itself(partial(self._service.tick, self._clock()))
            self._publish_pulse()
        if not busy and now >= self._tidy_at:
            self._tidy_at = now + _TIDY_SECONDS
            self._decide_for_itself(self._service.ledger.storage.tidy)

    # ---- requests ----

    def _decide_for_itself(self, step: Callable[[], None]) -> None:
        """Do what nobody asked for; a disk that does not take it is told in the log, and tried again later."""
        try:
            step()
            self._publish(self._commit())
        except StorageFault as fault:
            log.error("the disk did not take it: %s", fault)
            self._service.reload()

    def _serve(self, socket: "zmq.Socket[bytes]", answer: Answer) -> None:
        """Decide all requests that lie ready, commit once, then answer and publish."""
            self._heed_clock()
        answers, published = self._decide(_drain(socket), answer)
        for identity, reply in answers:
            self._tell_knocks(now)
            self.each_second(self._clock())
            _send(socket, identity, reply)
        self._publish(published)

    def _decide(self, requests: list[Incoming], answer: Answer) -> tuple[list[Outgoing], list[bytes]]:
    def _heed_clock(self) -> None:
        """Let the log know whether the clock is believed; a doubt that a person ended is the watch's no more."""
        if self._watch is None:
            return
        if self._doubt_noted and self._service.hall.clock_doubt is None:
            self._watch.trust()
        now, doubt = self._watch(), self._watch.doubt
        if doubt is not None and not self._doubt_noted:
            log.error("%s", doubt_text(doubt))
        self._decide_for_itself(partial(heed_clock, self._service, doubt, SERVER, now))
        self._doubt_noted = self._service.hall.clock_doubt is not None

    def _tell_knocks(self, seconds: float) -> None:
        for kind, (times, who) in self._doors.refused().items():
            self._service.knocks.note(kind, who, times)
        self._service.knocks.tell(self._clock(), seconds)

        """The answers of a batch and the events to publish, all of it on disk.

        A request that meets a fault of our own must not take its neighbours along: they are decided one by one.
        """
        now = self._clock()
        try:
            answers = [(identity, answer(frame, now)) for identity, frame in requests]
            return answers, self._commit()
        except StorageFault as fault:
            log.error("nothing of the batch was stored: %s", fault)
            self._service.reload()
            return [(identity, _refuse(frame.bytes, errors.StorageFailed())) for identity, frame in requests], []
        except Exception:
            self._service.reload()
            if len(requests) > 1:
                parts = [self._decide([request], answer) for request in requests]
                return [out for part in parts for out in part[0]], [body for part in parts for body in part[1]]
            log.exception("a request met a fault; nothing of it was done")
            return [(identity, _refuse(frame.bytes, errors.InternalError())) for identity, frame in requests], []

    def _answer_command(self, frame: zmq.Frame, now: dt.datetime) -> bytes:
        raw = frame.bytes
        try:
            device = self._devices.get(str(frame.get("User-Id")))
            if device is None:
                raise errors.Forbidden(role="revoked")
            return self._service.answer(codec.decode_request(raw), device, now)
        except errors.Refusal as refusal:
            return _refuse(raw, refusal)

    def _answer_enrolment(self, frame: zmq.Frame, now: dt.datetime) -> bytes:
        raw = frame.bytes
        try:
            request = codec.decode_request(raw)
            if not isinstance(request.command, Enrol):
                raise errors.Forbidden(role="none", command=type(request.command).__name__)
            reply = self._service.enrol(request.command, str(frame.get("User-Id")), now)
            return codec.encode_answer(request.request_id, reply)
        except errors.Refusal as refusal:
            return _refuse(raw, refusal)

    def _commit(self) -> list[bytes]:
        """Make the batch durable and give its events for publishing."""
        published = self._service.ledger.commit()
        if published:
            self._dirty = True
            if any(b'"type":"device_' in body for body in published):
                self._admit_devices()
        return published

    # ---- publishing ----

    def _greet_subscribers(self) -> None:
        """Note who listens to what (a first 1, a last 0 before the topic), and let newcomers hear a pulse at once."""
        while self._events.poll(0):
            change = self._events.recv()
            (self._topics.add if change[:1] == b"\x01" else self._topics.discard)(change[1:])
        self._publish_pulse()

    def _publish(self, bodies: list[bytes]) -> None:
        if self._topics:
            for body in bodies:
                _send(self._events, codec.EVENT_TOPIC, body)

    def _publish_pulse(self) -> None:
        pulse = self._service.pulse(self._clock())
        _send(self._events, codec.PULSE_TOPIC, codec.encode(pulse))

    def _close(self) -> None:
        for socket in (self._commands, self._events, self._enrolment):
            socket.close()
        self._doors.close()


def _drain(socket: "zmq.Socket[bytes]") -> list[Incoming]:
    """The requests that lie ready, as (identity, last frame); more than one frame behind the identity is tolerated."""
    found: list[Incoming] = []
    with contextlib.suppress(zmq.Again):
        while len(found) < MAX_BATCH:
            identity = socket.recv(zmq.NOBLOCK)
            frame = socket.recv(copy=False)
            while frame.more:
                frame = socket.recv(copy=False)
            found.append((identity, frame))
    return found


def _send(socket: "zmq.Socket[bytes]", address: bytes, body: bytes) -> None:
    """Send two frames; a peer that is gone or reads too slowly goes without."""
    try:
        socket.send(address, _FIRST_FRAME)
        socket.send(body, zmq.NOBLOCK)
    except zmq.ZMQError as fault:
        if fault.errno not in (zmq.EAGAIN, zmq.EHOSTUNREACH):
            raise


def _refuse(request: bytes, refusal: errors.Refusal) -> bytes:
    return codec.encode_answer(codec.request_id_of(request), refused(refusal))
