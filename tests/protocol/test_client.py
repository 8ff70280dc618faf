"""The client on a bad network: one effect, a clear end, and a picture that is the hall's or known to be old."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
import zmq
from msgspec.structs import replace

from protocol import codec
from protocol import commands as cmd
from protocol import events as ev
from protocol.client import HallClient, new_key_pair, new_request_id
from protocol.errors import Forbidden, RequestIdReused, ServerUnreachable
from protocol.events import Event
from protocol.keys import DeviceKeys, KeyFileError
from protocol.replies import DoneReply, Pulse, Refused, Reply, Satisfaction, Snapshot, TicketIssuedReply, WaitingReply
from tests.conftest import RunningHall, eventually
from tests.protocol.proxy import FaultProxy
from tests.queue_server.factories import MORNING

Proxies = tuple[FaultProxy, FaultProxy]


class Watcher:
    """A listener that folds what it hears into the number of people waiting, and keeps all of it."""

    def __init__(self) -> None:
        self.snapshots: list[Snapshot] = []
        self.events: list[Event] = []
        self.pulses: list[Pulse] = []
        self.silences: list[float] = []
        self.waiting: dict[str, int] = {}
        self.at: tuple[str, int] = ("", 0)

    def on_snapshot(self, snapshot: Snapshot) -> None:
        self.snapshots.append(snapshot)
        self.at = snapshot.epoch, snapshot.seq
        self.waiting = {s.service_id: s.waiting for s in snapshot.services}

    def on_event(self, event: Event) -> None:
        assert self.at == (event.epoch, event.seq - 1), "an event out of order"
        self.events.append(event)
        if isinstance(event.body, ev.TicketIssued):
            self.waiting[event.body.service_id] += 1
        self.at = event.epoch, event.seq

    def on_pulse(self, pulse: Pulse) -> None:
        assert self.at == (pulse.epoch, pulse.seq)
        self.pulses.append(pulse)

    def on_silence(self, seconds: float) -> None:
        self.silences.append(seconds)


# ---- a real hall behind a bad link ----


@pytest.fixture
def proxies(hall: RunningHall) -> Iterator[Proxies]:
    keys = hall.keys("admin")
    with FaultProxy(port(keys.commands)) as commands, FaultProxy(port(keys.events)) as events:
        yield commands, events


def port(address: str) -> int:
    return int(address.rpartition(":")[2])


@contextmanager
def behind(keys: DeviceKeys, proxies: Proxies, listener: Watcher | None = None) -> Iterator[HallClient]:
    commands, events = (f"tcp://127.0.0.1:{proxy.port}" for proxy in proxies)
    client = HallClient(replace(keys, commands=commands, events=events), listener)
    try:
        yield client
    finally:
        client.close()


def service_of(client: HallClient) -> str:
    return snapshot_of(client).services[0].service_id


def snapshot_of(client: HallClient) -> Snapshot:
    snapshot = client.call(cmd.GetSnapshot())
    assert isinstance(snapshot, Snapshot)
    return snapshot


def test_a_lost_answer_is_asked_for_again_and_has_one_effect(hall: RunningHall, proxies: Proxies) -> None:
    near = hall.client("admin")
    with behind(hall.keys("admin"), proxies) as client:
        service_id = service_of(client)
        proxies[0].swallowing.set()
        asked = client.ask(cmd.IssueTicket(service_id))
        eventually(lambda: snapshot_of(near).services[0].waiting == 1, what="the hall issued")
        assert not asked.done()
        proxies[0].cut()  # what was swallowed is missing in the stream
        proxies[0].swallowing.clear()
        reply = asked.result(timeout=10)
    assert isinstance(reply, TicketIssuedReply)
    assert snapshot_of(near).services[0].waiting == 1, "asked again, issued once"


def test_a_hall_that_is_gone_is_unreachable_in_time_and_found_again_by_itself(
    hall: RunningHall, proxies: Proxies
) -> None:
    with behind(hall.keys("admin"), proxies) as client:
        client.call(cmd.GetSnapshot())
        proxies[0].refusing.set()
        proxies[0].cut()
        with pytest.raises(ServerUnreachable):
            client.call(cmd.GetSnapshot(), within=0.5)
        waiting = client.ask(cmd.GetSnapshot(), within=20)
        proxies[0].refusing.clear()
        assert isinstance(waiting.result(timeout=20), Snapshot)


def test_after_a_black_hole_the_picture_is_the_halls_again(hall: RunningHall, proxies: Proxies) -> None:
    near, watcher = hall.client("admin"), Watcher()
    with behind(hall.keys("admin"), proxies, watcher) as client:
        service_id = service_of(client)
        eventually(lambda: watcher.pulses, what="the first pulse")
        near.call(cmd.IssueTicket(service_id))
        eventually(lambda: watcher.waiting[service_id] == 1, what="an event")
        proxies[1].frozen.set()
        eventually(lambda: len(watcher.silences) >= 2, what="the silence is told, and again")
        assert watcher.silences[0] > 3
        for _ in range(20):
            near.call(cmd.IssueTicket(service_id))
        proxies[1].cut()
        proxies[1].frozen.clear()
        eventually(lambda: watcher.at[1] == snapshot_of(near).seq, what="caught up")
        assert watcher.waiting[service_id] == 21
        told = len(watcher.silences)
        near.call(cmd.IssueTicket(service_id))
        eventually(lambda: watcher.waiting[service_id] == 22, what="events go on")
        assert len(watcher.silences) == told


def test_a_listener_of_a_hall_that_was_killed_and_restarted_is_in_step_again(hall: RunningHall) -> None:
    watcher = Watcher()
    client = hall.client("admin", watcher)
    service_id = service_of(client)
    eventually(lambda: watcher.pulses, what="the first pulse")
    hall.kill()
    hall.start()
    near = hall.client("admin")
    for _ in range(5):
        near.call(cmd.IssueTicket(service_id))
    eventually(lambda: watcher.waiting.get(service_id) == 5, what="in step again")


def test_two_hundred_asks_from_eight_threads_each_get_their_own_answer(hall: RunningHall) -> None:
    client = hall.client("admin")
    counters = [counter.counter_id for counter in snapshot_of(client).counters]

    def ask(i: int) -> bool:
        if i % 2:
            reply = client.call(cmd.GetWaiting(counters[0], limit=1))
            return isinstance(reply, WaitingReply)
        with pytest.raises(Exception, match=f"nobody-{i}'"):
            client.call(cmd.RevokeDevice(f"nobody-{i}"))
        return True

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(ask, range(200)))


# ---- a hall made of two bare sockets ----


class BareHall:
    """Sockets that say what a test wants; `answer` gives the frames for a request, None to keep silent."""

    def __init__(self, seq: int = 10, epoch: str = "e1") -> None:
        self.context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self.context.linger = 0
        self.server_public, secret = new_key_pair()
        self.router, self.events = (self._bind(kind, secret) for kind in (zmq.ROUTER, zmq.XPUB))
        self.seq, self.epoch = seq, epoch
        self.requests: list[cmd.Request] = []
        self.answer: Callable[[cmd.Request], list[bytes]] = self.good_answer
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._said: list[tuple[bytes, bytes]] = []
        self.subscribed = threading.Event()
        self._thread.start()

    def _bind(self, kind: int, secret: str) -> "zmq.Socket[bytes]":
        one = self.context.socket(kind)
        one.curve_server = True
        one.curve_secretkey = secret.encode()
        one.bind("tcp://127.0.0.1:*")
        return one

    @property
    def keys(self) -> DeviceKeys:
        """A device's keys for this hall."""
        addresses = [one.getsockopt_string(zmq.LAST_ENDPOINT) for one in (self.router, self.events)]
        return DeviceKeys("x", "display", *new_key_pair(), self.server_public, *addresses)

    def good_answer(self, request: cmd.Request) -> list[bytes]:
        """The snapshot for who asks for it."""
        snapshot = Snapshot(self.epoch, self.seq, MORNING, None, [], [], [], Satisfaction())
        reply: Reply = snapshot if isinstance(request.command, cmd.GetSnapshot) else DoneReply()
        return [codec.encode_answer(request.request_id, reply)]

    def say(self, topic: bytes, body: bytes) -> None:
        """Publish from the thread of the sockets."""
        self._said.append((topic, body))

    def happen(self, seq: int | None = None, epoch: str | None = None) -> None:
        """Publish an event."""
        self.seq = self.seq + 1 if seq is None else seq
        self.epoch = epoch or self.epoch
        self.say(codec.EVENT_TOPIC, codec.encode(Event(self.epoch, self.seq, MORNING, "x", ev.TicketRated(1))))

    def pulse(self) -> None:
        """Publish a pulse."""
        self.say(codec.PULSE_TOPIC, codec.encode(Pulse(self.epoch, self.seq, MORNING, [], Satisfaction())))

    def _run(self) -> None:
        while not self._over.is_set():
            if self.events.poll(0):
                self.events.recv()
                self.subscribed.set()
            while self._said:
                self.events.send_multipart(self._said.pop(0))
            if self.router.poll(5):
                identity, frame = self.router.recv_multipart()
                self.requests.append(codec.decode_request(frame))
                for answer in self.answer(self.requests[-1]):
                    self.router.send_multipart([identity, answer])

    def close(self) -> None:
        """End the thread, then the sockets."""
        self._over.set()
        self._thread.join(timeout=5)
        self.router.close()
        self.events.close()
        self.context.term()


