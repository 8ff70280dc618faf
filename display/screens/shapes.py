"""Shapes that are drawn rather than written, since the font lacks them."""

from math import cos, pi, sin

_INNER = 0.42


def star(x: float, y: float, radius: float) -> tuple[list[float], list[int]]:
    """Vertices (x, y, u, v) and indices of a triangle fan: a star with five points around a place."""
    corners = [(x, y)]
    for at in range(11):
        reach = radius if at % 2 == 0 else radius * _INNER
        angle = pi / 2 + at * pi / 5
        corners.append((x + reach * cos(angle), y + reach * sin(angle)))
    return [part for cx, cy in corners for part in (cx, cy, 0.0, 0.0)], list(range(len(corners)))
