"""Coverage-guided fuzzing by atheris: `python -m tests.fuzz [--seconds 60] [--target NAME] [--seed 1] [--out FOLDER]`.

The seconds are shared by all targets, one process each after the other. Prints executions per second and a total; an
input that breaks a parser is written to the target's corpus, where the tests find it. Exit 0: none did, 1: some did.
"""

import argparse
import logging
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.fuzz.corpora import CORPUS, corpus

LONGEST = 4096
"""Bytes of the longest input that is tried, where no kept one is longer."""
PATIENCE_SECONDS = 20
"""An input that takes longer hangs its parser."""
_DONE = re.compile(r"stat::number_of_executed_units: +(\d+)")
_SPEED = re.compile(r"stat::average_exec_per_sec: +(\d+)")


def main(arguments: list[str]) -> int:
    """Run the targets one after the other; the exit code."""
    options = _parse(arguments)
    if options.alone:
        _fuzz(options.alone, options.libfuzzer)
        return 0
    from tests.fuzz.targets import TARGETS

    names = options.target or list(TARGETS)
    total, broken = 0, 0
    for name in names:
        done, speed, found = _run(name, options.seconds / len(names), options.seed)
        total, broken = total + done, broken + len(found)
        sys.stdout.write(f"{name:16} {done:>12,} executions {speed:>9,}/s {' '.join(found) or 'no crash'}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{'all':16} {total:>12,} executions, {broken} crashes, seed {options.seed}\n")
    return 1 if broken else 0


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="for all targets together")
    parser.add_argument("--target", action="append", help="only this one; may be given several times")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--alone", help=argparse.SUPPRESS)
    parser.add_argument("libfuzzer", nargs="*", help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def _run(name: str, seconds: float, seed: int) -> tuple[int, int, list[str]]:
    """A target in a process of its own: executions, executions per second, and the corpus files of what broke it."""
    with tempfile.TemporaryDirectory() as folder:
        grown, broken = Path(folder) / "grown", Path(folder) / "broken"
        grown.mkdir()
        broken.mkdir()
        command = [sys.executable, "-m", "tests.fuzz", "--alone", name, "--", str(grown), str(CORPUS / name)]
        command += [f"-max_total_time={max(1, round(seconds))}", f"-seed={seed}", f"-artifact_prefix={broken}/"]
        command += [
            f"-max_len={max(LONGEST, *map(len, corpus(name).values()))}",
            f"-timeout={PATIENCE_SECONDS}",
            "-print_final_stats=1",
            "-verbosity=1",
        ]
        ended = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
        found = [_kept(name, path) for path in sorted(broken.iterdir())]
        if found:
            sys.stderr.write(ended.stderr[-3000:])
        elif ended.returncode:
            raise RuntimeError(f"{name} ended with {ended.returncode}: {ended.stderr[-2000:]}")
        return _number(_DONE, ended.stderr), _number(_SPEED, ended.stderr), found


def _kept(name: str, path: Path) -> str:
    target = CORPUS / name / f"found-{path.name.rpartition('-')[2][:12]}"
    shutil.copy(path, target)
    return str(target)


def _number(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.search(text)
    return int(found[1]) if found else 0


def _fuzz(name: str, libfuzzer: list[str]) -> None:
    """Let atheris try this one target; ends the process."""
    import atheris

    logging.disable(logging.CRITICAL)  # some parsers say what they refuse, and here that is nearly everything
    with atheris.instrument_imports(
        include=["protocol", "config", "kiosk", "printers", "counter", "web", "queue_server"]
    ):
        from tests.fuzz.targets import TARGETS

    target: Callable[[bytes], object] = TARGETS[name]
    atheris.Setup(["fuzz", *libfuzzer], lambda data: target(data) and None)
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
