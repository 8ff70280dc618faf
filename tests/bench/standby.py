"""What a second machine costs, and how soon it stands in for the first: both on this machine, in one run."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from protocol import commands as cmd
from protocol.client import HallClient
from tests.bench.cycle import cycles
from tests.bench.hall import write_hall
from tests.bench.load import Measured, run_load
from tests.queue_server.standby.machines import Machines
from tests.running import RunningHall, free_ports

PROMOTIONS = 5


def standby_figures(folder: Path, clients: list[int], seconds: float) -> Iterator[str]:
    """Commands per second alone and with a second machine in step, and seconds from `promote` to the first ticket."""
    folder.mkdir()
    alone = RunningHall(write_hall(folder, free_ports(4)), folder / "alone", 0)
    try:
        with Machines(folder / "pair", counters=256) as machines:
            machines.join()
            yield "clients   alone/s   p50 ms   p99 ms | in step/s   p50 ms   p99 ms |  share"
            for count in clients:
                single = _load(alone, count, seconds)
                pair = _load(machines.first, count, seconds)
                machines.wait_in_step()
                share = pair.per_second / single.per_second
                yield f"{count:7} {_columns(single)} |   {_columns(pair)} | {share:6.2f}"
    finally:
        alone.close()
    times = sorted(_promotion(folder / f"promotion-{i}") for i in range(PROMOTIONS))
    yield "from promote, which listens 2 s for the first machine, to the first ticket of a waiting device:"
    yield "  " + ", ".join(f"{seconds:.2f} s" for seconds in times)


def _columns(load: Measured) -> str:
    return f"{load.per_second:9,.0f} {load.p50:8.2f} {load.p99:8.2f}"


def _load(hall: RunningHall, clients: int, seconds: float) -> Measured:
    keys = hall.keys("admin")
    return run_load(keys, keys.commands, clients, cycles, seconds)


def _promotion(folder: Path) -> float:
    """The first machine is stolen, the operator promotes at once, a device that knows both asks on and on."""
    with Machines(folder) as machines:
        machines.join()
        client = HallClient(machines.knows_both())
        try:
            client.call(cmd.IssueTicket("s1"), within=20)
            machines.lose_first()
            waiting = client.ask(cmd.IssueTicket("s1"), within=60)
            begun = time.monotonic()
            assert machines.second.promote().returncode == 0
            waiting.result()
            return time.monotonic() - begun
        finally:
            client.close()
            shutil.rmtree(folder, ignore_errors=True)
