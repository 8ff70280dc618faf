"""The kiosk's screens, small enough for a repository: half the size, few colours."""

import subprocess
import sys
from pathlib import Path

from PIL import Image

from tests.running import ROOT

_COLOURS = 64


def main(arguments: list[str]) -> int:
    """Write every screen of the kiosk into a folder; exit 0, or 1 if the screens could not be drawn."""
    out = Path(arguments[0]) / "kiosk"
    out.mkdir(parents=True, exist_ok=True)
    drawn = subprocess.run([sys.executable, "-m", "tests.screens.pictures", str(out)], cwd=ROOT, check=False)
    for path in out.glob("*.png"):
        _shrink(path)
    return drawn.returncode


def _shrink(path: Path) -> None:
    with Image.open(path) as picture:
        small = picture.convert("RGB").resize((picture.width // 2, picture.height // 2), Image.Resampling.LANCZOS)
    small.quantize(_COLOURS).save(path, optimize=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
