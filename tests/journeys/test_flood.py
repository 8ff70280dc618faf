"""The power comes back to a building: all kiosks connect at once, each with its own key, and ask."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from protocol import commands as cmd
from protocol.client import HallClient, new_key_pair
from protocol.keys import DeviceKeys
from protocol.replies import TicketIssuedReply
from queue_server.storage.sqlite import SqliteStorage
from queue_server.verifying import verify
from tests.bench.flood import let_kiosks_join
from tests.bench.hall import write_hall
from tests.conftest import LONG, RunningHall, free_ports

KIOSKS = 200 if LONG else 40


def test_kiosks_that_come_back_all_at_once_each_get_a_number_of_their_own(tmp_path: Path) -> None:
    hall_file = write_hall(tmp_path, free_ports(4))
    pairs = [new_key_pair() for _ in range(KIOSKS)]
    let_kiosks_join(hall_file, tmp_path / "data", [public for public, _ in pairs])
    hall = RunningHall(hall_file, tmp_path / "data", 0)
    try:
        admin = hall.keys("admin")
        places = admin.server_key, admin.commands, admin.events
        kiosks = [HallClient(DeviceKeys(f"kiosk-{i}", "kiosk", *pair, *places)) for i, pair in enumerate(pairs)]
        asked = [kiosk.ask(cmd.IssueTicket("s1"), within=60) for kiosk in kiosks]
        answers = [future.result() for future in asked]
        with ThreadPoolExecutor(8) as closing:
            list(closing.map(HallClient.close, kiosks))
        numbers = sorted(a.ticket.number for a in answers if isinstance(a, TicketIssuedReply))
        assert numbers == [f"A{i:08}" for i in range(1, KIOSKS + 1)]
        assert hall.stop() == 0
    finally:
        hall.close()
    storage = SqliteStorage(tmp_path / "data" / "hall.db", writing=False)
    verify(storage)
    storage.close()
