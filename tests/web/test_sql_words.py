"""Words that want to be SQL, through every field that reaches a database: they stay words."""

import ast
import contextlib
import json
import sqlite3
from pathlib import Path

import httpx
import pytest

from protocol.client import new_request_id
from tests.web.rating_steps import served
from tests.web.running import PIN, ROOT, RunningHall
from tests.web.supervisor_halls import act, sign_in

_ENDS = ("'", '"', "`", "')", "'))", "';", "')--", "\\'", "%27", "\u02bc", "1")
_DEEDS = (
    " OR 1=1--",
    " OR 'a'='a",
    " UNION SELECT body FROM events--",
    "; DROP TABLE events;--",
    "; DELETE FROM tickets;--",
    "; UPDATE tickets SET state='finished';--",
    "; ATTACH DATABASE '/tmp/x.db' AS x;--",
    " AND randomblob(100000000)--",
    "; COPY events TO '/tmp/x';--",
    "; INSTALL httpfs; LOAD httpfs;--",
)
WORDS = [end + deed for end in _ENDS for deed in _DEEDS]


def tables(database: Path) -> dict[str, int]:
    """The tables of a database and how many rows each has."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as found:
        names = [name for (name,) in found.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: found.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}


@pytest.fixture
def leader(running: RunningHall) -> httpx.Client:
    """A leader who also sits at a counter."""
    found = running.visitor()
    sign_in(found)
    found.post("/desk/sign-in", data={"operator": "012", "pin": PIN, "counter": "q2"})
    return found


def test_words_of_sql_change_no_table_and_find_nothing_more(running: RunningHall, leader: httpx.Client) -> None:
    token = running.issue().token
    database = running.data / "hall.db"
    before = tables(database)
    with contextlib.closing(leader):
        for word in WORDS:
            asked = [
                leader.get(f"/t/{word.replace('/', '')}"),
                leader.get(f"/t/{word.replace('/', '')}/state"),
                leader.post(f"/t/{token}/here", data={"arrival_code": word, "request_id": word}),
                leader.post("/home/ho-tich", data={"class_id": word}),
                leader.get("/supervisor/ask/ticket", params={"number": word, "ticket_id": word}),
                leader.get("/supervisor/journal", params={"day": word, "counter": word, "kind": word, "page": word}),
                leader.get("/supervisor/comments", params={"day": word}),
                leader.post("/supervisor/callbacks/erase", data={"callback_id": word}),
                act(leader, "suspend_service", service_id=word, reason=word),
                leader.get("/supervisor/reports/tables", params={"from": word, "service": word, "by": word}),
                leader.get("/supervisor/reports/figures.csv", params={"quick": "today", "operator": word}),
                leader.post("/desk/command", json={"request_id": new_request_id(), "do": "check_in", "code": word}),
                leader.post(
                    "/desk/command", json={"request_id": new_request_id(), "do": "call_ticket", "number": word}
                ),
            ]
            assert all(answer.status_code < 500 or "503" in answer.text for answer in asked), word
    assert tables(database) == before


def test_what_is_kept_of_such_words_is_the_words(running: RunningHall) -> None:
    sent = WORDS[:: len(WORDS) // 6]
    for word in sent:
        token = served(running, operator_id="034").token
        with running.visitor() as phone:
            phone.post(f"/t/{token}/rate", data={"score": "1", "comment": word, "request_id": new_request_id()})
    kept = everything(running.data / "hall.db")
    assert [word for word in sent if word.strip() not in kept and written_as_json(word.strip()) not in kept] == []


def written_as_json(word: str) -> str:
    """A word as it stands in JSON."""
    return json.dumps(word, ensure_ascii=False)[1:-1]


def everything(database: Path) -> str:
    """All that a database holds, as one text."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as found:
        rows = [row for name in tables(database) for row in found.execute(f'SELECT * FROM "{name}"')]
    return "\n".join(
        cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell) for row in rows for cell in row
    )


# ---- how the program builds its SQL --------------------------------------------------------

_VERBS = ("SELECT ", "INSERT ", "UPDATE ", "DELETE ", "CREATE ", "ALTER ", "DROP ", "PRAGMA ", "ATTACH ", "COPY ")
_SOURCES = sorted([*(ROOT / "queue_server").rglob("*.py"), *(ROOT / "kiosk").glob("journal*.py")])


def _public(tree: ast.Module) -> list[ast.FunctionDef]:
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return [one for one in functions if not one.name.startswith("_")]


def _into_sql(function: ast.FunctionDef) -> list[str]:
    """The names that a function puts into the text of an SQL statement."""
    found = []
    for node in ast.walk(function):
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
            if text.lstrip().upper().startswith(_VERBS):
                inside = (part.value for part in node.values if isinstance(part, ast.FormattedValue))
                found += [name.id for value in inside for name in ast.walk(value) if isinstance(name, ast.Name)]
    return found


def test_no_public_function_puts_an_argument_into_the_text_of_sql() -> None:
    assert len(_SOURCES) > 30
    for path in _SOURCES:
        for function in _public(ast.parse(path.read_text(encoding="utf-8"))):
            arguments = {one.arg for one in (*function.args.args, *function.args.kwonlyargs)} - {"self"}
            assert not arguments & set(_into_sql(function)), f"{path.name}: {function.name}"
