"""Small pictures and films, made where a test needs them."""

from pathlib import Path

from ffpyplayer.pic import Image as Frame
from ffpyplayer.writer import MediaWriter
from PIL import Image

RED, GREEN = (200, 30, 30), (30, 160, 60)


def picture(path: Path, size: tuple[int, int] = (64, 48), colour: tuple[int, int, int] = RED) -> Path:
    Image.new("RGB", size, colour).save(path)
    return path


def film(path: Path, frames: int = 5, size: tuple[int, int] = (64, 48), rate: int = 25) -> Path:
    """A film of one colour that grows lighter."""
    stream = {
        "pix_fmt_in": "rgb24",
        "pix_fmt_out": "yuv420p",
        "width_in": size[0],
        "height_in": size[1],
        "codec": "mpeg4",
    }
    writer = MediaWriter(str(path), [stream | {"frame_rate": (rate, 1)}])
    for at in range(frames):
        pixels = bytes([min(255, 100 + at * 5), 60, 40]) * (size[0] * size[1])
        writer.write_frame(img=Frame(plane_buffers=[pixels], pix_fmt="rgb24", size=size), pts=at / rate, stream=0)
    writer.close()
    return path
