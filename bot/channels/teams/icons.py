"""Draw the two icons of a Teams app, like `bot/widget/icon.svg`, and read their size."""

import struct
import zlib
from collections.abc import Callable
from functools import cache
from itertools import pairwise

SIDE = 32.0
"""The drawing's own width and height."""
STEPS = ((6.0, 26.0), (11.0, 26.0), (11.0, 21.0), (16.0, 21.0), (16.0, 16.0), (21.0, 16.0),
         (21.0, 11.0), (26.0, 11.0), (26.0, 6.0))  # fmt: skip
STROKE = 3.0
BLUE = (0x14, 0x52, 0x8A)
WHITE = (0xFF, 0xFF, 0xFF)
COLOR_SIZE, OUTLINE_SIZE = 192, 32
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_FINE = 3
"""Samples per pixel in each direction, so that edges are smooth."""

Paint = Callable[[float], tuple[int, ...]]
"""The colour and opacity of a pixel, given the share that the steps cover."""


@cache
def color_icon() -> bytes:
    """Return the colour icon: white steps on blue, square, since Teams rounds the corners."""
    return _png(COLOR_SIZE, lambda share: (*_mixed(share), 255))


@cache
def outline_icon() -> bytes:
    """Return the outline icon: white steps on a transparent ground."""
    return _png(OUTLINE_SIZE, lambda share: (*WHITE, round(255 * share)))


def png_size(png: bytes) -> tuple[int, int]:
    """Return the width and height of a PNG; raises ValueError if it is not one."""
    if png[:8] != _SIGNATURE or png[12:16] != b"IHDR":
        raise ValueError("It is not a PNG.")
    width, height = struct.unpack(">II", png[16:24])
    return int(width), int(height)


def _png(side: int, paint: Paint) -> bytes:
    rows = b"".join(
        b"\0" + b"".join(bytes(paint(_share(x, y, side))) for x in range(side)) for y in range(side)
    )
    header = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(name, content) for name, content in chunks)


def _mixed(share: float) -> tuple[int, ...]:
    """Return the mixture of blue and a share of white."""
    return tuple(round(a + (b - a) * share) for a, b in zip(BLUE, WHITE, strict=True))


def _chunk(name: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + check


def _share(x: int, y: int, side: int) -> float:
    """Return the share of a pixel that the steps cover, 0 to 1."""
    places = [(n + 0.5) / _FINE for n in range(_FINE)]
    covered = sum(
        _on_steps((x + across) * SIDE / side, (y + down) * SIDE / side)
        for across in places
        for down in places
    )
    return covered / _FINE**2


def _on_steps(x: float, y: float) -> bool:
    half = STROKE / 2
    for (x1, y1), (x2, y2) in pairwise(STEPS):
        left, right, top, bottom = min(x1, x2), max(x1, x2), min(y1, y2), max(y1, y2)
        # At a corner both lines reach the other's outer edge; at the ends they are cut straight.
        along_x = half if right > left and (x1, y1) != STEPS[0] and (x2, y2) != STEPS[-1] else 0
        along_y = half if bottom > top and (x1, y1) != STEPS[0] and (x2, y2) != STEPS[-1] else 0
        wide_x, wide_y = (along_x, half) if right > left else (half, along_y)
        if left - wide_x <= x <= right + wide_x and top - wide_y <= y <= bottom + wide_y:
            return True
    return False
