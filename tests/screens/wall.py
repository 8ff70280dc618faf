"""The wall at a moment that the test chooses."""

from pathlib import Path
from typing import Any

from PIL import Image

from protocol.replies import Snapshot
from tests.display import halls
from tests.screens.driver import Driver, clipped, texts, walk

ME = "display-7"


class Wall:
    """The app of a wall display; `snapshot` null: it has heard nothing yet."""

    def __init__(
        self, driver: Driver, size: tuple[int, int], snapshot: Snapshot | None, media: Path = Path("none")
    ) -> None:
        from display.screens.wall_app import Folders, WallApp

        self.now = 1000.0
        self.driver = driver
        self.app = WallApp(ME, Folders(media), clock=lambda: self.now)
        driver.start(self.app, size)
        if snapshot is not None:
            self.app.describe(halls.hall())
            self.app.on_snapshot(snapshot)
        self.settle()

    def settle(self, later: float = 0.0) -> "Wall":
        """Let time pass, and everything find its place."""
        self.now += later
        for _ in range(3):
            self.driver.frames(2)
            self.app.redraw()
        self.driver.frames(3)
        return self

    @property
    def root(self) -> Any:
        """The frame."""
        return self.app.root

    def read(self) -> list[str]:
        """What can be read, in no order."""
        return texts(self.app.root)

    def picture(self, folder: Path) -> Image.Image:
        """What the window shows."""
        return Image.open(self.driver.picture(folder / "wall.png")).convert("RGB")

    def plays(self) -> bool:
        """Whether a picture or film is to be seen."""
        from display.screens.media import MediaPanel

        return any(isinstance(widget, MediaPanel) and widget.texture for widget in walk(self.root))

    def faults(self) -> list[str]:
        """The labels that do not fit, but for those that run along."""
        running = {repr(strip.label.text) for strip in self.root.footer.line.strips if strip.overflow}
        return [fault for fault in clipped(self.root) if not any(fault.startswith(text) for text in running)]
