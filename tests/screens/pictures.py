"""Writes every kiosk screen of a sample hall as PNG: `python -m tests.screens.pictures OUT [LANGUAGE]`."""

import sys
from pathlib import Path

from tests.screens.driver import LYING, UPRIGHT, Driver


def main(out: Path, language: str = "vi") -> None:
    """Write `kiosk-…-upright.png` and `kiosk-…-lying.png` for every screen."""
    driver = Driver()
    from tests.kiosk.real_halls import everyday, shipped
    from tests.screens.kiosk import Kiosk
    from tests.screens.scenes import every_scene, full

    for size, how in ((UPRIGHT, "upright"), (LYING, "lying")):
        kiosk = Kiosk(driver, size, full(shipped("cao-bang")), everyday("cao-bang"))
        for name in every_scene(kiosk, language):
            kiosk.driver.picture(out / f"kiosk-{name}-{how}.png")
            for fault in kiosk.faults():
                sys.stderr.write(f"{name}-{how}: {fault}\n")
        driver.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:3])
