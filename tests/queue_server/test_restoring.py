"""A restored hall goes on in an epoch of its own: nothing on paper means another person's ticket, or is given twice."""

import datetime as dt
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from protocol import codec
from protocol import commands as cmd
from protocol import events as ev
from protocol import replies as re
from queue_server.__main__ import main
from queue_server.backup import back_up
from queue_server.domain.rows import ClockDoubt, Device
from queue_server.domain.rules import Rules
from queue_server.ledger import Ledger
from queue_server.restoring import ClockWrong, begin_epoch, go_on_if_copied, has_just_begun, restore, restored_today
from queue_server.storage.base import AnsweredLost, StorageFault
from queue_server.storage.head import HeadFile
from queue_server.storage.in_place import finish_swap
from queue_server.storage.memory import MemoryStorage
from queue_server.storage.sqlite import SqliteStorage
from queue_server.verifying import Broken, verify
from tests.conftest import LONG
from tests.queue_server.factories import KIOSK, MORNING, PHONE, SmallHall, hall_file
from tests.queue_server.storage.dying import dies

STRIDE = 1 if LONG else 9
"""Each touch of the disk in the long run; in the plain one a part of them."""
OTHER = Device("kiosk-2", "kiosk", "k2")
TODAY = dt.date(2026, 11, 23)


