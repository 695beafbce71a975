"""A plot with both axes logarithmic, as SVG text; nothing else is needed to draw or to read it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 860, 520
LEFT, RIGHT, TOP, BOTTOM = 70, 190, 44, 46
COLOURS = ("#3A3A3A", "#5C4BB5", "#00795C", "#6FA000", "#B84A00", "#0067AC", "#9C0060", "#74879C")
LINE_HEIGHT = 15


@dataclass(frozen=True, slots=True)
class Line:
    """Seconds of one part, one for each place along the bottom."""

    name: str
    seconds: Sequence[float]


def log_plot(title: str, along: Sequence[int], lines: Sequence[Line]) -> str:
    """The plot of some lines; below it stand the numbers `along`, at its left milliseconds."""
    all_ms = [seconds * 1e3 for line in lines for seconds in line.seconds]
    lowest, highest = (math.log10(value) for value in (min(all_ms), max(all_ms)))
    low, high = math.floor(lowest), math.ceil(highest)

    def x(number: float) -> float:
        part = math.log(number / along[0]) / math.log(along[-1] / along[0])
        return LEFT + part * (WIDTH - LEFT - RIGHT)

    def y(ms: float) -> float:
        return TOP + (high - math.log10(ms)) / (high - low) * (HEIGHT - TOP - BOTTOM)

    drawn = [_text(LEFT, 24, title, "start", bold=True)]
    for power in range(low, high + 1):
        at = y(10.0**power)
        drawn += [_rule(LEFT, at, WIDTH - RIGHT, at), _text(LEFT - 8, at + 4, f"{10.0**power:g}")]
    for number in along:
        drawn += [
            _rule(x(number), TOP, x(number), HEIGHT - BOTTOM),
            _text(x(number), HEIGHT - BOTTOM + 18, str(number), "middle"),
        ]
    drawn.append(_text(LEFT - 8, TOP - 12, "ms"))
    free = -math.inf
    ends = sorted(range(len(lines)), key=lambda at: -lines[at].seconds[-1])
    for at in ends:
        line, colour = lines[at], COLOURS[at % len(COLOURS)]
        points = [
            f"{x(number):.1f},{y(seconds * 1e3):.1f}"
            for number, seconds in zip(along, line.seconds, strict=True)
        ]
        drawn.append(
            f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" '
            'stroke-width="2"/>'
        )
        # Names that would lie on one another stand below one another.
        free = max(y(line.seconds[-1] * 1e3) + 4, free + LINE_HEIGHT)
        drawn.append(_text(WIDTH - RIGHT + 8, free, line.name, "start", colour=colour))
    inner = "\n".join(drawn)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'font-family="sans-serif" font-size="12">\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#FFFFFF"/>\n{inner}\n</svg>\n'
    )


def _rule(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#D5D9DE"/>'


def _text(
    x: float,
    y: float,
    words: str,
    anchor: str = "end",
    *,
    colour: str = "#16202A",
    bold: bool = False,
) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}"{weight}>'
        f"{escape(words)}</text>"
    )
