"""A machine that learns in the middle of a batch that it was taken over: what it stored counts nowhere."""

from pathlib import Path

import pytest

from protocol.commands import IssueTicket
from protocol.errors import ServerUnreachable
from queue_server.standby.link import Link
from queue_server.standby.wire import Fence
from queue_server.storage.base import Batch, Fenced
from tests.queue_server.served_hall import Served
from tests.running import eventually, free_ports


class TakenOver(Link):
    """Hears of it while it ships its first batch, when that is on its own disk already."""

    def ship(self, batch: Batch) -> None:
        self.fence = Fence("e2", self._storage.epoch, batch.events[-1].seq)
        raise Fenced("the second machine took the hall over")


def test_the_batch_in_hand_of_a_machine_that_was_taken_over_is_answered_to_nobody(tmp_path: Path) -> None:
    hall = Served(tmp_path)
    try:
        link = TakenOver(hall.storage, tmp_path, f"tcp://127.0.0.1:{free_ports(1)[0]}", hall.server)
        hall.endpoint.attach(link)
        before = hall.storage.head()
        with pytest.raises(ServerUnreachable):
            hall.client.call(IssueTicket("land"), within=2)
        eventually(lambda: not hall.serves(), what="the loop ends")
        assert hall.storage.head() != before  # it was on the disk, and yet is no answer
        link.close()
    finally:
        hall.close()
