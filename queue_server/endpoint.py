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
from queue_server.commits import Commits
from queue_server.domain.rows import Device
from queue_server.doors import ENROLMENT, HALL, Doors, DoorsFault
from queue_server.service import SERVER, QueueService, refused
from queue_server.standby.link import Link
from queue_server.storage.base import Fenced, StorageFault

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
        self.when_idle: Callable[[], object] = lambda: None
        """Called now and then while nobody asks: for what takes long."""
        self._link: Link | None = None
        self._stopping = False
        self._devices: dict[str, Device] = {}
        self._poller = zmq.Poller()
        self._topics: set[bytes] = set()
        self._doors = Doors(server_keys)
        self._admit_devices()  # before a socket is bound: who is refused once never tries again
        self._commands = self._doors.open(zmq.ROUTER, HALL, network.commands)
        self._events = self._doors.open(zmq.XPUB, HALL, network.events)
        self._enrolment = self._doors.open(zmq.ROUTER, ENROLMENT, network.enrolment)
        self._prove_doors()
        self._pulse_at = self._forecast_at = self._tidy_at = 0.0
        self._dirty = True
        self.commits = Commits(service.health)
        self._unreadable = False
        """The disk does not tell the state any more: nothing is answered or published until it does."""

    def _admit_devices(self) -> bool:
        """Let in the devices of the hall; whether one that was let in before is so no more."""
        every = list(self._service.hall.devices.values())
        earlier = self._devices.keys()
        self._devices = {device.public_key: device for device in every if not device.revoked}
        self._doors.admit(self._devices, {device.public_key: device.device_id for device in every if device.revoked})
        if self._link is not None:
            self._link.admit(every)
        return bool(earlier - self._devices.keys())

    def _prove_doors(self) -> None:
        try:
            self._doors.prove(self._devices)
        except DoorsFault:
            self._doors.close()
            raise
        self._admit_devices()

    def _cut_listeners(self) -> None:
        """Make all listeners come back: who was shut out is on the line still, and is not let in again."""
        self._poller.unregister(self._events)
        self._topics.clear()
        self._events = self._doors.reopen(self._events)
        self._poller.register(self._events, zmq.POLLIN)

    # ---- the loop ----

    def attach(self, link: Link) -> None:
        """Serve the link to a second machine as well; the loop ends when that took the hall over."""
        self._link = link
        self._poller.register(link.socket, zmq.POLLIN)

    def _turn_link(self, link: Link) -> None:
        link.turn()
        link.tell(self._service.health, self._clock)
        if link.fence is not None:
            self._stopping = True

    def stop(self) -> None:
        """End `run` after the batch in hand."""
        self._stopping = True

    def run(self) -> None:
        """Serve until `stop`; then close the sockets."""
        for socket in (self._commands, self._events, self._enrolment):
            self._poller.register(socket, zmq.POLLIN)
        try:
            while not self._stopping:
                self._turn(dict(self._poller.poll(self._poll_milliseconds())))
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
        if self._link is not None:
            self._turn_link(self._link)
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
            if self._unreadable:
                self._reload()
            self._heed_clock()
            self._decide_for_itself(partial(self._service.tick, self._clock()))
            self._publish_pulse()
            self._tell_knocks(now)
            self.commits.measure()
            self.each_second(self._clock())
        if not busy and now >= self._tidy_at:
            self._tidy_at = now + _TIDY_SECONDS
            self._decide_for_itself(self._service.ledger.storage.tidy)
            self.when_idle()

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

    # ---- requests ----

    def _decide_for_itself(self, step: Callable[[], None]) -> None:
        """Do what nobody asked for; a disk that does not take it is told, and tried again later."""
        if self._unreadable:
            return
        try:
            step()
            self._publish(self._commit())
        except StorageFault as fault:
            self._go_back(fault)

    def _go_back(self, fault: StorageFault) -> None:
        """Tell of a fault of the storage and go back to what is stored."""
        self.commits.failed(fault, self._clock())
        self._reload()

    def _reload(self) -> None:
        try:
            self._service.reload()
        except StorageFault as fault:
            self.commits.failed(fault, self._clock())
            self._unreadable = True
        else:
            self._unreadable = False

    def _serve(self, socket: "zmq.Socket[bytes]", answer: Answer) -> None:
        """Decide all requests that lie ready, commit once, then answer and publish."""
        requests = _drain(socket)
        self._service.health.note_batch(len(requests))
        answers, published = self._decide(requests, answer)
        for identity, reply in answers:
            _send(socket, identity, reply)
        self._publish(published)

    def _decide(self, requests: list[Incoming], answer: Answer) -> tuple[list[Outgoing], list[bytes]]:
        """The answers of a batch and the events to publish, all of it on disk.

        A request that meets a fault of our own must not take its neighbours along: they are decided one by one.
        """
        if self._unreadable:
            return [(identity, _refuse(frame.bytes, errors.StorageFailed())) for identity, frame in requests], []
        now = self._clock()
        try:
            answers = [(identity, answer(frame, now)) for identity, frame in requests]
            return answers, self._commit()
        except Fenced as fault:  # it lies on this disk, but counts nowhere: devices ask again where the hall is now
            self._go_back(fault)
            return [], []
        except StorageFault as fault:
            self._go_back(fault)
            return [(identity, self._after_fault(frame, answer, now)) for identity, frame in requests], []
        except Exception:
            self._reload()
            if len(requests) > 1:
                parts = [self._decide([request], answer) for request in requests]
                return [out for part in parts for out in part[0]], [body for part in parts for body in part[1]]
            log.exception("a request met a fault; nothing of it was done")
            return [(identity, _refuse(frame.bytes, errors.InternalError())) for identity, frame in requests], []

    def _after_fault(self, frame: zmq.Frame, answer: Answer, now: dt.datetime) -> bytes:
        """The refusal of a request whose batch failed; its answer, if the disk kept the batch after all."""
        with contextlib.suppress(StorageFault):
            if not self._unreadable and self._service.ledger.remembered(codec.request_id_of(frame.bytes)):
                return answer(frame, now)
        return _refuse(frame.bytes, errors.StorageFailed())

    def _answer_command(self, frame: zmq.Frame, now: dt.datetime) -> bytes:
        raw = frame.bytes
        try:
            device = self._devices.get(str(frame.get("User-Id")))
            if device is None:
                self._service.knocks.note("refused_revoked", "on an open connection")
                raise errors.Forbidden(role="revoked")
            return self._service.answer(codec.decode_request(raw), device, now)
        except errors.Refusal as refusal:
            return _refuse(raw, refusal)

    def _answer_enrolment(self, frame: zmq.Frame, now: dt.datetime) -> bytes:
        raw = frame.bytes
        try:
            request = codec.decode_request(raw)
            if not isinstance(request.command, Enrol):
                self._service.knocks.note("refused_enrolment", "")
                raise errors.Forbidden(role="none", command=type(request.command).__name__)
            reply = self._service.enrol(request.command, str(frame.get("User-Id")), now)
            return codec.encode_answer(request.request_id, reply)
        except errors.Refusal as refusal:
            return _refuse(raw, refusal)

    def _commit(self) -> list[bytes]:
        """Make the batch durable and give its events for publishing."""
        begun = time.perf_counter()
        published = self._service.ledger.commit()
        if published:
            self.commits.done(time.perf_counter() - begun)
            self._service.health.note_commit(len(published))
            self._dirty = True
            if any(b'"type":"device_' in body for body in published) and self._admit_devices():
                self._cut_listeners()
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
        if self._unreadable:
            return  # a wall that hears nothing says so
        pulse = self._service.pulse(self._clock())
        _send(self._events, codec.PULSE_TOPIC, codec.encode(pulse))

    def _close(self) -> None:
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
