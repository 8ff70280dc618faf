"""How much paper is left on the roll: what a new roll has, less what was printed, set right by the near-end sensor."""

from msgspec import Struct
from msgspec.structs import replace

USUAL_TICKET_MM = 110.0
"""What a ticket takes until enough were measured."""
_MIXED_IN = 5
"""So many tickets of the usual length are mixed into the average, so that one odd paper does not sway it."""


class PaperRoll(Struct, frozen=True, kw_only=True):
    """A roll and what was taken from it; lengths in millimetres."""

    length_mm: float
    left_mm: float
    """How much paper is left; never less than nothing."""
    papers: int = 0
    papers_mm: float = 0.0
    """What was printed on this roll and those before it, for the average."""
    low: bool = False
    """What the near-end sensor said last."""

    @property
    def tickets_left(self) -> int:
        """For how many tickets the paper lasts."""
        usual = (self.papers_mm + USUAL_TICKET_MM * _MIXED_IN) / (self.papers + _MIXED_IN)
        return int(self.left_mm / usual)

    def after(self, millimetres: float) -> "PaperRoll":
        """The roll after a paper of this length."""
        left = max(0.0, self.left_mm - millimetres)
        return replace(self, left_mm=left, papers=self.papers + 1, papers_mm=self.papers_mm + millimetres)

    def seen(self, *, low: bool, near_end_mm: float) -> "PaperRoll":
        """The roll after the near-end sensor spoke: it sees how much is left, the rest is only reckoned.

        `near_end_mm` is what is left when the sensor begins to say so; 0 without such a sensor, and nothing changes.
        """
        if not near_end_mm:
            return self
        near_end_mm = min(near_end_mm, self.length_mm)
        if low and not self.low:
            left = near_end_mm
        else:
            left = min(self.left_mm, near_end_mm) if low else max(self.left_mm, near_end_mm)
        return replace(self, left_mm=left, low=low)

    def empty(self) -> "PaperRoll":
        """The roll when the printer has no paper any more."""
        return replace(self, left_mm=0.0)

    def renewed(self, length_mm: float) -> "PaperRoll":
        """A new roll of this length; what a ticket takes is still known."""
        return replace(self, length_mm=length_mm, left_mm=length_mm, low=False)


def new_roll(length_mm: float) -> PaperRoll:
    """A roll of which nothing was taken yet."""
    return PaperRoll(length_mm=length_mm, left_mm=length_mm)