class Halls:
    """A hall whose server is stopped and started, with a backup of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "hall.db"
        self.backup = folder / "copy" / "hall.db"
        self.backup.parent.mkdir()
        self._begun = 0
        self.clock = MORNING

    def start(self, path: Path | None = None) -> SmallHall:
        """A hall as a server serves it; stop it with `stop`."""
        storage = SqliteStorage(path or self.path)
        storage.head_file = HeadFile(path or self.path)
        self._begun += 1
        hall = SmallHall(storage=storage, first_id=self._begun * 1000)
        hall.clock.now = self.clock
        go_on_if_copied(storage, hall.service.ledger, hall.clock.now)
        return hall

    def stop(self, hall: SmallHall) -> None:
        hall.storage.close()

    def back_up(self) -> None:
        reader = SqliteStorage(self.path, writing=False)
        back_up(reader, self.backup)
        reader.close()

    def restore(self, **options: int) -> SmallHall:
        """The hall after the backup was put in its place."""
        self.done = restore(self.folder, self.backup, self.clock, **options)
        return self.start()


@pytest.fixture
def halls(tmp_path: Path) -> Halls:
    return Halls(tmp_path)


def lived(halls: Halls) -> tuple[SmallHall, list[re.TicketIssuedReply], list[re.TicketIssuedReply]]:
    """A hall with three numbers before its backup and four after it."""
    hall = halls.start()
    hall.enrol(KIOSK)
    before = [hall.issue("land") for _ in range(3)]
    halls.back_up()
    return hall, before, [hall.issue("land") for _ in range(4)]


def ticket_of(hall: SmallHall, token: str) -> str:
    return hall.get(re.TicketReply, cmd.GetTicket(token=token), PHONE).ticket.number


# ---- what is on paper ----


def test_a_paper_from_before_the_backup_still_leads_to_its_ticket(halls: Halls) -> None:
    hall, before, _ = lived(halls)
    halls.stop(hall)
    hall = halls.restore()
    assert [ticket_of(hall, issued.token) for issued in before] == ["A001", "A002", "A003"]
    assert verify(hall.storage) == hall.service.hall.seq


def test_a_paper_from_after_the_backup_never_leads_to_another_persons_ticket(halls: Halls) -> None:
    hall, _, after = lived(halls)
    after += [hall.issue("land") for _ in range(12)]
    halls.stop(hall)
    hall = halls.restore()
    ids = [hall.issue("civil").ticket.ticket_id for _ in range(20)]
    assert {issued.ticket.ticket_id for issued in after} & set(ids), "places in the log are taken anew"
    for issued in after:
        assert hall.refusal(cmd.GetTicket(token=issued.token), PHONE) == "invalid_token"
        assert hall.refusal(cmd.RateTicket(issued.token, 1), PHONE) == "invalid_token"
    assert ticket_of(hall, hall.issue("land").token) == "A104"


def test_no_number_that_may_be_on_paper_is_given_again(halls: Halls) -> None:
    hall, before, after = lived(halls)
    halls.stop(hall)
    hall = halls.restore(void=10)
    held = {issued.ticket.number for issued in [*before, *after]}
    given = [hall.issue("land").ticket.number for _ in range(5)]
    assert given == ["A014", "A015", "A016", "A017", "A018"]
    assert not held & set(given)
    assert [body for body in hall.log(ev.NumbersVoided) if body.queue_id == "land"] == [
        ev.NumbersVoided("land", TODAY, 4, 13)
    ]


def test_more_than_asked_is_void_where_the_old_hall_can_be_read_and_says_so(halls: Halls) -> None:
    hall, _, _ = lived(halls)
    last = [hall.issue("land") for _ in range(30)][-1].ticket.number
    assert last == "A037"
    halls.stop(hall)
    hall = halls.restore(void=5)
    assert hall.issue("land").ticket.number == "A038"


def test_a_backup_of_yesterday_gives_none_of_todays_numbers_again(halls: Halls) -> None:
    hall, _, _ = lived(halls)
    halls.clock = hall.clock.now = MORNING + dt.timedelta(days=1)
    today = [hall.issue("land").ticket.number for _ in range(6)]
    halls.stop(hall)
    halls.path.write_bytes(b"nothing that can be read")
    hall = halls.restore(void=50)
    assert halls.done.unread
    assert today[0] == "A001"
    assert hall.issue("land").ticket.number == "A051"


def test_with_void_0_numbers_go_on_where_the_backup_ends(halls: Halls) -> None:
    hall, _, _ = lived(halls)
    halls.stop(hall)
    hall = halls.restore(void=0)
    assert hall.log(ev.NumbersVoided) == []
    assert hall.issue("land").ticket.number == "A004"


def test_a_short_series_keeps_half_of_its_numbers_for_the_day() -> None:
    hall = SmallHall(hall_file(last=21))
    hall.issue("land")
    begin_epoch(hall.service.ledger, hall.clock.now)
    assert [hall.issue("land").ticket.number for _ in range(10)] == [f"A{count:03}" for count in range(12, 22)]
    assert hall.refusal(cmd.IssueTicket("land")) == "numbers_exhausted"


# ---- what kiosks hold ----


def block_of(hall: SmallHall, device: Device = KIOSK) -> re.NumberBlock:
    blocks = hall.get(re.BlocksReply, cmd.ReserveNumbers(), device).blocks
    return next(block for block in blocks if (block.queue_id, block.service_day) == ("land", TODAY))


def handed_in(block: re.NumberBlock, count: int) -> cmd.HandInTicket:
    return cmd.HandInTicket(block.block_id, count, "land", MORNING + dt.timedelta(minutes=1))


@pytest.mark.parametrize("readable", [True, False])
def test_a_number_that_a_kiosk_gave_from_a_forgotten_block_is_handed_in_and_called(
    halls: Halls, *, readable: bool
) -> None:
    hall, _, _ = lived(halls)
    lost = block_of(hall)
    halls.stop(hall)
    if not readable:
        halls.path.write_bytes(b"")
    hall = halls.restore()
    hall.enrol(OTHER)
    fresh = block_of(hall, OTHER)
    assert not set(range(lost.first, lost.last + 1)) & set(range(fresh.first, fresh.last + 1)), "nobody else gives them"
    hall.issue("land")
    reply = hall.get(re.TicketIssuedReply, handed_in(lost, lost.first), KIOSK)
    assert reply.ticket.number == f"A{lost.first}"
    hall.open("1")
    assert hall.call("1") == hall.service.view(hall.log(ev.TicketIssued)[0].ticket_id), "the oldest first"
    assert hall.refusal(handed_in(lost, lost.first), KIOSK) == "number_taken"
    assert verify(hall.storage) == hall.service.hall.seq


def test_a_number_that_was_not_voided_is_refused_and_stays_in_the_kiosks_journal(halls: Halls) -> None:
    hall, _, _ = lived(halls)
    lost = block_of(hall)
    halls.stop(hall)
    hall = halls.restore(void=0)
    assert hall.refusal(handed_in(lost, lost.first), KIOSK) == "unknown_block"


def test_a_block_from_before_the_backup_is_still_the_kiosks_own(halls: Halls) -> None:
    hall = halls.start()
    hall.enrol(KIOSK)
    known = block_of(hall)
    halls.back_up()
    halls.stop(hall)
    hall = halls.restore()
    assert block_of(hall) == known, "also its key is the same: the papers of it are good"
    assert hall.get(re.TicketIssuedReply, handed_in(known, known.first), KIOSK).ticket.number == f"A{known.first}"


def test_numbers_that_came_back_to_the_series_are_void_too() -> None:
    hall = SmallHall()
    hall.issue("land")
    day = hall.service.hall.day
    assert day is not None
    hall.service.hall.put_row(replace(day, passed={"land": [801, 802, 900]}))
    begin_epoch(hall.service.ledger, hall.clock.now)
    spans = [(body.first, body.last) for body in _voided(hall)]
    assert spans == [(801, 802), (900, 900), (2, 101)]
    assert hall.service.hall.day == replace(day, passed={"land": []})


def _voided(hall: SmallHall) -> list[ev.NumbersVoided]:
    hall.service.ledger.commit()
    return [body for body in hall.log(ev.NumbersVoided) if body.queue_id == "land"]


# ---- devices ----


def test_devices_that_only_the_lost_log_knew_are_told_and_those_shut_out_stay_so(halls: Halls) -> None:
    hall, _, _ = lived(halls)
    hall.enrol(OTHER)
    hall.ask(cmd.RevokeDevice("kiosk-1"))
    halls.stop(hall)
    hall = halls.restore()
    assert [device.device_id for device in halls.done.to_enrol] == ["kiosk-2"]
    assert halls.done.shut_out == ["kiosk-1"]
    assert hall.service.hall.devices["kiosk-1"].revoked


# ---- files ----


def test_the_old_database_is_kept_with_its_write_ahead_log(halls: Halls) -> None:
    hall, _, after = lived(halls)
    files = {path.name: path.read_bytes() for path in (halls.path, halls.path.with_name("hall.db-wal"))}
    halls.stop(hall)
    for name, content in files.items():  # as after a power cut
        (halls.folder / name).write_bytes(content)
    halls.stop(halls.restore())
    assert halls.done.aside == halls.folder / "hall.db.before-20261123T003000Z"
    old = SqliteStorage(halls.done.aside)
    assert old.ticket(after[-1].ticket.ticket_id) is not None
    old.close()
    again = restore(halls.folder, halls.backup, MORNING)
    assert again.aside == halls.folder / "hall.db.before-20261123T003000Z.1"


@pytest.mark.parametrize("told", ["1970-01-01", "2026-11-20", "2027-03-01"])
def test_by_a_wrong_clock_no_day_is_made_void(halls: Halls, told: str) -> None:
    hall, _, _ = lived(halls)
    halls.stop(hall)
    now = dt.datetime.fromisoformat(f"{told}T09:00+07:00")
    before = halls.path.read_bytes()
    with pytest.raises(ClockWrong, match=f"the machine's clock says {told}.*--clock-is-right"):
        restore(halls.folder, halls.backup, now)
    assert halls.path.read_bytes() == before
    assert not list(halls.folder.glob("hall.db.*"))
    restored = restore(halls.folder, halls.backup, now, clock_is_right=True)
    assert {body.service_day for body in restored.voided} == {max(now.date(), TODAY)}


def test_a_copied_database_waits_for_a_clock_that_is_believed(halls: Halls) -> None:
    hall, _, _ = lived(halls)
    halls.stop(hall)
    halls.path.write_bytes(halls.backup.read_bytes())
    storage = SqliteStorage(halls.path)
    storage.head_file = HeadFile(halls.path)
    ledger, doubt = Ledger(Rules(), storage), ClockDoubt(dt.datetime(1970, 1, 1, tzinfo=dt.UTC), MORNING)
    with pytest.raises(StorageFault, match=r"is not in it, and the machine's clock says 1970.*set the clock right"):
        go_on_if_copied(storage, ledger, MORNING, doubt)
    assert len(ledger.hall.epochs) == 1
    assert "is not in it" in str(go_on_if_copied(storage, ledger, MORNING))
    storage.close()


def test_a_disk_that_lost_what_was_answered_is_restored_in_its_place(halls: Halls) -> None:
    hall, _, _ = lived(halls)
    halls.stop(hall)
    (halls.folder / "hall.db.answered_lost").write_text("event 7 was answered and is not there")
    with pytest.raises(AnsweredLost, match="event 7 was answered"):
        halls.start()
    halls.stop(halls.restore())
    assert halls.done.aside is not None
    assert halls.done.aside.with_name(f"{halls.done.aside.name}.answered_lost").exists()


def test_nobody_else_on_the_machine_may_read_a_database(halls: Halls) -> None:
    hall, _, _ = lived(halls)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in [halls.backup, *halls.folder.glob("hall*")]}
    halls.stop(hall)
    assert {"hall.db", "hall.db-wal", "hall.head"} <= modes.keys()
    assert set(modes.values()) == {0o600}


def test_a_restored_database_that_a_full_disk_left_in_two_files_takes_no_place(
    halls: Halls, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall, _, after = lived(halls)
    halls.stop(hall)
    close = SqliteStorage.close

    def full(storage: SqliteStorage) -> None:
        close(storage)
        halls.path.with_name("hall.db.restoring-wal").touch()

    monkeypatch.setattr(SqliteStorage, "close", full)
    with pytest.raises(StorageFault, match="could not be written to its end"):
        restore(halls.folder, halls.backup, MORNING)
    monkeypatch.undo()
    assert not list(halls.folder.glob("hall.db.*"))
    assert ticket_of(halls.start(), after[-1].token) == "A007"


def test_without_room_for_the_note_the_old_hall_stays(halls: Halls, monkeypatch: pytest.MonkeyPatch) -> None:
    hall, _, after = lived(halls)
    halls.stop(hall)

    def full(path: Path, content: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("queue_server.storage.in_place.write_private", full)
    with pytest.raises(OSError, match="no space left"):
        restore(halls.folder, halls.backup, MORNING)
    assert not list(halls.folder.glob("hall.db.*"))
    assert ticket_of(halls.start(), after[-1].token) == "A007"


def test_a_backup_that_is_damaged_changes_nothing(halls: Halls) -> None:
    hall, _, _ = lived(halls)
    halls.stop(hall)
    raw = bytearray(halls.backup.read_bytes())
    at = raw.index(b'"ticket_issued"')
    raw[at + 3] ^= 1
    halls.backup.write_bytes(raw)
    before = sorted((path.name, path.read_bytes()) for path in halls.folder.glob("hall*"))
    with pytest.raises(StorageFault, match=f"^{halls.backup}: event 6: its hash does not fit: restore a sound backup"):
        restore(halls.folder, halls.backup, MORNING)
    assert sorted((path.name, path.read_bytes()) for path in halls.folder.glob("hall*")) == before


def test_a_backup_of_the_schema_before_is_brought_forward_and_stays_as_it_is(halls: Halls) -> None:
    from tests.queue_server.storage.test_migrating import EVENTS, PAPER, lay

    halls.backup = lay(halls.folder / "old.db")
    before = halls.backup.read_bytes()
    hall = halls.restore()
    assert halls.backup.read_bytes() == before
    assert ticket_of(hall, PAPER) == "A002"
    assert verify(hall.storage) > EVENTS
    assert {path.name for path in halls.folder.glob("hall.db*schema*")} == set()


def test_killed_at_any_write_the_folder_holds_the_old_hall_or_the_restored_one(tmp_path: Path) -> None:
    made = Halls(tmp_path)
    hall, _, after = lived(made)
    wal = made.path.with_name("hall.db-wal").read_bytes()
    database = made.path.read_bytes()
    made.stop(hall)
    old_epoch, found, at = hall.storage.epoch, set(), 1 - STRIDE
    while True:
        at += STRIDE
        path = tmp_path / str(at) / "hall.db"
        path.parent.mkdir()
        path.write_bytes(database)
        path.with_name("hall.db-wal").write_bytes(wal)
        killed = dies(at, lambda path=path: restore(path.parent, made.backup, MORNING))  # type: ignore[misc]
        storage = SqliteStorage(path)  # as the next start does
        restored = storage.epoch != old_epoch
        assert verify(storage) == storage.head()[0], at
        assert restored or storage.ticket(after[-1].ticket.ticket_id) is not None, "nothing of the old hall is lost"
        storage.close()
        if restored:
            (aside,) = path.parent.glob("hall.db.before-*Z")
            old = SqliteStorage(aside)
            assert old.ticket(after[-1].ticket.ticket_id) is not None
            old.close()
        found.add(restored)
        if not killed:
            break
    assert found == {False, True}


def test_who_reads_while_a_restore_is_cut_off_is_told(halls: Halls) -> None:
    hall, _, _ = lived(halls)
    halls.stop(hall)
    (halls.folder / "hall.db.swap").write_text('{"aside": "hall.db.before-x"}')
    with pytest.raises(StorageFault, match="a restore was cut off"):
        SqliteStorage(halls.path, writing=False)
    finish_swap(halls.path)
    SqliteStorage(halls.path, writing=False).close()


# ---- the command ----


def test_the_command_says_in_sentences_what_it_did(halls: Halls, capsys: pytest.CaptureFixture[str]) -> None:
    hall, _, _ = lived(halls)
    halls.stop(hall)
    assert main(["restore", "--data", str(halls.folder), str(halls.backup), "--void", "5", "--clock-is-right"]) == 0
    said = capsys.readouterr().out
    assert "which was checked" in said
    assert "kept as" in said
    assert "holds no key of the server" in said
    assert "Start the server." in said


def code_of(arguments: list[str]) -> int:
    try:
        return main(arguments)
    except SystemExit as end:
        return int(str(end.code))


@pytest.mark.parametrize(
    ("arguments", "code", "expected"),
    [
        (["--void", "-1", "copy/hall.db"], 2, "'-1' is no count"),
        (["--void", "many", "copy/hall.db"], 2, "'many' is no count"),
        (["nothing.db"], 2, "there is no such file"),
        (["hall.db"], 2, "is the hall's own database"),
        (["text"], 1, "text can't be copied: this is no database"),
        (["empty"], 1, "empty: this is no hall's database"),
    ],
)
def test_wrong_input_gets_a_sentence_and_changes_nothing(
    halls: Halls, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, expected: str
) -> None:
    hall, _, _ = lived(halls)
    halls.stop(hall)
    (halls.folder / "text").write_text("this is no database " * 500)
    (halls.folder / "empty").write_bytes(b"")
    before = halls.path.read_bytes()
    *options, file = arguments
    assert code_of(["restore", "--data", str(halls.folder), *options, str(halls.folder / file)]) == code
    assert expected in capsys.readouterr().err
    assert halls.path.read_bytes() == before
    assert not list(halls.folder.glob("hall.db.*"))


# ---- a database that somebody copied ----


def test_a_backup_copied_by_hand_over_the_database_is_noticed_and_goes_on_as_restored(halls: Halls) -> None:
    hall, before, after = lived(halls)
    halls.stop(hall)
    old_epoch = hall.storage.epoch
    halls.path.write_bytes(halls.backup.read_bytes())
    hall = halls.start()
    assert hall.storage.epoch != old_epoch
    assert [body.reason for body in hall.log(ev.EpochStarted)] == ["new", "restored"]
    assert hall.issue("land").ticket.number == "A104"
    assert ticket_of(hall, before[0].token) == "A001"
    assert hall.refusal(cmd.GetTicket(token=after[0].token), PHONE) == "invalid_token"
    assert verify(hall.storage) == hall.service.hall.seq
    zone = hall.service.rules.zone
    assert restored_today(hall.service.ledger, zone, MORNING) == MORNING
    assert restored_today(hall.service.ledger, zone, MORNING + dt.timedelta(days=1)) is None


def another_machine(halls: Halls, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("queue_server.storage.head.machine_id", lambda: "another")


def copied_away(halls: Halls, monkeypatch: pytest.MonkeyPatch) -> None:
    (halls.folder / "hall.head").unlink()


def another_head(halls: Halls, monkeypatch: pytest.MonkeyPatch) -> None:
    (halls.folder / "hall.head").write_text("{}")


def damaged_head(halls: Halls, monkeypatch: pytest.MonkeyPatch) -> None:
    head = halls.folder / "hall.head"
    head.write_text(head.read_text().replace('"hash": "', '"hash": "z'))


@pytest.mark.parametrize("move", [another_machine, copied_away, another_head, damaged_head])
def test_a_clone_goes_on_in_an_epoch_of_its_own_and_only_once(
    halls: Halls, monkeypatch: pytest.MonkeyPatch, move: Callable[[Halls, pytest.MonkeyPatch], None]
) -> None:
    hall, _, _ = lived(halls)
    halls.stop(hall)
    first = hall.storage.epoch
    move(halls, monkeypatch)
    hall = halls.start()
    clone = hall.storage.epoch
    assert clone != first
    hall.issue("land")
    halls.stop(hall)
    hall = halls.start()
    assert hall.storage.epoch == clone
    halls.stop(hall)


def test_a_server_that_is_killed_and_started_again_stays_in_its_epoch(halls: Halls) -> None:
    hall, _, _ = lived(halls)
    files = {path.name: path.read_bytes() for path in halls.folder.glob("hall*") if path.is_file()}
    halls.stop(hall)
    for name, content in files.items():
        (halls.folder / name).write_bytes(content)
    again = halls.start()
    assert again.storage.epoch == hall.storage.epoch
    assert again.log(ev.NumbersVoided) == []


def test_what_restore_put_in_place_needs_no_further_epoch(halls: Halls) -> None:
    hall, _, _ = lived(halls)
    halls.stop(hall)
    hall = halls.restore()
    assert [body.reason for body in hall.log(ev.EpochStarted)] == ["new", "restored"]
    assert has_just_begun(hall.service.ledger)
    halls.stop(hall)


# ---- the log ----


def second_epoch(change: Callable[[ev.Event], ev.Event]) -> MemoryStorage:
    """A log of two epochs whose last events were changed before they were chained."""
    hall = SmallHall()
    hall.issue("land")
    ledger = hall.service.ledger
    record = ledger.record

    def changed(body: ev.EventBody, device_id: str, now: dt.datetime) -> ev.Event:
        if isinstance(body, ev.EpochStarted):
            body = change(ev.Event(ledger.hall.epoch, 0, now, device_id, body)).body
        return record(body, device_id, now)

    ledger.record = changed  # type: ignore[method-assign]
    begin_epoch(ledger, hall.clock.now)
    ledger.commit()
    hall.issue("land")
    assert isinstance(hall.storage, MemoryStorage)
    return hall.storage


def test_a_log_of_two_epochs_is_sound() -> None:
    assert verify(second_epoch(lambda event: event)) > 4


def test_an_epoch_that_follows_another_than_it_says_is_found() -> None:
    wrong = second_epoch(lambda event: ev.Event("", 0, MORNING, "", ev.EpochStarted("small", "restored", "ffff")))
    with pytest.raises(Broken, match="of epoch"):
        verify(wrong)


def test_a_stored_epoch_that_is_not_the_logs_last_is_found() -> None:
    storage = second_epoch(lambda event: event)
    storage.epoch = "0123456789abcdef"
    with pytest.raises(Broken, match="epoch 0123456789abcdef: the log goes on with epoch"):
        verify(storage)


def test_an_epoch_that_changes_without_a_beginning_is_found() -> None:
    hall = SmallHall()
    hall.issue("land")
    hall.service.hall.epoch = "another"
    hall.issue("land")
    hall.storage.epoch = "another"
    with pytest.raises(Broken, match="of epoch another"):
        verify(hall.storage)


def test_an_epoch_that_begins_twice_is_found() -> None:
    hall = SmallHall()
    epoch = hall.storage.epoch
    hall.service.ledger.start_epoch(epoch, "restored", "small", hall.clock.now)
    hall.service.ledger.commit()
    with pytest.raises(Broken, match=f"of epoch {epoch}"):
        verify(hall.storage)


def test_nothing_of_a_failed_commit_stays_of_an_epoch() -> None:
    hall = SmallHall()
    hall.issue("land")
    assert isinstance(hall.storage, MemoryStorage)
    begin_epoch(hall.service.ledger, hall.clock.now)
    hall.storage.failing = True
    with pytest.raises(StorageFault):
        hall.service.ledger.commit()
    hall.storage.failing = False
    hall.service.reload()
    assert hall.service.hall.epoch == hall.storage.epoch == "0123456789abcdef"
    hall.issue("land")
    assert verify(hall.storage) == hall.service.hall.seq


def test_the_state_after_a_restart_is_that_of_before(halls: Halls) -> None:
    hall, _, _ = lived(halls)
    halls.stop(hall)
    hall = halls.restore()
    hall.issue("land")
    again = Ledger(hall.service.rules, hall.storage)
    assert again.hall.epochs == hall.service.hall.epochs
    assert [again.hall.epoch_of(seq) for seq in (1, again.hall.seq)] == [one.epoch for one in again.hall.epochs]
    events = [codec.decode_event(event.body) for event in hall.storage.events()]
    assert all(again.hall.epoch_of(event.seq) == event.epoch for event in events)
