"""A server that meets an older program's database: not while the hall is open, unless it is told."""

import subprocess
import sys
from pathlib import Path

from queue_server.storage.sqlite import SqliteStorage
from queue_server.verifying import verify
from tests.conftest import ROOT, eventually, hall_file_at_free_ports
from tests.queue_server.storage.test_migrating import lay, version


def test_a_server_waits_with_an_upgrade_until_the_hall_is_closed_or_it_is_told(tmp_path: Path) -> None:
    hall_file, _ = hall_file_at_free_ports(ROOT / "config" / "halls" / "xa.toml", tmp_path)
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    path = lay(data / "hall.db")
    command = [sys.executable, str(ROOT / "run_server.py"), "--hall", str(hall_file), "--data", str(data), "--no-web"]

    refused = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert refused.returncode == 1
    assert "its schema version is 3" in refused.stderr
    assert "--migrate-now" in refused.stderr
    assert version(path) == 3

    with subprocess.Popen([*command, "--migrate-now"], cwd=ROOT, stderr=subprocess.DEVNULL) as server:
        try:
            eventually((data / "keys" / "phone.json").exists, what="the server serves")
        finally:
            server.terminate()
        server.wait(timeout=60)
    assert version(data / "hall.db.schema-3") == 3
    storage = SqliteStorage(path, writing=False)
    try:
        assert verify(storage) == storage.head()[0]
    finally:
        storage.close()
