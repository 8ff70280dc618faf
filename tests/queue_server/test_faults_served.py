"""A served hall whose disk fails: who asked is told what became of the request, and nobody hears of what is unsure."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from protocol import commands as cmd
from protocol import events as ev
from protocol import replies as re
from protocol.errors import StorageFailed
from queue_server.storage.base import Batch, DiskFault, Stored
from queue_server.verifying import verify
from tests.queue_server.served_hall import Served
from tests.running import eventually


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    hall = Served(tmp_path)
    yield hall
    hall.close()


def number(served: Served, request_id: str | None = None) -> str:
    """The next number."""
    reply = served.client.call(cmd.IssueTicket("land"), request_id=request_id)
    assert isinstance(reply, re.TicketIssuedReply)
    return reply.ticket.number


def troubles(served: Served) -> list[str]:
    """What troubles the server, as it says itself."""
    reply = served.client.call(cmd.GetHealth())
    assert isinstance(reply, re.HealthReply)
    return [alert.code for alert in reply.troubles]


def fail_next_commit(served: Served, monkeypatch: pytest.MonkeyPatch, *, kept: bool) -> None:
    """Let the disk fail at the next batch with a number; `kept`: it has the batch all the same."""
    commit, left = served.storage.commit, [True]

    def fails(batch: Batch) -> None:
        if left and any(b'"ticket_issued"' in event.body for event in batch.events):
            left.clear()
            if kept:
                commit(batch)
            raise DiskFault("the disk failed")
        commit(batch)

    monkeypatch.setattr(served.storage, "commit", fails)


def test_a_batch_that_the_disk_did_not_take_is_refused_and_its_number_is_the_nexts(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_next_commit(served, monkeypatch, kept=False)
    with pytest.raises(StorageFailed):
        number(served)
    assert not served.ear.heard(ev.TicketIssued)
    assert troubles(served) == ["disk_fault"]
    assert number(served) == "A001"
    assert verify(served.storage) > 0


def test_a_batch_that_the_disk_kept_after_all_is_answered(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_next_commit(served, monkeypatch, kept=True)
    assert number(served, "the-touch") == "A001"
    assert number(served, "the-touch") == "A001", "once"
    assert number(served) == "A002"
    assert troubles(served) == ["disk_fault"]


def test_while_the_disk_does_not_tell_the_state_nothing_is_answered_or_published(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert number(served) == "A001"
    pulses: list[re.Pulse] = []
    monkeypatch.setattr(served.ear, "on_pulse", pulses.append)
    broken = Broken(served.storage.load)
    monkeypatch.setattr(served.storage, "load", broken.load)
    fail_next_commit(served, monkeypatch, kept=True)
    for request_id in ("the-touch", "another"):
        with pytest.raises(StorageFailed):
            number(served, request_id)
    broken.tried.clear()
    assert broken.tried.wait(10), "it is looked again each second"
    pulses.clear()
    broken.tried.clear()
    assert broken.tried.wait(10)
    assert not pulses, "a wall that hears nothing says so"

    broken.whole = True
    eventually(lambda: pulses, what="the hall is heard again")
    assert number(served, "the-touch") == "A002", "what the disk kept is answered to who asks again"
    assert number(served) == "A003"


class Broken:
    """A disk that can't be read until it is `whole`; `tried` is set by every try."""

    def __init__(self, load: Callable[[], Stored]) -> None:
        self._load = load
        self.whole = False
        self.tried = threading.Event()

    def load(self) -> Stored:
        self.tried.set()
        if not self.whole:
            raise DiskFault("the disk can't be read")
        return self._load()
