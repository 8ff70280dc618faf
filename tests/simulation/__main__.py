"""`./motcua simulate`: days of a hall under one seeded scheduler, with every fault, checked after every commit."""

import argparse
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Iterator

from tests.simulation.faults import FAULTS
from tests.simulation.run import EVERY_FAULT, Outcome, Work

WORKING_DAYS_A_YEAR = 250
_NO_FAULT = ("commands", "events")
TELL_SECONDS = {True: 0.5, False: 30.0}
"""How often to tell how far it is, to a person or into a file."""
_MESSAGES = ("message lost", "message doubled", "message late")


def main(arguments: list[str]) -> int:
    """Simulate and tell; exit 0, or 1 if an invariant was broken."""
    options = _parse(arguments)
    total, failed, began = _Total(), list[Outcome](), time.perf_counter()
    told = began
    for outcome in _outcomes(options):
        total.add(outcome)
        if outcome.failure:
            failed.append(outcome)
            _tell(outcome)
        if time.perf_counter() - told >= TELL_SECONDS[sys.stdout.isatty()]:
            told = time.perf_counter()
            _say(f"\r{total.line(told - began)}", end="" if sys.stdout.isatty() else "\n")
        if len(failed) >= options.most_failures:
            break
    _say(f"\r{total.line(time.perf_counter() - began)}\n")
    _summary(total, failed, options, time.perf_counter() - began)
    return 1 if failed else 0


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="motcua simulate", description=__doc__)
    parser.add_argument("--days", type=_positive, default=100, metavar="N", help="so many days (default 100)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="of the first day; the next has the next one")
    parser.add_argument("--faults", nargs="*", choices=EVERY_FAULT, default=EVERY_FAULT, metavar="NAME", help=_KINDS)
    parser.add_argument("--jobs", type=_positive, default=1, metavar="N", help="so many processes (default 1)")
    parser.add_argument(
        "--most-failures", type=_positive, default=5, metavar="N", help="stop after so many (default 5)"
    )
    return parser.parse_args(arguments)


_KINDS = f"only these faults; none: nothing fails. Known are {', '.join(FAULTS)}"


def _positive(written: str) -> int:
    number = int(written)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{written!r} is no number from 1 on")
    return number


def _outcomes(options: argparse.Namespace) -> Iterator[Outcome]:
    """Every day's outcome, in the order of the seeds."""
    seeds = range(options.seed, options.seed + options.days)
    work = Work(tuple(options.faults))
    if options.jobs == 1:
        yield from map(work, seeds)
        return
    with multiprocessing.get_context("fork").Pool(options.jobs) as pool:
        yield from pool.imap(work, seeds, chunksize=4)


class _Total:
    """What all days were together."""

    def __init__(self) -> None:
        self.days = 0
        self.steps = 0
        self.core_seconds = 0.0
        self.counts: Counter[str] = Counter()

    def add(self, outcome: Outcome) -> None:
        """Count a day."""
        self.days += 1
        self.steps += outcome.steps
        self.core_seconds += outcome.core_seconds
        self.counts += outcome.counts

    @property
    def faults(self) -> int:
        """How many faults were drawn; single messages are not counted."""
        return sum(self.counts[name] for name in FAULTS)

    def line(self, seconds: float) -> str:
        """How far it is, on one line."""
        return (
            f"{self.days:,} days  {self.days / seconds:.1f}/s  {self.counts['events']:,} events  "
            f"{self.faults:,} faults of {sum(name in self.counts for name in FAULTS)} kinds  "
            f"{self.days / WORKING_DAYS_A_YEAR:.2f} working years   "
        )


def _tell(outcome: Outcome) -> None:
    """A day that failed, with what led to it."""
    what = "invariant broken" if outcome.invariant else "the day ended in a fault"
    _say(f"\n\nseed {outcome.seed}, step {outcome.steps}: {what}\n{outcome.failure}\nthe last steps:\n")
    _say("".join(f"  {step}\n" for step in outcome.last_steps))
    _say(f"again: ./motcua simulate --days 1 --seed {outcome.seed}\n\n")


def _summary(total: _Total, failed: list[Outcome], options: argparse.Namespace, seconds: float) -> None:
    counts = total.counts
    broken = Counter(f"invariant {one.invariant}" if one.invariant else "other" for one in failed)
    rows = {
        "days": f"{total.days:,} (seeds {options.seed} to {options.seed + total.days - 1})",
        "steps": f"{total.steps:,}",
        "commands": f"{counts['commands']:,}",
        "events": f"{counts['events']:,}",
        "faults": f"{total.faults:,}: " + ", ".join(f"{name} {counts[name]}" for name in FAULTS if counts[name]),
        "messages": ", ".join(f"{counts[name]:,} {name.split()[1]}" for name in _MESSAGES),
        "invariants broken": f"{len(failed)}" + (f": {dict(broken)}" if failed else ""),
        "seconds": f"{seconds:.1f} with {options.jobs} processes, {total.core_seconds:.1f} of a core",
        "days per core-hour": f"{3600 * total.days / max(total.core_seconds, 0.001):,.0f}",
        "simulated": f"{total.days / WORKING_DAYS_A_YEAR:.2f} years of {WORKING_DAYS_A_YEAR} working days",
    }
    for name, value in rows.items():
        _say(f"{name:20} {value}\n")


def _say(words: str, end: str = "") -> None:
    sys.stdout.write(words + end)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
