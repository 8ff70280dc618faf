"""Whether the tests notice changed code: mutmut changes it word by word, each change meets the tests that reach it.

    python -m tests.mutation queue_server.service                 every change of a module
    python -m tests.mutation queue_server.storage --seconds 20    tests of up to so many seconds for each change

It works in `mutants/` of a clone. Each change runs in a fork of one process that has everything loaded, first against
the tests that noticed its neighbours: some ten a second, where `mutmut run` takes a second or more for each. What no
test notices is printed by name (`mutmut show NAME` tells the change), at the end the figures of each module.
"""

import argparse
import collections
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import hypothesis
import mutmut.__main__ as mutmut
import pytest
from mutmut.mutation import trampoline

TESTS = ["tests/queue_server", "tests/crash/test_faults.py", "tests/crash/test_images.py"]
TOO_SLOW = ["test_machine", "test_bit_flips", "test_cao_bang", "test_child_process"]
"""These widen what others prove."""
_OPTIONS = (
    "-q -p no:cacheprovider -p no:unraisableexception -o filterwarnings=ignore --timeout=0 --tb=no --assert=plain"
)
_OUT = os.dup(1)
"""What pytest says of tests that fail as they should is not wanted."""
_SECONDS_MORE = 10
"""What a change may take longer than its tests did, before it counts as noticed: it went round in circles."""


def main(arguments: list[str]) -> int:
    """Run the changes of some modules; exit 0, or 1 if the tests do not pass as it is."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.mutation", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("modules", nargs="+", help="what the names of changes begin with")
    parser.add_argument("--seconds", type=float, default=5.0, help="of tests for each change")
    parser.add_argument("--tests", nargs="+", default=TESTS, help="files or folders, instead of those that fit all")
    options = parser.parse_args(arguments)
    if Path.cwd().name != "mutants":
        return subprocess.call([sys.executable, "-m", "tests.mutation", *arguments], cwd=write_mutants())
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    every = Path("names.txt").read_text(encoding="utf-8").split()
    names = [name for name in every if name.startswith(tuple(options.modules))]
    return int(pytest.main([*_OPTIONS.split(), *_files(options.tests)], plugins=[Mutation(names, options.seconds)]))


def write_mutants() -> Path:
    """Have mutmut write the changed code of a clone; the folder in which it lies."""
    folder = Path("mutants")
    folder.mkdir(exist_ok=True)
    trampoline.set_mutant_under_test("mutant_generation")
    mutmut.copy_src_dir()
    mutmut.copy_also_copy_files()
    mutmut.setup_source_paths()
    mutmut.create_mutants(1)
    found, _ = mutmut.collect_source_file_mutation_data(mutant_names=())
    (folder / "names.txt").write_text("\n".join(name for _, name, _ in found), encoding="utf-8")
    trampoline.set_mutant_under_test("")
    return folder


def _files(tests: Iterable[str]) -> list[str]:
    files = [
        path for test in tests for path in (Path(test).rglob("test_*.py") if Path(test).is_dir() else [Path(test)])
    ]
    return sorted(str(path) for path in files if path.stem not in TOO_SLOW)


class Mutation:
    """Takes the place of pytest's own loop over the tests."""

    def __init__(self, names: list[str], seconds: float) -> None:
        self._names = names
        self._seconds = seconds
        self._items: dict[str, pytest.Item] = {}
        self._took: dict[str, float] = {}
        self._reaching = collections.defaultdict[str, list[str]](list)
        self._noticed = collections.defaultdict[str, list[str]](list)
        """By function: the tests that noticed a change, the latest last."""
        self._figures = collections.defaultdict[str, collections.Counter[str]](collections.Counter)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Look which tests reach which function, then let each change meet them."""
        _without_shrinking()
        self._items = {item.nodeid: item for item in session.items}
        code, told = in_fork(self._look)
        for line in told.splitlines():
            test, took, failed, reached = json.loads(line)
            if failed:
                session.testsfailed += 1
                _say(f"fails as it is: {test}")
            self._took[test] = took
            for function in reached:
                self._reaching[function].append(test)
        if code or session.testsfailed:
            return True
        for name in self._names:
            self._meet(name)
        self._tell()
        return True

    def _look(self, told: int) -> int:
        reached = set[str]()
        trampoline.record_trampoline_hit = lambda name, caller=None: reached.add(name)  # type: ignore[assignment]
        trampoline.set_mutant_under_test("stats")
        for test in self._items:
            reached.clear()
            begun = time.perf_counter()
            failed = self._fails(test)
            line = [test, time.perf_counter() - begun, failed, sorted(reached)]
            os.write(told, (json.dumps(line) + "\n").encode())
        return 0

    def _fails(self, test: str) -> bool:
        failed = []

        class Watch:
            """Hears of each phase of the test."""

            @staticmethod
            def pytest_runtest_logreport(report: pytest.TestReport) -> None:
                """Keep that it failed."""
                failed.extend([report.nodeid] if report.failed else [])

        item = self._items[test]
        item.config.pluginmanager.register(Watch, "watch")
        try:
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        finally:
            item.config.pluginmanager.unregister(name="watch")
        return bool(failed)

    def _meet(self, name: str) -> None:
        """Let one change meet the tests that reach its function, as many as there are seconds for."""
        function = name.rpartition("__mutmut_")[0]
        tests = list(self._within(function))
        limit = int(_SECONDS_MORE + 5 * sum(self._took[test] for test in tests))
        code, noticed = in_fork(lambda told: self._run(name, tests, told), limit)
        if noticed:
            self._noticed[function].append(noticed)
        word = "survived" if code == 0 else "killed"
        self._figures[".".join(name.split(".")[:-1])][word] += 1
        if code == 0:
            _say(name)

    def _within(self, function: str) -> Iterable[str]:
        latest = self._noticed[function][::-1]
        tests = self._reaching[function]
        left = self._seconds
        for test in sorted(tests, key=lambda one: (latest.index(one) if one in latest else 999, self._took[one])):
            left -= self._took[test]
            if left < 0:
                return
            yield test

    def _run(self, name: str, tests: list[str], told: int) -> int:
        trampoline.set_mutant_under_test(name)
        for test in tests:
            if self._fails(test):
                os.write(told, test.encode())
                return 1
        return 0

    def _tell(self) -> None:
        for module, figures in sorted(self._figures.items()):
            killed, tried = figures["killed"], figures.total()
            _say(f"{module}: {tried} tried, {killed} killed, {tried - killed} survived, {killed / tried:.1%}")


def in_fork(work: Callable[[int], int], limit: int = 0) -> tuple[int, str]:
    """What some work returned (a number below 0: the signal that ended it) and told; 0 seconds are no limit."""
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        code = 9
        try:
            os.setpgid(0, 0)
            signal.alarm(limit)
            code = work(writing)
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as told:
        text = told.read()
    status = os.waitpid(child, 0)[1]
    with contextlib.suppress(ProcessLookupError):  # programs that a test had no time to end
        os.killpg(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(status), text


def _say(text: str) -> None:
    os.write(_OUT, f"{text}\n".encode())


def _without_shrinking() -> None:
    """A change is noticed by the first example that fails; which one is the smallest nobody asks."""
    phases = [hypothesis.Phase.explicit, hypothesis.Phase.generate]
    hypothesis.settings.register_profile(
        "mutation", hypothesis.settings.get_profile("plain"), derandomize=True, database=None, phases=phases
    )
    hypothesis.settings.load_profile("mutation")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