@pytest.fixture
def bare() -> Iterator[BareHall]:
    hall = BareHall()
    yield hall
    hall.close()


@contextmanager
def client_of(bare: BareHall, watcher: Any = None) -> Iterator[HallClient]:
    client = HallClient(bare.keys, watcher)
    try:
        if watcher is not None:
            eventually(bare.subscribed.is_set, what="subscribed")
            eventually(lambda: watcher.snapshots, what="the first snapshot")
        yield client
    finally:
        client.close()


def test_a_request_is_sent_again_with_the_same_id_until_it_is_answered(bare: BareHall) -> None:
    bare.answer = lambda request: bare.good_answer(request) if len(bare.requests) == 3 else []
    with client_of(bare) as client:
        assert client.call(cmd.GetHall(), request_id="the-same-id") == DoneReply()
    assert [request.request_id for request in bare.requests] == ["the-same-id"] * 3


def test_a_refusal_is_raised_with_its_facts(bare: BareHall) -> None:
    refused = Refused("forbidden", {"role": "display"})
    bare.answer = lambda request: [codec.encode_answer(request.request_id, refused)]
    with client_of(bare) as client, pytest.raises(Forbidden) as raised:
        client.call(cmd.GetHall())
    assert raised.value.facts == {"role": "display"}


UNREADABLE = [b"", b"\xff\xfe", b"{", b"[" * 60_000, b'{"version":1,"request_id":"\xff\xff"}', b'{"type":"newer"}']


