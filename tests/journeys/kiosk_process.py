"""A kiosk without a window as a program of its own, at which one citizen comes after the other.

It says on its standard output what it does, a line each: `touch`, `number A800`, `left`. SIGTERM lets nobody come any
more; it ends when the hall has heard of everything.
"""

import argparse
import logging
import random
import signal
import sys
import time
from pathlib import Path

from kiosk.flow import Flow
from kiosk.hall_now import HallNow
from kiosk.journal import open_journal
from kiosk.route import Wish
from kiosk.session import Inbox, Session
from kiosk.visitor import NoNumberError, take_number
from printers.opening import open_printer
from protocol.client import HallClient
from protocol.keys import read_keys

DRAIN_SECONDS = 60.0


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--keys", type=Path, required=True)
    parser.add_argument("--journal", type=Path, required=True)
    parser.add_argument("--printer", required=True)
    parser.add_argument("--nobody", action="store_true", help="no citizen comes")
    options = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(name)s %(levelname)s %(message)s")
    keys, inbox = read_keys(options.keys), Inbox()
    printer = open_printer(options.printer, "generic-80mm", poll_seconds=0.5)
    flow = Flow(HallNow(keys.device_id), settle_seconds=0)
    session = Session(flow, printer, inbox.post, journal=open_journal(options.journal))
    client = HallClient(keys, session)
    session.connect(client)
    try:
        return serve(session, inbox, nobody=options.nobody)
    finally:
        client.close()
        printer.close()
        session.close()


def serve(session: Session, inbox: Inbox, *, nobody: bool) -> int:
    """Let citizens come until told to stop, then see that nothing is owed."""
    stopping: list[bool] = []
    signal.signal(signal.SIGTERM, lambda *_: stopping.append(True))
    chance = random.Random()
    while not stopping:
        if nobody or not session.flow.hall.usable:
            inbox.work(0.05)
            session.tick()
        else:
            say("touch")
            try:
                wish = Wish(chance.choice(session.flow.hall.services()).service_id)
                say(f"number {take_number(session, inbox, wish, within=30).ticket.number}")
            except NoNumberError as why:
                say(f"left {why}")
    deadline = time.monotonic() + DRAIN_SECONDS
    while session.journal.entries and time.monotonic() < deadline:
        inbox.work(0.05)
        session.tick()
    return 1 if session.journal.entries else 0


def say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
