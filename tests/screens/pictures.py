"""Writes every kiosk screen of sample halls as PNG: `python -m tests.screens.pictures OUT [LANGUAGE]`."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.screens.driver import LYING, UPRIGHT, Driver


def main(out: Path, language: str = "vi") -> None:
    """Write `kiosk-…-upright.png` and `kiosk-…-lying.png` for every screen, and say what does not fit."""
    driver = Driver()
    from tests.kiosk.real_halls import everyday, shipped
    from tests.screens.kiosk import Kiosk
    from tests.screens.scenes import every_scene, full
    from tests.screens.test_kiosk import every_door, every_screen

    hall = full(shipped("cao-bang"))
    for size, how in ((UPRIGHT, "upright"), (LYING, "lying")):
        for scenes in (every_screen, every_door):
            write(Kiosk(driver, size), scenes, out, how, language)
        write(Kiosk(driver, size, hall, everyday("cao-bang")), every_scene, out, how, language)


def write(kiosk: Any, scenes: Callable[[Any, str], Iterator[str]], out: Path, how: str, language: str) -> None:
    """Picture each scene as it shows."""
    for name in scenes(kiosk, language):
        kiosk.driver.picture(out / f"kiosk-{name}-{how}.png")
        for fault in kiosk.faults():
            sys.stderr.write(f"{name}-{how}: {fault}\n")
    kiosk.driver.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:3])
