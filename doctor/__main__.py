"""`./motcua doctor`: look this PC over; exit 0 all well, 1 something is wrong, 2 wrong input."""

import argparse
import datetime as dt
import sys
from collections import Counter
from pathlib import Path

from config.loading import SettingsError
from config.texts import FALLBACK, languages, text
from doctor.clock import look_at_clock
from doctor.database import look_at_database
from doctor.devices import look_at_devices
from doctor.disk import look_at_disk
from doctor.finding import GROUP, Finding, Findings, Level
from doctor.keys import look_at_keys
from doctor.machine import look_at_machine
from doctor.network import ask_hall, hall_time, look_at_network
from doctor.pair import look_at_first
from doctor.place import NoPlace, Place, place_of


def main(arguments: list[str]) -> int:
    """Look and tell; what only wants care (!) is no failure."""
    options = _parse(arguments)
    printer = (options.printer, options.model) if options.printer else None
    try:
        place = place_of(options.data, options.hall, printer)
    except (NoPlace, SettingsError) as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    counted: Counter[Level] = Counter()
    _say(text(f"{GROUP}.place_{place.kind}", options.language, folder=place.data))
    for finding in examine(place, options.language, thorough=options.thorough):
        counted[finding.level] += 1
        _say(line_of(finding, options.language))
    numbers = {level.name.lower(): counted[level] for level in Level}
    _say(text(f"{GROUP}.sum_wrong" if counted[Level.WRONG] else f"{GROUP}.sum_well", options.language, **numbers))
    return 1 if counted[Level.WRONG] else 0


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="motcua doctor", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the data folder of this PC's program")
    parser.add_argument(
        "--hall", type=Path, metavar="FILE", help="the hall file: its limits and addresses are looked at"
    )
    parser.add_argument("--printer", metavar="ADDRESS", help="of a kiosk (else as /etc/motcua/kiosk.env says)")
    parser.add_argument("--model", default="picture", help="the printer's model")
    parser.add_argument("--thorough", action="store_true", help="check the whole log, and that it adds up: minutes")
    parser.add_argument("--language", default=FALLBACK, choices=languages(), help="of what is told (vi)")
    return parser.parse_args(arguments)


def examine(place: Place, language: str, *, thorough: bool = False) -> Findings:
    """Everything that can be looked at on such a PC; changes nothing."""
    now, reply = dt.datetime.now(dt.UTC), None if place.kind == "standby" else ask_hall(place)
    yield from look_at_disk(place)
    yield from look_at_clock(now, hall_time(reply))
    if place.kind in ("server", "standby"):
        yield from look_at_database(place, now, thorough=thorough)
    yield from look_at_keys(place)
    yield from look_at_first(place) if place.kind == "standby" else look_at_network(place, reply, language)
    yield from look_at_devices(place, language)
    yield from look_at_machine(place)


def line_of(finding: Finding, language: str) -> str:
    """One finding as it is shown: sign, topic, sentence, and on a line of its own what to do."""
    topic = text(f"{GROUP}.topic_{finding.topic}", language)
    line = f"{finding.level} {topic:<14} {finding.sentence(language)}"
    advice = finding.advice(language)
    return f"{line}\n{'':17}→ {advice}" if advice else line


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
