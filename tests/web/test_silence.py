"""What is secret or a citizen's own is in no log: tokens, PINs, codes, contacts, comments."""

import json
import re
import subprocess
import sys
from pathlib import Path

import httpx

from protocol.client import new_request_id
from tests.running import PATIENCE, eventually, free_ports
from tests.web.rating_steps import served
from tests.web.running import PIN, ROOT, RunningHall, end
from tests.web.supervisor_halls import sign_in
from tests.web.test_web_process import answers

CONTACT, COMMENT, WRONG_PIN = "0912345678", "thái độ rất kém xyz", "97531864"


def test_no_secret_and_nothing_of_a_citizen_is_in_a_log(running: RunningHall, tmp_path: Path) -> None:
    (port,) = free_ports(1)
    log = tmp_path / "log"
    place = ["--data", str(running.data), "--host", "127.0.0.1", "--port", str(port)]
    with log.open("wb") as stderr:
        web = subprocess.Popen([sys.executable, "-m", "web", *place], cwd=ROOT, stderr=stderr)
        try:
            eventually(lambda: answers(f"http://127.0.0.1:{port}/health"))
            secrets = use_everything(running, f"http://127.0.0.1:{port}")
        finally:
            end(web)
    said = "".join(path.read_text(encoding="utf-8") for path in [log, *running.data.glob("logs/*.jsonl*")])
    assert "files may be open" in said, "nothing was logged at all"
    said = re.sub(r"\d{4}-\d\d-\d\d[T ][\d:.,]+\S*", "", said)
    hidden = [*secrets, CONTACT, COMMENT, json.dumps(COMMENT).strip('"'), PIN, WRONG_PIN, "motcua_desk="]
    assert [secret for secret in hidden if secret in said] == []


def use_everything(running: RunningHall, url: str) -> list[str]:
    """Do what leaves secrets behind: wrong and right PINs, ratings with a contact, codes; gives the secrets."""
    done, waiting = served(running, operator_id="034"), running.issue()
    with httpx.Client(base_url=url, headers={"Origin": url}, verify=False, timeout=PATIENCE) as phone:
        phone.get(f"/t/{waiting.token}")
        fields = {"score": "1", "comment": COMMENT, "contact": CONTACT, "request_id": new_request_id()}
        assert phone.post(f"/t/{done.token}/rate", data=fields).status_code == 303
        phone.post(f"/t/{done.token}/rate", content=b"\xff broken", headers={"Content-Type": "multipart/form-data"})
        cookies = [value for _, value in phone.cookies.items()]
    with httpx.Client(base_url=url, headers={"Origin": url}, verify=False, timeout=PATIENCE) as staff:
        staff.post("/desk/sign-in", data={"operator": "012", "pin": WRONG_PIN, "counter": "q2"})
        staff.post("/desk/sign-in", data={"operator": "012", "pin": PIN, "counter": "q2"})
        sign_in(staff)
        page = staff.post("/supervisor/tablets/code", data={"counter_id": "q1"}).text
        code = re.search(r">\s*([A-Z0-9]{4} [A-Z0-9]{4})\s*<", page)
        assert code
        staff.post("/counter/q1/rating/pair", data={"code": "XXXX YYYY"})
        staff.post("/counter/q1/rating/pair", data={"code": code[1]})
        cookies += [value for _, value in staff.cookies.items()]
    return [done.token, waiting.token, code[1], code[1].replace(" ", ""), *cookies]
