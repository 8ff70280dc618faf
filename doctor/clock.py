"""The clock: whether it is set by a time server, and whether the hall agrees with it."""

import datetime as dt
import shutil
import subprocess

from doctor.finding import Findings, care, well, wrong
from queue_server.clock_watch import MADE

APART_SECONDS, FAR_APART_SECONDS = 2.0, 60.0


def look_at_clock(now: dt.datetime, hall_now: dt.datetime | None) -> Findings:
    """The machine's clock at `now`, beside the time servers and the hall's clock if that is known."""
    if now < MADE:
        yield wrong("clock", "clock_dead", told=f"{now:%d/%m/%Y %H:%M}")
    yield from _synchronised()
    if hall_now is None:
        return
    apart = abs((now - hall_now).total_seconds())
    if apart > FAR_APART_SECONDS:
        yield wrong("clock", "clock_apart", seconds=round(apart))
    elif apart > APART_SECONDS:
        yield care("clock", "clock_apart", seconds=round(apart))
    else:
        yield well("clock", "clock_agrees", seconds=round(apart, 1))


def _synchronised() -> Findings:
    found = _told_by_timedatectl()
    zone = found.get("Timezone", "?")
    if found.get("NTPSynchronized") == "yes":
        yield well("clock", "clock_synchronised", zone=zone)
    elif found.get("NTP") == "yes":
        yield care("clock", "clock_not_yet", zone=zone)
    else:
        yield care("clock", "clock_alone" if found else "clock_unknown", zone=zone)


def _told_by_timedatectl() -> dict[str, str]:
    program = shutil.which("timedatectl")
    if program is None:
        return {}
    try:
        told = subprocess.run([program, "show"], capture_output=True, text=True, timeout=5, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return {}
    return dict(line.split("=", 1) for line in told.splitlines() if "=" in line)
