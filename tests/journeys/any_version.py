"""A client that can be run with the code of any version: `python any_version.py KEYS serve|listen|TOKEN`, `- read`.

`serve` takes a ticket its whole way, a line for each step. `listen` says what a listener hears, a line each, until
its standard input ends. A token is rated. `read` names the frames, on standard input, that this version can't read.
"""

import json
import sys
from pathlib import Path

from protocol import codec
from protocol import commands as cmd
from protocol.client import HallClient
from protocol.events import Event
from protocol.keys import read_keys
from protocol.replies import HallReply, Pulse, Snapshot, TicketIssuedReply


def say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


class Ear:
    """Says what it hears."""

    def on_snapshot(self, snapshot: Snapshot) -> None:
        say(f"snapshot {snapshot.seq}")

    def on_event(self, event: Event) -> None:
        say(f"event {event.seq} {event.body.__struct_config__.tag}")

    def on_pulse(self, pulse: Pulse) -> None:
        say(f"pulse {pulse.seq}")

    def on_silence(self, seconds: float) -> None:
        say(f"silence {seconds:.0f}")


def serve(client: HallClient) -> None:
    """Take, print, call, serve and rate one ticket at the hall's first counter."""
    hall = client.call(cmd.GetHall())
    assert isinstance(hall, HallReply)
    counter = hall.counters[0]
    operator = next(one.operator_id for one in hall.operators if one.role == "operator")
    issued = client.call(cmd.IssueTicket(counter.service_ids[0]))
    assert isinstance(issued, TicketIssuedReply)
    ticket_id = issued.ticket.ticket_id
    steps: list[cmd.Command] = [
        cmd.ReportPrint(ticket_id, "printed"),
        cmd.OpenCounter(counter.counter_id, operator),
        cmd.CallNext(counter.counter_id),
        cmd.StartServing(counter.counter_id, ticket_id),
        cmd.FinishTicket(counter.counter_id, ticket_id),
        cmd.GetOverview(),
        cmd.GetDesk(counter.counter_id),
        cmd.GetSnapshot(),
        cmd.GetEvents(),
    ]
    for step in steps:
        reply = client.call(step)
        say(f"{step.__struct_config__.tag} {reply.__struct_config__.tag}")
    say(f"token {issued.token}")


def read() -> None:
    """Read frames as the programs of this version would."""
    readers = {"replies": codec.decode_answer, "events": codec.decode_event, "pulse": codec.decode_pulse}
    for kind, frames in json.load(sys.stdin).items():
        for name, frame in frames.items():
            try:
                readers[kind](json.dumps(frame).encode())
            except codec.UNREADABLE as fault:
                say(f"{kind} {name}: {fault}")


def main() -> None:
    if sys.argv[2] == "read":
        return read()
    keys, what = read_keys(Path(sys.argv[1])), sys.argv[2]
    client = HallClient(keys, Ear() if what == "listen" else None)
    try:
        if what == "listen":
            sys.stdin.read()
        elif what == "serve":
            serve(client)
        else:
            say(str(client.call(cmd.RateTicket(what, 5)).__struct_config__.tag))
    finally:
        client.close()


if __name__ == "__main__":
    main()
