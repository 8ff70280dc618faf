"""Pictures: read from a file, upright, and no larger than their place."""

import warnings
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from display.media.pixels import BrokenMedia, Pixels

MOST_PIXELS = 100_000_000
"""Larger pictures are not decoded: they would take a small computer's memory."""
_MOVING = ("GIF", "PNG", "WEBP")
"""The formats whose pictures may move; in others further pictures are another page, or the same for other eyes."""
_GROUND = (255, 255, 255)
"""What is seen through transparent pictures; most of those are made for paper."""


def is_still(path: Path) -> bool:
    """Whether a file is a picture that does not move."""
    try:
        with _opened(path) as picture:
            return picture.format not in _MOVING or not getattr(picture, "is_animated", False)
    except Image.DecompressionBombError:
        return True
    except (UnidentifiedImageError, OSError, ValueError):
        return False


def read_still(path: Path, box: tuple[int, int]) -> Pixels:
    """A picture scaled down to fit a box (pixels), never up; raises BrokenMedia."""
    try:
        with _opened(path) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise BrokenMedia(f"{picture.width}x{picture.height} pixels are too many")
            picture.draft("RGB", (2 * box[0], 2 * box[1]))
            fitting = ImageOps.exif_transpose(picture)
            fitting.thumbnail(box, Image.Resampling.LANCZOS)
            return Pixels(fitting.size, _plain(fitting).tobytes())
    except (OSError, ValueError, SyntaxError, MemoryError, Image.DecompressionBombError) as fault:
        raise BrokenMedia(str(fault)) from fault


def _opened(path: Path) -> Image.Image:
    """The picture before it is decoded; that it is large is looked at by `read_still`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        return Image.open(path)


def _plain(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    seen = picture.convert("RGBA")
    ground = Image.new("RGB", seen.size, _GROUND)
    ground.paste(seen, mask=seen.getchannel("A"))
    return ground
