"""A wrong hall file stops no running hall, and whatever stands in one is told as faults or is a hall that works."""

import datetime as dt
import random
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from config.loading import SettingsError, load_hall
from config.settings import ROOT
from protocol import codec
from protocol.commands import GetHall, GetSnapshot, IssueTicket, Request
from queue_server.domain.rows import Device
from queue_server.service import QueueService
from queue_server.storage.memory import MemoryStorage
from tests.conftest import LONG, RunningHall
from tests.queue_server.factories import MORNING, counting_bytes

SEED = 20261123
DOCUMENT = tomllib.loads((ROOT / "halls" / "xa.toml").read_text(encoding="utf-8"))
ODD: list[Any] = [
    "", " ", "x" * 5000, "đ", "e\u0301", "\u202e", "{0}", "../..", "tcp://", "07:30-07:30", "25:00-26:00",
    "24:00-00:00", -1, 0, 1, 10**9, 2**63, 1.5, 1e308, float("inf"), float("nan"), True, [], [[]], {}, [""],
    {"": ""}, [{}], dt.date(1, 1, 1), dt.datetime(9999, 12, 31, 23, 59, tzinfo=dt.UTC), dt.time(7, 30),
]  # fmt: skip
DEVICE = Device("admin", "admin", "a")


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container of a document with every key in it."""
    keys: Any = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in list(keys):
        yield value, key
        yield from places(value[key])


def changed(chance: random.Random) -> dict[str, Any]:
    """The hall's document with one to three values replaced, taken away, doubled or exchanged."""
    document = tomllib.loads(tomli_w.dumps(DOCUMENT))
    for _ in range(chance.randint(1, 3)):
        container, key = chance.choice(list(places(document)))
        other, other_key = chance.choice(list(places(document)))
        match chance.randrange(5):
            case 0:
                del container[key]
            case 1 if isinstance(container, list):
                container.append(container[key])
            case 2 if isinstance(container, dict):
                container[f"{key}-"] = container[key]
            case 3:
                container[key] = tomllib.loads(tomli_w.dumps({"it": other[other_key]}))["it"]
            case _:
                container[key] = chance.choice(ODD)
    return document


def test_a_changed_hall_file_is_told_as_faults_or_is_a_hall_that_works(tmp_path: Path) -> None:
    chance, path, good = random.Random(SEED), tmp_path / "hall.toml", 0
    told: list[str] = []
    (tmp_path / "catalogue.toml").write_text("", encoding="utf-8")
    for _ in range(3000 if LONG else 60):
        path.write_text(tomli_w.dumps(changed(chance)), encoding="utf-8")
        try:
            file = load_hall(path, catalogue_needed=False)
        except SettingsError as error:
            told += [fault.line("en") for fault in error.faults]
            continue
        good += 1
        service = QueueService(file, MemoryStorage(), counting_bytes())
        service.ledger.begin(MORNING)
        wishes = [GetHall(), GetSnapshot(), *(IssueTicket(one.id) for one in file.services[:3])]
        for turn, wish in enumerate(wishes):
            codec.decode_answer(service.answer(Request(1, f"request-{turn}", wish), DEVICE, MORNING))
        service.ledger.commit()
    assert good, "some changes are harmless"
    assert len(told) > good, "and some are not"


def test_a_file_that_became_wrong_stops_no_running_hall_and_a_new_start_says_what_is_wrong(hall: RunningHall) -> None:
    client, right = hall.client("admin"), hall.hall_file.read_bytes()
    service_id = DOCUMENT["services"][0]["id"]
    client.call(IssueTicket(service_id))
    hall.hall_file.write_bytes(right.replace(b"[hall]", b"[hall]\nworng = 1\n", 1))
    client.call(IssueTicket(service_id))
    assert hall.stop() == 0
    hall.log.close()
    with pytest.raises(AssertionError, match="worng"):
        hall.start()
    assert hall.process.wait() == 2
    hall.log.close()
    hall.hall_file.write_bytes(right)
    hall.start()
    client.call(IssueTicket(service_id))
