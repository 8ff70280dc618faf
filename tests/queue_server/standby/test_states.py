"""What a machine is, as its folder says; and what is told to who asks for what can't be."""

import datetime as dt
from pathlib import Path

import pytest

from protocol.client import new_key_pair
from protocol.errors import ServerUnreachable
from protocol.events import EpochStarted
from protocol.invitation import Invitation, InvitationError
from protocol.keys import DeviceKeys, write_keys
from queue_server import folder
from queue_server.__main__ import main
from queue_server.clock_watch import doubted_after
from queue_server.standby import promoting, states, wiring
from queue_server.standby.wire import Fence
from queue_server.storage.base import StorageFault
from queue_server.storage.sqlite import SqliteStorage
from tests.running import free_ports

PUBLIC, SECRET = new_key_pair()
KEYS = DeviceKeys("second", "standby", PUBLIC, SECRET, PUBLIC, "tcp://127.0.0.1:1", "")
FOLLOWING = DeviceKeys("second", "standby", PUBLIC, SECRET, PUBLIC, f"tcp://127.0.0.1:{free_ports(1)[0]}", "")
NOW = dt.datetime(2026, 11, 23, 1, 0, tzinfo=dt.UTC)
INVITATION = str(Invitation("tcp://127.0.0.1:1", PUBLIC, "ABCDE-FGHJK-MNPQR-STUVW"))


def test_a_folder_says_what_its_machine_is(tmp_path: Path) -> None:
    assert (states.link_keys(tmp_path), states.promotion(tmp_path), states.fence(tmp_path)) == (None, None, None)
    states.begin_following(tmp_path, KEYS)
    assert states.link_keys(tmp_path) == KEYS
    states.ask_promotion(tmp_path)
    assert states.promotion_asked(tmp_path)
    promotion = states.Promotion(Fence("e2", "e1", 7), KEYS)
    states.end_following(tmp_path, promotion)
    assert states.promotion(tmp_path) == promotion
    assert states.link_keys(tmp_path) is None
    assert not states.promotion_asked(tmp_path)
    states.keep_fence(tmp_path, Fence("e3", "e2", 9))
    assert states.fence(tmp_path) == Fence("e3", "e2", 9)
    states.lift_fence(tmp_path)
    assert states.fence(tmp_path) is None


def test_a_machine_that_was_taken_over_is_told_what_to_do(tmp_path: Path) -> None:
    states.keep_fence(tmp_path, Fence("e2", "e1", 7))
    with pytest.raises(StorageFault, match="--role standby"):
        wiring.follow(tmp_path, None)


def test_a_machine_that_took_over_serves_whatever_its_unit_file_says(tmp_path: Path) -> None:
    states.end_following(tmp_path, states.Promotion(Fence("e2", "e1", 7), KEYS))
    assert wiring.follow(tmp_path, INVITATION)
    assert wiring.follow(tmp_path, None)


@pytest.mark.parametrize("given", ["second", "tcp://127.0.0.1:1/xyz/CODE"])
def test_what_is_no_invitation_is_refused(tmp_path: Path, given: str) -> None:
    with pytest.raises(InvitationError, match="no invitation"):
        wiring.follow(tmp_path, given)
    assert not list(tmp_path.iterdir())


def test_the_folder_of_another_hall_is_not_touched(tmp_path: Path) -> None:
    SqliteStorage(tmp_path / "hall.db").close()
    other = new_key_pair()
    write_keys(tmp_path / "keys" / "server.json", DeviceKeys("server", "server", *other, other[0], "", ""))
    with pytest.raises(InvitationError, match="another hall"):
        wiring.follow(tmp_path, INVITATION)
    assert states.link_keys(tmp_path) is None


def test_a_first_machine_that_does_not_answer_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(_invitation: Invitation) -> DeviceKeys:
        raise ServerUnreachable("tcp://127.0.0.1:1")

    monkeypatch.setattr(wiring, "accept", nobody)
    with pytest.raises(ServerUnreachable):
        wiring.follow(tmp_path, INVITATION)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("prepared", "told"), [(False, "no second machine's folder"), (True, "no copy of the hall")])
def test_only_a_second_machine_with_a_copy_is_promoted(
    tmp_path: Path, prepared: bool, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if prepared:
        states.begin_following(tmp_path, KEYS)
    assert main(["promote", "--data", str(tmp_path)]) == 1
    assert told in capsys.readouterr().err


def a_clone(data: Path, *more: EpochStarted) -> str:
    """A second machine's folder with a log of a first event and more; its epoch."""
    states.begin_following(data, FOLLOWING)
    storage = SqliteStorage(data / "hall.db")
    ledger = promoting.Ledger(promoting.Rules(), storage)
    ledger.begin(NOW)
    for body in more:
        ledger.hall.epoch = "of-another"
        ledger.record(body, "server", NOW)
    ledger.commit()
    storage.close()
    return storage.epoch


def test_a_promotion_that_was_cut_off_is_ended_and_begins_no_second_epoch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first_epoch = a_clone(tmp_path)
    with monkeypatch.context() as cut:
        cut.setattr(promoting, "end_following", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            promoting.take_over(tmp_path, FOLLOWING, NOW)
    fence = promoting.take_over(tmp_path, FOLLOWING, NOW)
    assert (fence.previous, fence.seq) == (first_epoch, 2)
    assert states.promotion(tmp_path) == states.Promotion(fence, FOLLOWING)


def test_a_clone_whose_last_event_is_another_machines_promotion_begins_an_epoch_of_its_own(tmp_path: Path) -> None:
    others = a_clone(tmp_path, EpochStarted("", "promoted", "e0"))
    fence = promoting.take_over(tmp_path, FOLLOWING, NOW)
    assert (fence.previous, fence.seq) == (others, 3)


@pytest.mark.parametrize("told", [dt.datetime(2000, 1, 1, tzinfo=dt.UTC), NOW + dt.timedelta(days=1000)])
def test_a_clock_that_cannot_be_right_is_doubted_after_a_promotion_as_well(tmp_path: Path, told: dt.datetime) -> None:
    a_clone(tmp_path)
    fence = promoting.take_over(tmp_path, FOLLOWING, told)
    storage = SqliteStorage(tmp_path / "hall.db")
    last = promoting.Ledger(promoting.Rules(), storage).event(fence.seq).at
    storage.close()
    assert doubted_after(last, told) is not None


def test_nobody_else_works_on_the_folder_while_it_takes_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_clone(tmp_path)
    write_keys(tmp_path / "keys" / "server.json", FOLLOWING)
    taken: list[Path] = []

    def held(data: Path, _keys: DeviceKeys, _now: dt.datetime) -> None:
        with pytest.raises(StorageFault, match="another server"):
            folder.lock(data)
        taken.append(data)

    monkeypatch.setattr(promoting, "take_over", held)
    assert main(["promote", "--data", str(tmp_path), "--primary-is-gone"]) == 0
    assert taken == [tmp_path]
