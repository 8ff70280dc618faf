"""The drawings of the pictograms: strokes and areas on a field of 24 by 24, y grows downwards."""

import math
from dataclasses import dataclass

FIELD = 24.0
PEN = 1.9
"""The usual width of a stroke: 7.6 px of a picture of 96."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Stroke:
    """A line through points, round at its ends; `cut`: takes away instead."""

    points: tuple[Point, ...]
    width: float = PEN
    cut: bool = False


@dataclass(frozen=True)
class Area:
    """A filled polygon."""

    points: tuple[Point, ...]
    cut: bool = False


@dataclass(frozen=True)
class Disc:
    """A filled circle."""

    x: float
    y: float
    radius: float
    cut: bool = False


@dataclass(frozen=True)
class Box:
    """A filled rectangle with round corners."""

    x: float
    y: float
    width: float
    height: float
    radius: float = 1.0
    cut: bool = False


Shape = Stroke | Area | Disc | Box


def _line(*numbers: float, width: float = PEN, cut: bool = False) -> Stroke:
    return Stroke(tuple(zip(numbers[::2], numbers[1::2], strict=True)), width, cut)


def _area(*numbers: float, cut: bool = False) -> Area:
    return Area(tuple(zip(numbers[::2], numbers[1::2], strict=True)), cut)


def _arc(x: float, y: float, radius: float, first: float, last: float, width: float = PEN, high: float = 0.0) -> Stroke:
    """A part of a circle, or of an ellipse `high` instead of `radius` high; degrees, 0 is right, 90 is down."""
    steps = max(int(abs(last - first) / 5), 2)
    turns = [math.radians(first + (last - first) * at / steps) for at in range(steps + 1)]
    return Stroke(tuple((x + radius * math.cos(t), y + (high or radius) * math.sin(t)) for t in turns), width)


def _frame(x: float, y: float, width: float, height: float, radius: float = 1.6) -> tuple[Box, Box]:
    """The outline of a rectangle."""
    inner = Box(x + PEN, y + PEN, width - 2 * PEN, height - 2 * PEN, max(radius - PEN, 0.4), cut=True)
    return Box(x, y, width, height, radius), inner


def _person(x: float, y: float, size: float) -> tuple[Shape, ...]:
    """Head and shoulders; `y` is the top of the head, `size` the radius of the head."""
    middle, foot = y + 4.5 * size, y + 5.7 * size
    shoulders = _arc(x, middle, 2 * size, 180, 360).points
    return Disc(x, y + size, size), Area((*shoulders, (x + 2 * size, foot), (x - 2 * size, foot)))


_PAPER = (*_frame(4.5, 2, 15, 20),)

SHAPES: dict[str, tuple[Shape, ...]] = {
    "birth": (
        _arc(12, 11.5, 8, 0, 360),
        _arc(12, 4.2, 2.2, 90, 330, 1.6),
        Disc(9, 11, 1.3),
        Disc(15, 11, 1.3),
        _arc(12, 13.2, 3.2, 25, 155, 1.7),
        Disc(3.4, 12, 1.6),
        Disc(20.6, 12, 1.6),
    ),
    "building": (
        Box(5, 2, 14, 20, 1.2),
        *(Box(x, y, 2.6, 2.6, 0.3, cut=True) for y in (4.8, 9.2, 13.6) for x in (7.4, 10.7, 14)),
        Box(10.2, 18, 3.6, 4, 0.3, cut=True),
        _line(2, 22, 22, 22),
    ),
    "business": (
        _area(4.5, 3, 19.5, 3, 22, 9, 2, 9),
        *(Disc(x, 9, 2.0) for x in (4, 8, 12, 16, 20)),
        *(_line(x, 3.5, x + lean, 9, width=1.0, cut=True) for x, lean in ((9, -1), (12, 0), (15, 1))),
        Box(4, 10, 16, 12, 0.8),
        Box(6, 13, 12, 7.2, 0.4, cut=True),
        Box(12.6, 13, 5.4, 9, 0.4),
        Disc(14.2, 17.6, 0.8, cut=True),
    ),
    "car": (
        _area(5.6, 10.5, 7.8, 5.2, 16.2, 5.2, 18.4, 10.5),
        _area(8.1, 9.8, 9.2, 7, 14.8, 7, 15.9, 9.8, cut=True),
        Box(2.4, 10, 19.2, 8, 2.2),
        Disc(6.2, 13.8, 1.4, cut=True),
        Disc(17.8, 13.8, 1.4, cut=True),
        _line(9.8, 14.6, 14.2, 14.6, width=1.3, cut=True),
        Box(3.6, 16.5, 3.6, 4.4, 1),
        Box(16.8, 16.5, 3.6, 4.4, 1),
    ),
    "card": (
        *_frame(1.5, 4.5, 21, 15, 2.2),
        *_person(7.6, 8, 1.6),
        _line(13.4, 9.6, 19, 9.6, width=1.7),
        _line(13.4, 12.6, 19, 12.6, width=1.7),
        _line(13.4, 15.6, 17, 15.6, width=1.7),
    ),
    "child": (
        Disc(8, 4.4, 2.7),
        Area(((4.6, 9), (11.4, 9), (12.2, 15.5), (10.4, 15.5), (10.4, 22), (5.6, 22), (5.6, 15.5), (3.8, 15.5))),
        Disc(17.5, 10.8, 2.1),
        Area(((15, 14.2), (20, 14.2), (20.8, 18.6), (19.4, 18.6), (19.4, 22), (15.6, 22), (15.6, 18.6), (14.2, 18.6))),
        _line(11, 10, 13.4, 14.2, 15.6, 15, width=1.6),
    ),
    "dossier": (
        Box(6, 2.4, 12, 12, 0.8),
        _line(8.6, 5.6, 15.4, 5.6, width=1.2, cut=True),
        _line(8.6, 8.4, 15.4, 8.4, width=1.2, cut=True),
        Box(1.8, 8.8, 6, 4, 1, cut=True),
        _area(2, 9.6, 8.4, 9.6, 10.4, 12, 22, 12, 22, 21.6, 2, 21.6, cut=True),
        Box(1.8, 10.2, 7.4, 6, 1.4),
        Box(1.8, 12.8, 20.4, 9, 1.4),
    ),
    "education": (
        _area(12, 3.6, 23.4, 9, 12, 14.4, 0.6, 9),
        _area(5.6, 12.4, 12, 15.6, 18.4, 12.4, 18.4, 17.4, 12, 20.4, 5.6, 17.4),
        _line(5, 12.3, 12, 15.5, 19, 12.3, width=0.9, cut=True),
        _line(21.4, 9.8, 21.4, 17, width=1.5),
        Disc(21.4, 18, 1.5),
    ),
    "farm": (
        _line(12, 22, 12, 10.6),
        _area(12, 14.6, 8.6, 14.2, 5.2, 12.4, 3.2, 9.6, 2.4, 6, 6.2, 6, 9.4, 7.4, 11.4, 10.2),
        _area(12, 11.4, 12.6, 7.2, 14.8, 4.2, 18, 2.6, 21.8, 2.4, 21.6, 6, 20, 9, 16.8, 11.2),
        _line(12, 11.4, 17.4, 6.4, width=0.9, cut=True),
        _line(11.6, 14.2, 6.2, 9, width=0.9, cut=True),
        _line(3, 22, 21, 22),
    ),
    "health": (Box(8.4, 2, 7.2, 20, 0.4), Box(2, 8.4, 20, 7.2, 0.4)),
    "house": (
        _line(2, 12.2, 12, 3, 22, 12.2, width=2.3),
        _area(5, 12.4, 12, 6, 19, 12.4, 19, 21.8, 5, 21.8),
        Box(9.8, 14.4, 4.4, 7.6, 0.5, cut=True),
        Box(16.4, 3.6, 2.4, 5, 0.4),
    ),
    "land": (
        _area(5.6, 13, 18.4, 13, 23, 22, 1, 22),
        _line(9.9, 13.4, 8.6, 21.6, width=1.1, cut=True),
        _line(14.4, 13.4, 16, 21.6, width=1.1, cut=True),
        _line(3, 17.2, 21, 17.2, width=1.1, cut=True),
        Disc(12, 7.4, 6.8, cut=True),
        _area(6.4, 9, 17.6, 9, 12, 18.4, cut=True),
        Disc(12, 7, 5.4),
        _area(7.1, 9.2, 16.9, 9.2, 12, 16.6),
        Disc(12, 7, 2.2, cut=True),
    ),
    "money": (
        *_frame(1.2, 3.6, 21.6, 12.4, 1.6),
        Disc(12, 9.8, 3.1),
        Disc(5.3, 9.8, 1.1),
        Disc(18.7, 9.8, 1.1),
        _line(3.4, 18.6, 20.6, 18.6, width=1.7),
        _line(5.6, 21.4, 18.4, 21.4, width=1.7),
    ),
    "passport": (
        Box(4, 1.6, 16, 20.8, 2),
        Disc(12, 9.6, 5.0, cut=True),
        _arc(12, 9.6, 4.3, 0, 360, 1.1),
        _arc(12, 9.6, 1.9, 0, 360, 1.1, 4.3),
        _line(8, 9.6, 16, 9.6, width=1.1),
        _line(8, 18.4, 16, 18.4, width=1.7, cut=True),
    ),
    "people": (
        *_person(5.2, 6.2, 2.1),
        *_person(18.8, 6.2, 2.1),
        Disc(12, 6.4, 4.0, cut=True),
        _area(4.9, 23, 4.9, 16, 7, 12.2, 17, 12.2, 19.1, 16, 19.1, 23, cut=True),
        *_person(12, 3.4, 3.0),
    ),
    "post": (
        *_frame(1.5, 4.5, 21, 15, 1.8),
        _line(3, 6.6, 12, 13.4, 21, 6.6),
    ),
    "question": (
        Box(1.6, 2, 20.8, 16, 3.4),
        _area(5.6, 17, 12, 17, 5.6, 22.6),
        Stroke((*_arc(12, 7.8, 2.7, -165, 45).points, (12, 11.6)), 1.9, cut=True),
        Disc(12, 14.8, 1.25, cut=True),
    ),
    "result": (
        *_PAPER,
        _line(8.2, 6.6, 15.8, 6.6, width=1.7),
        _line(8.2, 9.8, 12.4, 9.8, width=1.7),
        _line(8.4, 15.2, 11.2, 18, 16, 12.2, width=2.2),
    ),
    "stamp": (
        Disc(12, 5, 3.6),
        _area(10.2, 6, 13.8, 6, 14.6, 13, 9.4, 13),
        Box(4, 12, 16, 5, 1.8),
        Box(3, 19.2, 18, 2.8, 0.8),
    ),
    "work": (
        *_frame(8, 2.8, 8, 7, 1.6),
        Box(1.8, 6.8, 20.4, 14.4, 2),
        _line(1.8, 13.4, 22.2, 13.4, width=1.1, cut=True),
        Box(10, 11.8, 4, 3.4, 0.6, cut=True),
        Box(11, 12.6, 2, 1.8, 0.4),
    ),
    "search": (_arc(9.8, 9.8, 7, 0, 360, 2.4), _line(15.4, 15.4, 21.4, 21.4, width=3)),
    "text": (
        _line(1.6, 20, 8.1, 4, 14.6, 20, width=2.5),
        _line(4.2, 15, 12, 15, width=2.3),
        _line(15.4, 20, 19, 11, 22.6, 20, width=1.9),
        _line(16.8, 17.2, 21.2, 17.2, width=1.7),
    ),
    "contrast": (Disc(12, 12, 10), Area((*_arc(12, 12, 8.1, -90, 90).points,), cut=True)),
    "low": (
        *_frame(6.6, 1, 10.8, 22, 1.8),
        Box(8.4, 12.4, 7.2, 8.8, 0.6),
        _line(12, 4.2, 12, 9.2, width=1.6),
        _line(9.8, 7.4, 12, 9.6, 14.2, 7.4, width=1.6),
    ),
    "listen": (
        _area(1.6, 8.6, 6, 8.6, 11.8, 3.4, 11.8, 20.6, 6, 15.4, 1.6, 15.4),
        _arc(12, 12, 4.4, -50, 50),
        _arc(12, 12, 8.6, -50, 50),
    ),
    "quiet": (
        _area(1.6, 8.6, 6, 8.6, 11.8, 3.4, 11.8, 20.6, 6, 15.4, 1.6, 15.4),
        _line(15.4, 9, 21.8, 15.4, width=2.1),
        _line(21.8, 9, 15.4, 15.4, width=2.1),
    ),
    "next": (_line(3, 12, 20, 12, width=2.6), _line(13, 5, 20.4, 12, 13, 19, width=2.6)),
    "choose": (_line(3.4, 12.8, 9.6, 19, 20.6, 5.4, width=3),),
    "repeat": (_arc(12, 12.6, 8, -20, -320, 2.4), _area(21.6, 3.6, 21.6, 11.6, 13.8, 10.6)),
}
"""Every picture by its name: those of `config.settings.PICTOGRAMS`, and those of the switches."""
