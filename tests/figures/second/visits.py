"""What the raw log says of each number: dictionaries of plain JSON in, plain Python out.

What a counter took back is not set back but left out: its events are struck from the log before anything is added up.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

Entry = dict[str, Any]
"""An event of the log as its JSON: `seq`, `at` and a `body` with a `type`."""


@dataclass
class Stay:
    """Somebody at a counter: called, perhaps served, sent away in some way (`end` empty: still there)."""

    service: str
    counter: str
    operator: str
    called: dt.datetime
    begun: dt.datetime | None = None
    ended: dt.datetime | None = None
    end: str = ""


@dataclass
class Turn:
    """A number and what became of it."""

    ticket_id: int
    day: dt.date
    service: str
    class_id: str
    origin: str
    procedure: str
    issued: dt.datetime
    waits_from: dt.datetime
    quoted: tuple[int, int] | None
    state: str = "waiting"
    by: str = ""
    """Who cancelled it."""
    stays: list[Stay] = field(default_factory=list)
    wrong: bool = False
    claim_false: bool = False
    nobodys: bool = False
    """Its kiosk took it back, or the counter that gave it did."""

    @property
    def counts(self) -> bool:
        """Whether it stands for somebody who came."""
        return self.origin != "back_office" and not self.nobodys

    @property
    def came_back(self) -> bool:
        """Whether a come-back slip brought it."""
        return self.origin == "come_back"


def instant(text: str) -> dt.datetime:
    """An instant of the log."""
    return dt.datetime.fromisoformat(text)


def struck(log: Iterable[Entry]) -> list[Entry]:
    """The log without what was taken back; a number that was given in what was taken back stays given, and is void."""
    log = list(log)
    undone: set[int] = set()
    for entry in log:
        body = entry["body"]
        if body["type"] == "action_undone":
            span = range(body["first_seq"], body["last_seq"] + 1)
            undone |= {seq for seq in span if counter_of(log[seq - log[0]["seq"]]) == body["counter_id"]}
    return [entry for entry in log if entry["seq"] not in undone]


def counter_of(entry: Entry) -> str | None:
    """The counter of an event, if it is one's."""
    body = entry["body"]
    found: str | None = body.get("counter_id") or body.get("at_counter_id")
    return found


def turns(log: Iterable[Entry]) -> list[Turn]:
    """Every number of the log, as all of the log leaves it."""
    found: dict[int, Turn] = {}
    for entry in struck(log):
        body, at = entry["body"], instant(entry["at"])
        kind = body["type"]
        if kind == "ticket_issued":
            found[body["ticket_id"]] = _given(body, at)
        elif kind == "action_undone":
            _void(found, body, at)
        elif kind in _CHANGES:
            _CHANGES[kind](found[body["ticket_id"]], body, at)
    return list(found.values())


def _given(body: Entry, at: dt.datetime) -> Turn:
    issued = instant(body["issued_at"]) if body.get("issued_at") else at
    slot = instant(body["slot_at"]) if body.get("slot_at") and body.get("on_time") else issued
    low, high = body.get("wait_low_minutes"), body.get("wait_high_minutes")
    return Turn(
        ticket_id=body["ticket_id"],
        day=dt.date.fromisoformat(body["service_day"]),
        service=body["service_id"],
        class_id=body["class_id"],
        origin=body.get("origin", "kiosk"),
        procedure=body.get("procedure_code") or "",
        issued=issued,
        waits_from=max(issued, slot),
        quoted=None if low is None or high is None else (low, high),
    )


def _void(found: dict[int, Turn], body: Entry, at: dt.datetime) -> None:
    """Numbers that were given by what was taken back: nobody came with them."""
    for one in body["tickets"]:
        if body["first_seq"] <= one["ticket_id"] <= body["last_seq"]:
            found[one["ticket_id"]].state, found[one["ticket_id"]].nobodys = "cancelled", True


def _called(turn: Turn, body: Entry, at: dt.datetime) -> None:
    turn.stays.append(Stay(turn.service, body["counter_id"], body["operator_id"], at))
    turn.state = "called"


def _begun(turn: Turn, body: Entry, at: dt.datetime) -> None:
    if body.get("directly"):
        _called(turn, body, at)
    turn.stays[-1].begun = at
    turn.state = "serving"


def _left(turn: Turn, at: dt.datetime, end: str) -> None:
    """End the stay, if there is one."""
    if turn.state in ("called", "serving"):
        turn.stays[-1].ended, turn.stays[-1].end = at, end


def _finished(turn: Turn, _body: Entry, at: dt.datetime) -> None:
    _left(turn, at, "served")
    turn.state = "finished"


def _missed(turn: Turn, _body: Entry, at: dt.datetime) -> None:
    _left(turn, at, "no_show")
    turn.state = "no_show"


def _cancelled(turn: Turn, body: Entry, at: dt.datetime) -> None:
    if body["state_before"] != "cancelled":
        _left(turn, at, "abandoned" if body["by"] in ("citizen", "day_end") else "cancelled")
        turn.state, turn.by = "cancelled", body["by"]
    turn.nobodys = body["by"] == "kiosk"


def _restored(turn: Turn, _body: Entry, _at: dt.datetime) -> None:
    turn.state, turn.by, turn.nobodys = "waiting", "", False


def _parked(turn: Turn, _body: Entry, at: dt.datetime) -> None:
    _left(turn, at, "parked")
    turn.state = "parked"


def _returned(turn: Turn, _body: Entry, _at: dt.datetime) -> None:
    turn.state = "waiting"


def _sent(turn: Turn, body: Entry, at: dt.datetime) -> None:
    _left(turn, at, "transferred")
    turn.state, turn.service, turn.class_id = body["state"], body["to_service_id"], body["class_id"]


def _flagged(turn: Turn, body: Entry, _at: dt.datetime) -> None:
    turn.wrong = body["wrong"]


def _checked(turn: Turn, body: Entry, _at: dt.datetime) -> None:
    turn.claim_false = not body["valid"]
    if turn.claim_false:
        turn.class_id = body["class_after"]


_CHANGES = {
    "ticket_called": _called,
    "serving_started": _begun,
    "ticket_finished": _finished,
    "no_show_marked": _missed,
    "ticket_cancelled": _cancelled,
    "ticket_restored": _restored,
    "ticket_parked": _parked,
    "ticket_returned": _returned,
    "ticket_transferred": _sent,
    "times_flagged": _flagged,
    "claim_checked": _checked,
}