def test_answers_that_nobody_can_read_or_asked_for_are_passed_over(bare: BareHall) -> None:
    strange = [*UNREADABLE, codec.encode_answer("somebody-else", DoneReply())]
    bare.answer = lambda request: [*strange, *bare.good_answer(request), *bare.good_answer(request)]
    with client_of(bare) as client:
        for _ in range(3):
            assert client.call(cmd.GetHall(), within=5) == DoneReply()


@pytest.mark.parametrize("topic", [codec.EVENT_TOPIC, codec.PULSE_TOPIC])
@pytest.mark.parametrize("frame", UNREADABLE, ids=range(len(UNREADABLE)))
def test_an_event_that_can_not_be_read_leads_to_a_new_snapshot(bare: BareHall, topic: bytes, frame: bytes) -> None:
    watcher = Watcher()
    with client_of(bare, watcher):
        bare.say(topic, frame)
        eventually(lambda: len(watcher.snapshots) == 2, what="a new snapshot")
        bare.happen()
        eventually(lambda: watcher.events, what="events go on")


def test_events_come_in_order_without_a_gap_and_doubles_are_dropped(bare: BareHall) -> None:
    watcher = Watcher()
    with client_of(bare, watcher):
        for seq in (11, 12, 12, 11, 13):
            bare.happen(seq)
        eventually(lambda: watcher.at == ("e1", 13), what="the last event")
        assert [event.seq for event in watcher.events] == [11, 12, 13]
        assert len(watcher.snapshots) == 1


def test_a_gap_leads_to_a_new_snapshot(bare: BareHall) -> None:
    watcher = Watcher()
    with client_of(bare, watcher):
        bare.happen(14)
        eventually(lambda: len(watcher.snapshots) == 2, what="a new snapshot")
        bare.happen()
        eventually(lambda: watcher.at == ("e1", 15), what="events go on")


def test_a_lost_last_event_is_noticed_by_the_next_pulse(bare: BareHall) -> None:
    watcher = Watcher()
    with client_of(bare, watcher):
        bare.seq = 12
        bare.pulse()
        eventually(lambda: watcher.at == ("e1", 12), what="a new snapshot")
        bare.pulse()
        eventually(lambda: watcher.pulses, what="the pulse is passed on")


def test_events_before_the_first_snapshot_are_held_and_then_told_if_they_are_younger(bare: BareHall) -> None:
    watcher, told = Watcher(), threading.Event()

    def late(request: cmd.Request) -> list[bytes]:
        if told.is_set():
            snapshot = Snapshot("e1", 11, MORNING, None, [], [], [], Satisfaction())
            return [codec.encode_answer(request.request_id, snapshot)]
        return []

    bare.answer = late
    client = HallClient(bare.keys, watcher)
    try:
        eventually(bare.subscribed.is_set, what="subscribed")
        eventually(lambda: bare.requests, what="asked")
        for _ in range(3):
            bare.happen()
        eventually(lambda: not bare._said, what="published")
        told.set()
        eventually(lambda: watcher.at == ("e1", 13), what="in step")
        assert [event.seq for event in watcher.events] == [12, 13]
    finally:
        client.close()


