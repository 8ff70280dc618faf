"""The log of a program: readable lines for the journal, and JSON lines in `DIR/logs` that never outgrow their quota.

A line names devices, counters and tickets by their ids, never a person or a secret. What is logged can't break the
program: a full disk leaves lines out, and a line that comes again and again is counted instead.
"""

import atexit
import fcntl
import logging
import logging.handlers
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import IO

from pythonjsonlogger.json import JsonFormatter

PROGRAMS = ("server", "web", "figures", "kiosk", "display", "counter")
"""Who may write into one folder, each into a file of its own: a storm in one does not push out the others' lines."""
FILES = 4
"""The one that is written and those before it, of each program."""
USUAL_MB = 50
SAME_PER_MINUTE = 20
WINDOW_SECONDS = 60.0
KINDS_COUNTED = 500
"""So many kinds of lines are told apart within a minute; more are taken for one."""
LONGEST_LINE = 8_000
_TEXT = "%(asctime)s %(levelname)s %(name)s %(message)s"
_held: list[IO[str]] = []


def begin(program: str, data: Path | None = None, *, level: int = logging.INFO, quota_mb: int = USUAL_MB) -> None:
    """Let this process log as `program`: to stderr, and with `data` to `data/logs/PROGRAM.jsonl` too.

    All files of a folder take `quota_mb` (MB) at most. A second process of the same program in the same folder, or
    one whose folder can't be written, logs to stderr only.
    """
    assert program in PROGRAMS, program
    if logging.getLogger().handlers:
        return  # who runs this process, such as a test, has its own way to log
    shown = logging.StreamHandler(sys.stderr)
    shown.setFormatter(logging.Formatter(_TEXT))
    targets: list[logging.Handler] = [shown]
    kept = _file(program, data / "logs", quota_mb) if data is not None else None
    if kept is not None:
        targets.append(kept)
    calm = Calm(targets)
    logging.raiseExceptions = False  # a line that can't be written is left out
    logging.basicConfig(level=level, handlers=[calm])
    atexit.register(calm.sum_up)
    _log_what_falls()


def _file(program: str, folder: Path, quota_mb: int) -> logging.Handler | None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (folder / f"{program}.lock").open("w")
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _held.append(lock)  # until the process ends
        size = quota_mb * 10**6 // (len(PROGRAMS) * FILES)
        handler = QuotaFile(folder / f"{program}.jsonl", size)
    except OSError:
        return None
    handler.setFormatter(
        JsonFormatter(
            "%(levelname)s %(name)s %(message)s",
            rename_fields={"levelname": "level", "name": "logger"},
            timestamp="time",
            json_ensure_ascii=False,
        )
    )
    return handler


class QuotaFile(logging.handlers.RotatingFileHandler):
    """A file and `FILES - 1` before it, none longer than `size` bytes; readable by its owner only."""

    def __init__(self, path: Path, size: int) -> None:
        path.touch(mode=0o600)
        super().__init__(path, maxBytes=size, backupCount=FILES - 1, encoding="utf-8")

    def format(self, record: logging.LogRecord) -> str:
        """One line; what is too long for any reader is cut."""
        line = super().format(record)
        if len(line) <= LONGEST_LINE:
            return line
        short = logging.makeLogRecord(record.__dict__ | {"exc_info": None, "exc_text": None, "args": None})
        short.msg = record.getMessage()[: LONGEST_LINE // 8] + " … (cut)"
        return super().format(short)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - its name in logging
        """Leave out a line that the disk does not take; the next may fit again."""


class Calm(logging.Handler):
    """Passes lines on, the same line `SAME_PER_MINUTE` times a minute at most; what was left out is summed up.

    The same: of one logger, level and wording, whatever its values.
    """

    def __init__(self, targets: list[logging.Handler]) -> None:
        super().__init__()
        self._targets = targets
        self._counted: dict[tuple[str, int, str], int] = {}
        self._window_ends = 0.0

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line, or only count it."""
        if time.monotonic() >= self._window_ends:
            self.sum_up()
            self._window_ends = time.monotonic() + WINDOW_SECONDS
        kind = (record.name, record.levelno, str(record.msg))
        if kind not in self._counted and len(self._counted) >= KINDS_COUNTED:
            kind = (record.name, record.levelno, "lines of many kinds")
        self._counted[kind] = self._counted.get(kind, 0) + 1
        if self._counted[kind] <= SAME_PER_MINUTE:
            self._pass_on(record)

    def sum_up(self) -> None:
        """Tell what was left out since the last time."""
        counted, self._counted = self._counted, {}
        for (name, level, wording), times in counted.items():
            if times > SAME_PER_MINUTE:
                told = {"left_out": times - SAME_PER_MINUTE, "wording": wording}
                line = f"left out {times - SAME_PER_MINUTE} more lines: {wording}".replace("%", "%%")
                fields = {"name": name, "levelno": level, "levelname": logging.getLevelName(level), "msg": line}
                self._pass_on(logging.makeLogRecord(fields | told | {"args": ()}))

    def _pass_on(self, record: logging.LogRecord) -> None:
        for target in self._targets:
            target.handle(record)

    def flush(self) -> None:
        """Write what is not written yet."""
        for target in self._targets:
            target.flush()


def _log_what_falls() -> None:
    """What nobody caught stands in the log, also of threads."""
    log = logging.getLogger("fell")

    def fell(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, fault, trace)
        else:
            log.critical("the program fell", exc_info=(kind, fault, trace))

    def thread_fell(arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None and not isinstance(arguments.exc_value, SystemExit):
            log.critical("a thread fell", exc_info=arguments.exc_value)

    sys.excepthook, threading.excepthook = fell, thread_fell
