"""`./motcua pictures`: every screen of a played hall as PNG, for the README and for looking at what changed."""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.pictures.life import PlayedHall
from tests.pictures.web import picture_pages
from tests.running import ROOT

DOCUMENTED = ROOT / "docs" / "pictures"


def main(arguments: list[str]) -> int:
    """Write all pictures; exit 0, or 1 if a part failed."""
    options = _parse(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    failed = [name for name, part in _parts(options).items() if not part()]
    for name in failed:
        sys.stderr.write(f"no pictures of: {name}\n")
    return 1 if failed else 0


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="motcua pictures", description=__doc__)
    parser.add_argument("out", type=Path, nargs="?", default=DOCUMENTED, help="folder (default: docs/pictures)")
    parser.add_argument("--only", choices=("kiosk", "walls", "papers", "hall"), help="one part alone")
    return parser.parse_args(arguments)


def _parts(options: argparse.Namespace) -> dict[str, "Part"]:
    parts = {
        "kiosk": Part(["-m", "tests.pictures.kiosk", str(options.out)]),
        "walls": Part(["-m", "tests.screens.display_pictures", str(options.out / "walls")]),
        "papers": Part(["-m", "tests.pictures.papers", str(options.out)]),
        "hall": Part(["-m", "tests.pictures", "--life", str(options.out)]),
    }
    return {name: part for name, part in parts.items() if options.only in (None, name)}


class Part:
    """A program of its own that writes some of the pictures: Kivy has one window per process."""

    def __init__(self, command: list[str]) -> None:
        self._command = command

    def __call__(self) -> bool:
        """Run it; whether it did its part."""
        return subprocess.run([sys.executable, *self._command], cwd=ROOT, check=False).returncode == 0


def picture_hall(out: Path) -> int:
    """The wall and the web pages of a hall in the middle of its morning."""
    with tempfile.TemporaryDirectory(prefix="motcua-pictures-") as folder, PlayedHall(Path(folder)) as hall:
        hall.wait_for_life()
        picture_pages(hall, out)
        hall.copy_pictures(out)
    return 0


if __name__ == "__main__":
    words = sys.argv[1:]
    sys.exit(picture_hall(Path(words[1])) if words[:1] == ["--life"] else main(words))
