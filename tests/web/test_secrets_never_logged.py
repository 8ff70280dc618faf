"""Server, web and a kiosk with every word that they can log: no secret and no person among them."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.flow import Flow
from kiosk.hall_now import HallNow
from kiosk.journal import open_journal
from kiosk.route import Wish
from kiosk.session import Inbox, Session
from kiosk.visitor import take_number
from printers.opening import open_printer
from protocol.client import HallClient
from protocol.commands import CreateEnrolment, IssueTicket, RevokeDevice
from protocol.errors import Refusal
from protocol.invitation import Invitation, accept
from protocol.keys import DeviceKeys, write_keys
from protocol.replies import EnrolmentReply, TicketIssuedReply
from queue_server.storage.sqlite import SqliteStorage
from tests.running import eventually
from tests.web.rating_steps import send_rating, served
from tests.web.running import PIN, ROOT, RunningHall
from tests.web.supervisor_halls import sign_in

PERSON, NOTE = "079185012345", "Bà Nguyễn Thị Riêng Tư"
CONTACT, COMMENT = "rieng.tu@vi.du", "lời chê kín của một người"
WRONG_PIN, WRONG_CODE = "97531", "WRONG-GUESS-OFACO-DEXXX"


class LoudHall(RunningHall):
    """A hall whose programs log all they can."""

    def start_server(self) -> "subprocess.Popen[bytes]":
        self.said = self.file.parent
        hall = self.file.read_text(encoding="utf-8")
        hall = hall.replace('services = ["ho-tich", "trap"]', 'services = ["ho-tich"]', 1)
        self.file.write_text(hall.replace('id = "trap"', 'id = "trap"\nasks_person = true', 1), encoding="utf-8")
        return self._loud("queue_server.app", "--no-web", "--hall", str(self.file), "--data", str(self.data))

    def start_web(self) -> "subprocess.Popen[bytes]":
        return self._loud("web.__main__", "--data", str(self.data), "--host", "127.0.0.1", "--port", str(self.port))

    def _loud(self, program: str, *arguments: str) -> "subprocess.Popen[bytes]":
        code = (
            "import importlib, logging, sys; logging.basicConfig(level=logging.DEBUG); "
            f"sys.exit(importlib.import_module('{program}').main(sys.argv[1:]))"
        )
        with (self.said / f"{program}.log").open("ab") as log:
            return subprocess.Popen([sys.executable, "-c", code, *arguments], cwd=ROOT, stdout=log, stderr=log)

    def all_said(self) -> str:
        """What all programs wrote to their logs, on the screen and into files."""
        files = [*self.said.glob("*.log"), *(self.data / "logs").glob("*.jsonl")]
        return "\n".join(file.read_text(encoding="utf-8", errors="replace") for file in files)


@pytest.fixture
def loud(tmp_path: Path) -> Iterator[LoudHall]:
    hall = LoudHall(tmp_path)
    yield hall
    hall.close()


def test_no_program_logs_a_secret_or_a_person(loud: LoudHall, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = {"PIN": PIN, "wrong PIN": WRONG_PIN, "person": PERSON, "note": NOTE}
    secrets |= {"contact": CONTACT, "comment": COMMENT}
    secrets |= joining(loud) | visit_of_a_citizen(loud) | work_of_staff(loud)
    secrets |= {f"key of {file.stem}": secret_of(file) for file in (loud.data / "keys").glob("*.json")}
    loud.close()
    secrets["token key"] = SqliteStorage(loud.data / "hall.db", writing=False).token_key.hex()
    # what the browser of this test says of itself is no program's log
    own = (record.getMessage() for record in caplog.records if not record.name.startswith("http"))
    said = "\n".join([loud.all_said(), *own])
    assert "refused_revoked" in said, "the logs are read where they are"
    assert "INFO:web" in said
    leaked = {name for name, secret in secrets.items() if secret and secret in said}
    assert leaked == set()


def secret_of(file: Path) -> str:
    held = json.loads(file.read_bytes())
    return str(held.get("secret_key", "")) if isinstance(held, dict) else str(held)


def joining(hall: LoudHall) -> dict[str, str]:
    """A device joins, is shut out and knocks; somebody guesses a code."""
    reply = hall.admin.call(CreateEnrolment("display", "wall-9"))
    assert isinstance(reply, EnrolmentReply)
    keys = accept(Invitation(reply.enrolment, hall.admin.server_key, reply.code))
    hall.admin.call(RevokeDevice("wall-9"))
    stolen = HallClient(keys)
    eventually(lambda: "refused_revoked" in hall.all_said(), what="the knock is logged")
    stolen.close()
    with pytest.raises(Refusal):
        accept(Invitation(reply.enrolment, hall.admin.server_key, WRONG_CODE))
    return {"code": reply.code, "key of wall-9": keys.secret_key, "wrong code": WRONG_CODE}


def visit_of_a_citizen(hall: LoudHall) -> dict[str, str]:
    """At a kiosk with an identity card; nothing of it stays on the kiosk's disk."""
    reply = hall.admin.call(CreateEnrolment("kiosk", "kiosk-9"))
    assert isinstance(reply, EnrolmentReply)
    keys: DeviceKeys = accept(Invitation(reply.enrolment, hall.admin.server_key, reply.code))
    folder = hall.said / "kiosk"
    write_keys(folder / "keys" / "kiosk-9.json", keys)
    inbox = Inbox()
    printer = open_printer(f"picture:{folder / 'paper'}", "generic-80mm", poll_seconds=0.5)
    session = Session(
        Flow(HallNow(keys.device_id), settle_seconds=0), printer, inbox.post, journal=open_journal(folder / "kiosk.db")
    )
    client = HallClient(keys, session)
    try:
        session.connect(client)
        issued = take_number(session, inbox, Wish("trap", person=PERSON), within=60)
    finally:
        client.close()
        printer.close()
        session.close()
    kept = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
    assert PERSON.encode() not in kept
    return {"token of the kiosk": issued.token, "kiosk's code": reply.code}


def work_of_staff(hall: LoudHall) -> dict[str, str]:
    """Sign in with a wrong PIN and the right one; a note; a citizen looks at the phone's page and rates."""
    with hall.visitor() as leader:
        sign_in(leader, pin=WRONG_PIN)
        sign_in(leader)
        cookies = dict(leader.cookies)
    noted = hall.admin.call(IssueTicket("trap", person=PERSON + "9", note=NOTE))
    assert isinstance(noted, TicketIssuedReply)
    with hall.visitor() as phone:
        assert phone.get(f"/t/{noted.token}").status_code == 200
        assert phone.get("/t/" + noted.token[:-2] + "zz").status_code != 200
    mine = served(hall)
    send_rating(hall, mine.token, score="2", comment=COMMENT, contact=CONTACT)
    cookies = {f"cookie {name}": value for name, value in cookies.items()}
    return {"token": noted.token, "rated token": mine.token} | cookies