def test_a_new_epoch_leads_to_a_new_snapshot_once(bare: BareHall) -> None:
    watcher = Watcher()
    with client_of(bare, watcher):
        bare.happen(3, "e2")
        eventually(lambda: watcher.at == ("e2", 3), what="the new life's snapshot")
        bare.happen()
        eventually(lambda: watcher.at == ("e2", 4), what="events go on")
        assert len(watcher.snapshots) == 2


def test_an_event_of_a_former_epoch_that_was_held_back_does_not_ask_for_snapshots_for_ever(bare: BareHall) -> None:
    watcher, free = Watcher(), threading.Event()
    with client_of(bare, watcher):
        bare.answer = lambda request: bare.good_answer(request) if free.is_set() else []
        bare.happen(20)
        eventually(lambda: len(bare.requests) == 2, what="asked because of the gap")
        bare.happen(21)
        eventually(lambda: not bare._said, what="published")
        bare.seq, bare.epoch = 3, "e2"
        free.set()
        eventually(lambda: watcher.at == ("e2", 3), what="the new life's snapshot")
        bare.happen()
        eventually(lambda: watcher.at == ("e2", 4), what="events go on")
        seen = len(watcher.snapshots)
        for _ in range(8):
            bare.happen()
            eventually(lambda: watcher.at == ("e2", bare.seq), what="events go on")
        assert len(watcher.snapshots) == seen <= 3


def test_a_hall_that_went_back_to_an_older_state_is_noticed(bare: BareHall) -> None:
    watcher = Watcher()
    with client_of(bare, watcher):
        bare.seq = 4
        bare.pulse()
        bare.pulse()
        eventually(lambda: watcher.at == ("e1", 4), what="the older state's snapshot")


def test_close_ends_what_is_pending_and_later_asks_as_unreachable(bare: BareHall) -> None:
    bare.answer = lambda request: []
    client = HallClient(bare.keys)
    asked = [client.ask(cmd.GetHall(), within=60) for _ in range(50)]
    client.close()
    client.close()
    asked.append(client.ask(cmd.GetHall(), within=60))
    for future in asked:
        with pytest.raises(ServerUnreachable):
            future.result(timeout=1)


def test_asking_twice_at_once_with_one_id_answers_both(bare: BareHall) -> None:
    with client_of(bare) as client:
        request_id = new_request_id()
        bare.answer = lambda request: []
        asked = [client.ask(cmd.GetHall(), request_id=request_id) for _ in range(2)]
        with pytest.raises(RequestIdReused):
            client.call(cmd.GetSnapshot(), request_id=request_id)
        bare.answer = bare.good_answer
        assert [future.result(timeout=10) for future in asked] == [DoneReply()] * 2


def test_who_loses_patience_with_a_future_does_not_stop_the_client(bare: BareHall) -> None:
    with client_of(bare) as client:
        assert not client.ask(cmd.GetHall()).cancel()
        assert client.call(cmd.GetHall(), within=5) == DoneReply()


def test_ten_thousand_asks_at_once_are_all_taken(bare: BareHall) -> None:
    bare.answer = lambda request: []
    client = HallClient(bare.keys)
    asked = [client.ask(cmd.GetHall(), within=60) for _ in range(10_000)]
    client.close()
    assert all(isinstance(future.exception(timeout=5), ServerUnreachable) for future in asked)


@pytest.mark.parametrize(
    "change",
    [
        {"commands": "127.0.0.1:5701"},
        {"commands": ""},
        {"events": "nowhere"},
        {"public_key": "short"},
        {"secret_key": ""},
        {"server_key": "é" * 40},
    ],
)
def test_keys_and_addresses_that_are_none_are_refused_at_once(bare: BareHall, change: dict[str, str]) -> None:
    with pytest.raises(KeyFileError):
        HallClient(replace(bare.keys, **change), Watcher())


def test_request_ids_sort_by_time_and_never_repeat() -> None:
    ids = [new_request_id() for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert all(len(one) == 28 for one in ids)
    first = new_request_id()
    eventually(lambda: time.time_ns() // 1_000_000 > int(first[:12], 16))
    assert new_request_id() > first


def test_a_client_without_a_listener_does_not_subscribe(bare: BareHall) -> None:
    with client_of(bare) as client:
        client.call(cmd.GetHall())
        assert not bare.subscribed.is_set()
    assert json.loads(codec.encode(bare.requests[0]))["version"] == 1
