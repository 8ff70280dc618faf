"""Emulated boxes on a serial line that is none: `python -m counter.emulator --link /tmp/line --qub 33 --sign 65`."""

import argparse
import contextlib
import os
import select
import sys
import threading
import time
import tty
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from counter.emulated import EmulatedBox, EmulatedCallBox, EmulatedQub, EmulatedQubDigits, EmulatedSign

_TICK_SECONDS = 0.05
_CHUNK = 4096
FINGER_SECONDS, EYE_SECONDS = 0.4, 0.6
"""A person needs so long to press a key again, and so long to press one because of what a box shows."""
_KINDS: dict[str, type[EmulatedQub | EmulatedQubDigits | EmulatedCallBox | EmulatedSign]] = {
    "qub": EmulatedQub,
    "qub-digits": EmulatedQubDigits,
    "call-box": EmulatedCallBox,
    "sign": EmulatedSign,
}


class EmulatedLine:
    """A pty behind a link that stays the same: open `link` as one would open /dev/ttyUSB0.

    `echoes`: the adapter hears itself, as many RS-485 adapters do.
    """

    def __init__(self, link: Path, boxes: Sequence[EmulatedBox] = (), *, echoes: bool = False) -> None:
        self.link = link
        self.boxes = list(boxes)
        self.heard = b""
        """The last that came from the host, for who looks at bytes."""
        self._echoes = echoes
        self._lock = threading.Lock()
        self._ours = self._theirs = -1
        self._pressed_at = self._heard_at = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="emulated-line", daemon=True)

    def __enter__(self) -> Self:
        self.plug()
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join()
        self.unplug()

    def plug(self) -> None:
        """Put the adapter in."""
        with self._lock:
            self._ours, self._theirs = os.openpty()
            tty.setraw(self._theirs)
            os.set_blocking(self._ours, False)
            self.link.symlink_to(os.ttyname(self._theirs))

    def unplug(self) -> None:
        """Pull the adapter out; does nothing when it is out."""
        with self._lock:
            self.link.unlink(missing_ok=True)
            for descriptor in {self._ours, self._theirs} - {-1}:
                os.close(descriptor)
            self._ours = self._theirs = -1

    def press(self, address: int, key: str) -> None:
        """Press a key of the box at an address, at the pace of a finger; raises KeyError."""
        box = next((box for box in self.boxes if box.address == address), None)
        if box is None:
            raise KeyError(address)
        earliest = max(self._pressed_at + FINGER_SECONDS, self._heard_at + EYE_SECONDS)
        self._stop.wait(max(0.0, earliest - time.monotonic()))
        self._pressed_at = time.monotonic()
        self.say(box.press(key))

    def say(self, data: bytes) -> None:
        """Put bytes on the line."""
        with self._lock:
            os.write(self._ours, data)

    def _run(self) -> None:
        while not self._stop.is_set():
            with self._lock:
                data = self._read()
            self.heard = (self.heard + data)[-_CHUNK:]
            for box in self.boxes:
                box.hear(data)
            if data:
                self._heard_at = time.monotonic()
            else:
                self._stop.wait(_TICK_SECONDS / 10)

    def _read(self) -> bytes:
        if self._ours < 0 or not select.select([self._ours], [], [], 0)[0]:
            return b""
        with contextlib.suppress(OSError):  # the host has closed its end
            data = os.read(self._ours, _CHUNK)
            if self._echoes:
                os.write(self._ours, data)
            return data
        return b""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run emulated boxes; keys are typed as `33 call`, an empty line or end of input ends it."""
    options = _parser().parse_args(arguments)
    boxes = [kind(address) for family, kind in _KINDS.items() for address in getattr(options, family.replace("-", "_"))]
    with EmulatedLine(options.link, boxes, echoes=options.echo) as line:
        sys.stdout.write(f"line at {line.link}; type ADDRESS KEY\n")
        _follow(line)
    return 0


def _follow(line: EmulatedLine) -> None:
    shown: dict[int, str] = {}
    while True:
        for box in line.boxes:
            if shown.get(box.address) != box.looks():
                shown[box.address] = box.looks()
                sys.stdout.write(f"{box.address}: {box.looks()}\n")
        sys.stdout.flush()
        if select.select([sys.stdin], [], [], _TICK_SECONDS)[0] and not _typed(line, sys.stdin.readline().split()):
            return


def _typed(line: EmulatedLine, words: list[str]) -> bool:
    """Carry out what was typed; False: it was nothing more."""
    if not words:
        return False
    try:
        line.press(int(words[0], 0), words[1])
    except (ValueError, KeyError, IndexError) as fault:
        sys.stdout.write(f"{' '.join(words)}: expected the address of a box and one of its keys ({fault})\n")
    return True


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m counter.emulator", description="Keypads and signs without any.")
    parser.add_argument("--link", type=Path, required=True, metavar="FILE", help="where the line is to be found")
    parser.add_argument("--echo", action="store_true", help="the adapter hears itself, as many RS-485 adapters do")
    for family in _KINDS:
        parser.add_argument(f"--{family}", type=lambda word: int(word, 0), action="append", default=[], metavar="N")
    return parser


if __name__ == "__main__":
    sys.exit(main())
