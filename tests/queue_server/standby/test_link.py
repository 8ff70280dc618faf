"""The link of two machines, in one process: real sockets and databases, the second machine held where it matters."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from protocol.client import new_key_pair
from protocol.keys import DeviceKeys
from queue_server.domain.chain import START, link
from queue_server.domain.rows import Day, Device
from queue_server.domain.ticket import Ticket
from queue_server.health import Health
from queue_server.standby import link as shipping
from queue_server.standby import promoting, wire
from queue_server.standby.backlog import Backlog
from queue_server.standby.dialling import Line
from queue_server.standby.following import Follower
from queue_server.standby.link import Link
from queue_server.standby.wire import Fence, pack, unpack
from queue_server.storage.base import (
    Batch,
    Fenced,
    Guard,
    StorageFault,
    StoredAnswer,
    StoredCallback,
    StoredEvent,
    StoredNote,
    StoredRating,
)
from queue_server.storage.sqlite import SqliteStorage
from tests.running import eventually, free_ports

DAY = dt.date(2026, 11, 23)
NOW = dt.datetime(2026, 11, 23, 1, 0, tzinfo=dt.UTC)


class First:
    """A first machine whose loop turns on a thread of its own between two commits."""

    def __init__(self, data: Path) -> None:
        data.mkdir()
        self.data = data
        self.storage = SqliteStorage(data / "hall.db")
        self.server = new_key_pair()
        self.address = f"tcp://127.0.0.1:{free_ports(1)[0]}"
        self.link = Link(self.storage, data, self.address, self.server)
        self.devices: dict[str, Device] = {}
        self.seq, self.head = 0, START
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._over.wait(0.01):
            with self._lock:
                if self.link is not None:
                    self.link.turn()

    def enrol(self, name: str = "second", role: str = "standby") -> DeviceKeys:
        public, secret = new_key_pair()
        self.devices[name] = Device(name, role, public)
        with self._lock:
            self.link.admit(self.devices.values())
        return DeviceKeys(name, role, public, secret, self.server[0], self.address, "")

    def revoke(self, name: str) -> None:
        with self._lock:
            self.link.admit([device for device in self.devices.values() if device.device_id != name])

    def commit(self, **more: object) -> int:
        """Store a batch with one event; its seq."""
        with self._lock:
            body = b'{"event":%d}' % (self.seq + 1)
            self.storage.commit(Batch(events=[StoredEvent(self.seq + 1, body, link(self.head, body))], **more))  # type: ignore[arg-type]
            self.seq, self.head = self.seq + 1, link(self.head, body)
            return self.seq

    def hang_up(self) -> None:
        with self._lock:
            self.link.close()
            self.link = None  # type: ignore[assignment]

    def open_again(self) -> None:
        with self._lock:
            self.link = Link(self.storage, self.data, self.address, self.server)

    def load(self) -> int:
        """Read the storage anew, as after a fault; the seq of its last event."""
        with self._lock:
            self.storage.load()
            self.seq, self.head = self.storage.head()
            return self.seq

    def turns(self) -> bool:
        """Whether its loop lives."""
        return self._thread.is_alive()

    def asks(self, what: str) -> bool:
        with self._lock:
            return bool(getattr(self.link, what))

    def troubles(self) -> list[str]:
        health = Health()
        with self._lock:
            self.link.tell(health, lambda: NOW)
        return [alert.code for alert in health.troubles]

    def close(self) -> None:
        self._over.set()
        self._thread.join()
        self.link.close()
        self.storage.close()


class Second:
    """A second machine that follows on a thread of its own."""

    def __init__(self, data: Path, keys: DeviceKeys) -> None:
        data.mkdir(exist_ok=True)
        self.data = data
        self.follower = Follower(data, keys)
        self._thread = threading.Thread(target=self.follower.run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self.follower.stop()
        self._thread.join()

    def head(self) -> int:
        storage = SqliteStorage(self.data / "hall.db", writing=False)
        try:
            return storage.head()[0]
        finally:
            storage.close()


@pytest.fixture
def first(tmp_path: Path) -> Iterator[First]:
    machine = First(tmp_path / "first")
    yield machine
    machine.close()


def in_step(first: First) -> bool:
    return first.asks("in_step")


def test_every_field_of_a_batch_travels() -> None:
    ticket = Ticket(7, "A001", DAY, "A", "s1", "ordinary", "vi", NOW)
    batch = Batch(
        [StoredEvent(1, b"{}", b"h" * 32)],
        [ticket],
        {"day": Day(DAY), "counter:1": None},
        [StoredAnswer("r" * 8, b"f", b"a")],
        [StoredRating(b"i", DAY, "s1", "1", 5, ["slow"], "good", "01", {"manner": 4})],
        [StoredNote(1, DAY, 7, NOW, "1", "01", "papers")],
        [3],
        [Guard(b"p", "s1", 7)],
        [StoredCallback("c", DAY, b"sealed")],
        ["d"],
        {"notes": DAY},
        b"{}",
        b"2026-11-23key",
        12,
    )
    assert unpack(pack(batch)) == batch
    assert all(getattr(batch, name) for name in vars(batch))


def test_a_commit_returns_only_when_the_second_machine_has_it_on_its_disk(first: First, tmp_path: Path) -> None:
    second = Second(tmp_path / "second", first.enrol())
    try:
        eventually(lambda: in_step(first))
        for _ in range(50):
            seq = first.commit()
            assert second.head() == seq  # at once, also for another reader of the file
    finally:
        second.close()


def test_a_machine_that_is_in_step_has_the_keys_with_which_to_take_over(first: First, tmp_path: Path) -> None:
    _folder(first.data / "keys")
    (first.data / "keys" / "server.json").write_bytes(b"the hall's")
    (first.data / "keys" / "kiosk-1.json").write_bytes(b"a device's own")
    second = Second(tmp_path / "second", first.enrol())
    try:
        eventually(lambda: in_step(first))
        taken = tmp_path / "second" / "keys"
        assert [(path.name, path.read_bytes()) for path in taken.iterdir()] == [("server.json", b"the hall's")]
        (first.data / "keys" / "pins.json").write_bytes(b"new")
        eventually((taken / "pins.json").exists, what="a changed key file follows")
        assert (taken / "pins.json").stat().st_mode & 0o777 == 0o600
    finally:
        second.close()


def test_a_second_machine_whose_disk_is_full_lets_the_hall_go_on_and_catches_up(
    first: First, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = Second(tmp_path / "second", first.enrol())
    full = threading.Event()
    commit = SqliteStorage.commit

    def on_a_full_disk(storage: SqliteStorage, batch: Batch) -> None:
        if full.is_set() and storage._path.parent.name == "second":
            raise StorageFault("the disk is full")
        commit(storage, batch)

    monkeypatch.setattr(SqliteStorage, "commit", on_a_full_disk)
    monkeypatch.setattr(shipping, "WAIT_SECONDS", 0.05)
    try:
        eventually(lambda: in_step(first))
        full.set()
        for _ in range(5):
            first.commit()
        assert not in_step(first)
        eventually(lambda: first.troubles() == ["standby_away"], what="the trouble is told")
        full.clear()
        eventually(lambda: in_step(first), what="it catches up")
        assert second.head() == first.seq
        assert first.troubles() == []
    finally:
        second.close()


def test_a_hall_that_never_rests_lets_a_slower_second_machine_catch_up(
    first: First, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = SqliteStorage.commit

    def on_a_slow_disk(storage: SqliteStorage, batch: Batch) -> None:
        if storage._path.parent.name == "second":
            threading.Event().wait(0.005)
        commit(storage, batch)

    monkeypatch.setattr(SqliteStorage, "commit", on_a_slow_disk)
    keys = first.enrol()
    second = Second(tmp_path / "second", keys)
    eventually(lambda: in_step(first))
    second.close()
    for _ in range(30):
        first.commit()
    second = Second(tmp_path / "second", keys)
    try:
        for _ in range(3000):
            first.commit()
            if in_step(first):
                break
        assert in_step(first)
    finally:
        second.close()


def test_a_second_machine_that_misses_too_much_gets_a_copy_and_keeps_no_other_log_in_its_place(
    first: First, tmp_path: Path
) -> None:
    first.commit()
    keys = first.enrol()
    other = SqliteStorage(_folder(tmp_path / "second") / "hall.db")
    body = b'{"another":"hall"}'
    other.commit(Batch(events=[StoredEvent(1, body, link(START, body))]))
    other.close()
    second = Second(tmp_path / "second", keys)
    try:
        eventually(lambda: in_step(first))
        (aside,) = second.data.glob("hall.db.aside-*[0-9]")
        kept = SqliteStorage(aside, writing=False)
        assert [event.body for event in kept.events()] == [body]
        kept.close()
    finally:
        second.close()
    first.link._backlog.forget()
    first.commit()
    first.link._backlog.forget()
    second = Second(tmp_path / "second", keys)
    try:
        eventually(lambda: in_step(first))
        assert second.head() == 2
        assert len(list(second.data.glob("hall.db.aside-*[0-9]"))) == 1  # what was behind only is not kept
    finally:
        second.close()


def test_what_the_second_machine_got_of_a_guard_key_is_the_first_ones(first: First, tmp_path: Path) -> None:
    second = Second(tmp_path / "second", first.enrol())
    try:
        eventually(lambda: in_step(first))
        with first._lock:
            key = first.storage.guard_key(DAY)
        first.commit(guards=[Guard(b"p" * 32, "s1", 1)])
    finally:
        second.close()
    clone = SqliteStorage(tmp_path / "second" / "hall.db")
    assert clone.guard_key(DAY) == key
    assert clone.guards() == [Guard(b"p" * 32, "s1", 1)]
    clone.close()


def test_a_batch_that_a_failing_disk_kept_unsent_reaches_the_second_machine_all_the_same(
    first: First, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = Second(tmp_path / "second", first.enrol())
    durably = SqliteStorage._durably

    def kept(storage: SqliteStorage, write: Callable[[], object]) -> None:
        durably(storage, write)
        if storage is first.storage:
            raise StorageFault("the disk says that it did not take it")

    try:
        eventually(lambda: in_step(first))
        first.commit()
        with monkeypatch.context() as failing:
            failing.setattr(SqliteStorage, "_durably", kept)
            with pytest.raises(StorageFault):
                first.commit()
        stored = first.load()
        assert not in_step(first)  # told at once: this machine has what the other has not
        first.commit()
        eventually(lambda: in_step(first), what="the second machine has all of it")
        assert second.head() == stored + 1
    finally:
        second.close()


@pytest.mark.parametrize("offset", [0, -1, 2**80])
def test_a_copy_that_cannot_be_read_ends_the_copy_and_not_the_server(first: First, offset: int) -> None:
    line = Line(first.enrol())
    try:
        line.say(wire.HELLO, b"{}")
        eventually(lambda: (line.listen(0.1) or (b"",))[0] == wire.COPY, what="the copy is offered")
        if offset == 0:
            (first.data / "standby-copy.db").unlink()
        line.say(wire.WANT, b"%d" % offset)
        line.say(wire.PING)
        eventually(lambda: (line.listen(0.1) or (b"",))[0] == wire.PULSE, what="it is there")
        first.commit()
        assert first.turns()
    finally:
        line.close()


def test_key_files_that_cannot_be_read_are_tried_again(
    first: First, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _folder(first.data / "keys")
    (first.data / "keys" / "server.json").write_bytes(b"the hall's")
    read = Path.read_bytes
    tried = threading.Event()

    def failing(path: Path) -> bytes:
        if path.parent != first.data / "keys":
            return read(path)
        tried.set()
        raise OSError("input/output error")

    second = Second(tmp_path / "second", first.enrol())
    try:
        with monkeypatch.context() as disk:
            disk.setattr(Path, "read_bytes", failing)
            assert tried.wait(20)
            assert not in_step(first)
        eventually(lambda: in_step(first), what="it follows")
        assert (tmp_path / "second" / "keys" / "server.json").exists()
    finally:
        second.close()


@pytest.mark.parametrize("role", ["kiosk", "admin"])
def test_nobody_but_the_second_machine_is_heard_on_the_link(first: First, role: str) -> None:
    first.enrol()
    line = Line(first.enrol("x", role))
    try:
        line.say(wire.PING)
        line.say(wire.FENCE, b'{"epoch":"e","previous":"%s","seq":1}' % first.storage.epoch.encode())
        assert line.listen(0.5) is None
        assert not first.asks("fence")
    finally:
        line.close()


def test_only_one_machine_follows_and_one_that_is_shut_out_hears_nothing_more(first: First, tmp_path: Path) -> None:
    second = Second(tmp_path / "second", first.enrol())
    third = Line(first.enrol("third"))
    try:
        eventually(lambda: in_step(first))
        third.say(wire.HELLO, b"{}")
        assert third.listen(5) == (wire.NO, b"another machine follows already")
        first.revoke("second")
        head = second.head()
        first.commit()
        assert not in_step(first)
        assert second.head() == head
    finally:
        third.close()
        second.close()


def test_what_is_committed_by_a_machine_that_was_taken_over_is_answered_to_nobody(first: First) -> None:
    line = Line(first.enrol())
    try:
        line.say(wire.FENCE, b'{"epoch":"e2","previous":"e0","seq":1}')  # of another life: not this machine's successor
        line.say(wire.PING)
        assert (line.listen(5) or (b"",))[0] == wire.PULSE
        assert not first.asks("fence")
        first.commit()
        line.say(wire.FENCE, b'{"epoch":"e2","previous":"%s","seq":1}' % first.storage.epoch.encode())
        assert (line.listen(5) or (b"",))[0] == wire.FENCED
        with pytest.raises(Fenced):
            first.commit()
        assert first.link.fence == Fence("e2", first.storage.epoch, 1)
    finally:
        line.close()


def test_a_machine_that_was_shut_out_is_told_so_and_does_not_take_the_first_one_for_gone(
    first: First, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    keys = first.enrol()
    assert promoting.answers(keys)
    first.revoke("second")
    assert promoting.answers(keys)  # it answers by refusing
    first.hang_up()
    assert not promoting.answers(keys)
    first.open_again()
    second = Second(tmp_path / "second", keys)
    try:
        eventually(lambda: "has shut this one out" in caplog.text, what="it is told")
        assert "silent" not in caplog.text
    finally:
        second.close()


def test_the_backlog_keeps_the_latest_that_fit() -> None:
    backlog = Backlog(limit=10)
    for number in range(1, 6):
        backlog.add(number, b"xxxx")
    assert [backlog.get(number) for number in range(7)] == [None, None, None, None, b"xxxx", b"xxxx", None]
    backlog.forget()
    assert backlog.get(5) is None


def _folder(path: Path) -> Path:
    path.mkdir()
    return path
