"""How the hall's screens look: colours, sizes and font of kiosk and wall; every pair of text and ground is >= 7:1."""

Colour = tuple[float, float, float, float]
"""Red, green, blue, opacity, each 0 to 1."""

FONT = "Roboto"
"""Comes with Kivy, registered under this name with its bold face; has all 146 Vietnamese letters.

It lacks arrows and check marks. A line grows by 7 % where a stacked accent (Ẫ, Ẳ) stands: give labels a fixed height.
"""

REFERENCE_PIXELS = 1080
"""The short side of the window for which all sizes below are meant, upright or lying."""


def colour(hexadecimal: str) -> Colour:
    """The colour of `#rrggbb`."""
    red, green, blue = (int(hexadecimal[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return (red, green, blue, 1.0)


def unit(width: float, height: float) -> float:
    """How many pixels of a window one pixel of the reference is: every size and font size is multiplied by it."""
    return max(min(width, height) / REFERENCE_PIXELS, 0.1)


def contrast(one: Colour, other: Colour) -> float:
    """The contrast of two opaque colours by WCAG 2: 1 (none) to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(of: Colour) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in of[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# ---- colours ----------------------------------------------------------------

GROUND = colour("#eef3fa")
"""The page behind everything."""
SURFACE = colour("#ffffff")
"""Cards and tiles."""
PRESSED = colour("#ffe7b0")
"""A tile under the finger; also the row that was called just now."""
LINE = colour("#b9c7dc")
"""Borders and rules; never text."""

INK = colour("#0b1f3a")
"""Text on GROUND, SURFACE, PRESSED and ACCENT."""
INK_SOFT = colour("#364761")
"""Secondary text on GROUND and SURFACE."""

DEEP = colour("#0b2f6b")
"""Deep blue: header, footer, headings on GROUND and SURFACE."""
DEEPER = colour("#071f49")
"""The darkest blue: wall ground, pressed state of DEEP."""
ON_DEEP = colour("#ffffff")
"""Text on DEEP and DEEPER."""
ON_DEEP_SOFT = colour("#cfdcf2")
"""Secondary text on DEEP and DEEPER."""

ACCENT = colour("#ffc53d")
"""Warm gold: the one thing to touch or to see now; text on it is INK; it is text itself only on DEEP and DEEPER."""
ACCENT_PRESSED = colour("#ffdb86")
"""ACCENT under the finger."""

WARNING = colour("#ffe9d6")
"""Ground of a notice that something is wrong; text on it is WARNING_INK or INK."""
WARNING_INK = colour("#7a2600")
"""Dark orange-brown: text of a warning on WARNING, SURFACE or GROUND."""
GOOD = colour("#0a5a36")
"""Dark green: text of something well done on SURFACE or GROUND; text on it is ON_DEEP."""

RING = ACCENT
"""Within a line of INK: what the three keys stand on; never text."""

READABLE = [
    ("INK", "GROUND"),
    ("INK", "SURFACE"),
    ("INK", "PRESSED"),
    ("INK", "ACCENT"),
    ("INK", "ACCENT_PRESSED"),
    ("INK", "WARNING"),
    ("INK_SOFT", "GROUND"),
    ("INK_SOFT", "SURFACE"),
    ("DEEP", "GROUND"),
    ("DEEP", "SURFACE"),
    ("ON_DEEP", "DEEP"),
    ("ON_DEEP", "DEEPER"),
    ("ON_DEEP", "GOOD"),
    ("ON_DEEP_SOFT", "DEEP"),
    ("ON_DEEP_SOFT", "DEEPER"),
    ("ACCENT", "DEEP"),
    ("ACCENT", "DEEPER"),
    ("WARNING_INK", "WARNING"),
    ("WARNING_INK", "SURFACE"),
    ("WARNING_INK", "GROUND"),
    ("GOOD", "SURFACE"),
    ("GOOD", "GROUND"),
]
"""Every pair (text, ground) that the screens may use, by the names of their colours."""

NORMAL: dict[str, Colour] = {
    name: globals()[name] for name in sorted({name for pair in READABLE for name in pair} | {"LINE", "RING"})
}
"""The colours above by their names."""

HIGH_CONTRAST: dict[str, Colour] = {
    "GROUND": colour("#000000"),
    "SURFACE": colour("#000000"),
    "PRESSED": colour("#4a3c00"),
    "LINE": colour("#ffffff"),
    "INK": colour("#ffffff"),
    "INK_SOFT": colour("#fff3a8"),
    "DEEP": colour("#ffe600"),
    "DEEPER": colour("#ffffff"),
    "ON_DEEP": colour("#000000"),
    "ON_DEEP_SOFT": colour("#1c1c1c"),
    "ACCENT": colour("#003a99"),
    "ACCENT_PRESSED": colour("#5a2a00"),
    "WARNING": colour("#5c0000"),
    "WARNING_INK": colour("#ffd21f"),
    "GOOD": colour("#7dffb0"),
    "RING": colour("#ffe600"),
}
"""The same names for who sees little: yellow and white on black; what can be touched has a yellow edge."""

# ---- sizes in pixels of the reference: multiply by `unit(width, height)` -----

TEXT_SMALL = 28
"""The smallest text at all: footnotes."""
TEXT = 34
TEXT_LARGE = 42
HEADING = 56
TITLE = 72
NUMBER_LARGE = 150
NUMBER_HUGE = 300

GAP = 12
SPACE = 24
MARGIN = 40
RADIUS = 18
BORDER = 2
HIGH = False
"""Whether this is the theme of high contrast."""
ZOOM = 1.0
"""How much larger text is than usual."""
TEXT_SIZES = (1.0, 1.2, 1.4)
"""What the citizen may choose: text so many times as large as usual."""

TOUCH = 120
"""The least side of anything to touch: 20 mm or more on a 21 inch screen."""
FINGER = 84
"""What a finger of 20 mm needs on a screen of 21 inch: nothing is made lower to make room for something else."""
HEADER = 168
FOOTER = 132
