"""The ceiling of the disk: bare SQLite group commits of rows of the same sizes."""

import time
from pathlib import Path

import apsw


def rows_per_second(folder: Path, batch: int, seconds: float) -> float:
    """Commands per second if a command were only its rows: an event, a ticket, a remembered answer."""
    db = apsw.Connection(str(folder / f"bare-{batch}.db"))
    db.pragma("journal_mode", "wal")
    db.pragma("synchronous", "FULL")
    db.execute("CREATE TABLE events (seq INTEGER PRIMARY KEY, body BLOB, hash BLOB)")
    db.execute("CREATE TABLE tickets (ticket_id INTEGER PRIMARY KEY, live INTEGER, body BLOB)")
    db.execute("CREATE TABLE answers (request_id TEXT PRIMARY KEY, print BLOB, reply BLOB, day TEXT) WITHOUT ROWID")
    event, ticket, answer, hashed = b"e" * 330, b"t" * 480, b"a" * 560, b"h" * 32
    count, end = 0, time.perf_counter() + seconds
    begin = time.perf_counter()
    while time.perf_counter() < end:
        ids = range(count, count + batch)
        now = f"{time.time_ns() // 1000:014x}"
        db.execute("BEGIN IMMEDIATE")
        db.executemany("INSERT INTO events VALUES (?, ?, ?)", ((i, event, hashed) for i in ids))
        db.executemany("INSERT OR REPLACE INTO tickets VALUES (?, 1, ?)", ((i // 4, ticket) for i in ids))
        db.executemany(
            "INSERT INTO answers VALUES (?, ?, ?, ?)", ((f"{now}{i:010x}", hashed, answer, "d") for i in ids)
        )
        db.execute("COMMIT")
        count += batch
    spent = time.perf_counter() - begin
    db.close()
    return count / spent
