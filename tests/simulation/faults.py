"""What goes wrong on a simulated day: kinds by name, drawn from the seed, each with its beginning and its end."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.simulation.network import Odds

if TYPE_CHECKING:
    from tests.simulation.hall_day import HallDay

DAY = 86_400.0
"""By more no person is said to confirm a wrong clock: what is kept for some days would rightly be forgotten."""
Fault = Callable[["HallDay", float], Callable[[], None] | None]
"""Lets a fault begin; gives what ends it, if it does not end by itself."""


def _bad_network(odds: Odds) -> Fault:
    def begin(day: "HallDay", _seconds: float) -> Callable[[], None]:
        day.network.odds = odds
        return lambda: setattr(day.network, "odds", Odds(0.002, 0.002, 0.002))

    return begin


def _crash(where: str) -> Fault:
    def begin(day: "HallDay", seconds: float) -> None:
        day.down_seconds = min(seconds, 120.0)
        if day.server.disk is not None:
            day.server.disk.crash = where

    return begin


def _kill(day: "HallDay", seconds: float) -> None:
    day.down_seconds = min(seconds, 300.0)
    day.server.stop("killed")


def _restart(day: "HallDay", _seconds: float) -> None:
    day.down_seconds = 1.0
    day.server.stop("restarts")


def _disk_full(day: "HallDay", _seconds: float) -> Callable[[], None] | None:
    disk = day.server.disk
    if disk is None:
        return None
    disk.full = True
    return lambda: setattr(disk, "full", False)


def _disk_fails(when: str) -> Fault:
    def begin(day: "HallDay", seconds: float) -> Callable[[], None] | None:
        disk = day.server.disk
        if disk is None:
            return None
        disk.fails = when
        day.world.after(min(seconds, 20.0), "disk works", lambda: setattr(disk, "fails", ""))
        return None

    return begin


def _clock(*jumps: float) -> Fault:
    """The server's clock jumps by so many seconds; sometimes a supervisor says that it is right."""

    def begin(day: "HallDay", seconds: float) -> Callable[[], None]:
        def confirm() -> None:
            if abs(day.server.clock_off) <= DAY:  # by now it may have jumped again
                day.supervisor.confirm_clock()

        day.server.clock_off = day.world.chance.choice(jumps)
        if abs(day.server.clock_off) <= DAY and day.world.chance.random() < 0.3:
            day.world.after(seconds / 2, "supervisor", confirm)
        return lambda: setattr(day.server, "clock_off", 0.0)

    return begin


def _kiosk_clock(day: "HallDay", _seconds: float) -> Callable[[], None]:
    kiosk = day.a_kiosk()
    kiosk.clock_off = day.world.chance.choice([-800_000_000.0, -90_000.0, -3600.0, 3600.0, 90_000.0])
    return lambda: setattr(kiosk, "clock_off", 0.0)


def _kiosk_killed(day: "HallDay", seconds: float) -> None:
    kiosk = day.a_kiosk()
    kiosk.restarts_in = min(seconds, 240.0)
    kiosk.cut("killed")


def _kiosk_crash(where: str) -> Fault:
    def begin(day: "HallDay", _seconds: float) -> None:
        kiosk = day.a_kiosk()
        kiosk.restarts_in = 5.0
        if kiosk.up:
            kiosk.disk.crash = where

    return begin


def _journal_full(day: "HallDay", _seconds: float) -> Callable[[], None] | None:
    kiosk = day.a_kiosk()
    if not kiosk.up:
        return None
    disk = kiosk.disk
    disk.full = True
    return lambda: setattr(disk, "full", False)


def _cut(who: Callable[["HallDay"], list[str]]) -> Fault:
    def begin(day: "HallDay", _seconds: float) -> Callable[[], None]:
        keys = who(day)
        for key in keys:
            day.network.cut(key)

        def end() -> None:
            for key in keys:
                day.network.mend(key)

        return end

    return begin


def _mood(mood: str) -> Fault:
    def begin(day: "HallDay", _seconds: float) -> Callable[[], None]:
        printer = day.a_kiosk().printer
        printer.mood = mood
        return lambda: setattr(printer, "mood", "ready")

    return begin


FAULTS: dict[str, Fault] = {
    "messages_lost": _bad_network(Odds(lost=0.25)),
    "messages_doubled": _bad_network(Odds(doubled=0.3)),
    "messages_late": _bad_network(Odds(late=0.3)),
    "messages_bad": _bad_network(Odds(0.1, 0.1, 0.1, 8.0)),
    "crash_before_commit": _crash("before"),
    "crash_within_commit": _crash("within"),
    "crash_after_commit": _crash("after"),
    "server_killed": _kill,
    "server_restart": _restart,
    "disk_full": _disk_full,
    "disk_fails_before": _disk_fails("before"),
    "disk_fails_after": _disk_fails("after"),
    "server_clock": _clock(-7200.0, -600.0, -5.0, 5.0, 600.0, 7200.0),
    "server_clock_dead": _clock(-1_700_000_000.0, -800_000_000.0, -90_000.0, 80_000.0, 400_000_000.0),
    "kiosk_clock": _kiosk_clock,
    "kiosk_killed": _kiosk_killed,
    "kiosk_crash_before_write": _kiosk_crash("before"),
    "kiosk_crash_after_write": _kiosk_crash("after"),
    "journal_full": _journal_full,
    "wall_restart": lambda day, _seconds: day.a_wall().cut(),
    "counters_restart": lambda day, _seconds: day.counters.cut(),
    "kiosk_cut": _cut(lambda day: [day.key(day.a_kiosk().name)]),
    "wall_cut": _cut(lambda day: [day.key(day.a_wall().name)]),
    "counters_cut": _cut(lambda day: day.counter_keys()),
    "all_cut": _cut(lambda day: day.all_keys()),
    "printer_out_of_paper": _mood("out of paper"),
    "printer_jammed": _mood("jammed"),
    "printer_swallows": _mood("swallows"),
    "printer_silent": _mood("silent"),
    "printer_unsure": _mood("unsure"),
}
