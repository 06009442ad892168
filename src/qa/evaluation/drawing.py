"""Shapes of the page's pictures: axes, bars, legends, as SVG that the page styles."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Sequence

# Lengths are in the SVG's units, about a pixel on a phone.
WIDTH, ROW = 420, 18
PLOT_LEFT, PLOT_WIDTH, PLOT_HEIGHT = 48, 360, 190
LABEL_WIDTH, BAR_WIDTH, BAR_HEIGHT, BAR_STEP, GROUP_GAP = 152, 192, 10, 13, 10
SERIES = 6  # styles that the page has; more series begin anew
_NICE = (0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
_SAMPLE = 22
_CHARACTER, _LABEL_CHARACTERS, _NAME_CHARACTERS = 7, 16, 32


@dataclass(frozen=True)
class Plot:
    """The area between axes: across from 0 to 1, upwards from low to high, which are shown without a sign. above is its upper edge."""

    above: float
    low: float
    high: float

    @property
    def below(self) -> float:
        """Return where the lower edge is."""
        return self.above + PLOT_HEIGHT

    def x(self, value: float) -> float:
        """Return where value is across."""
        return PLOT_LEFT + value * PLOT_WIDTH

    def y(self, value: float) -> float:
        """Return where value is upwards."""
        return self.below - (value - self.low) / (self.high - self.low) * PLOT_HEIGHT

    def axes(self, across: str, upwards: str, *, is_share: bool = True) -> list[Markup]:
        """Return grid lines with their figures and the axes' titles; is_share says whether what goes across is a percentage."""
        drawn = [text_at(across, self.x(1), self.below + 33, "title", "end"), text_at(upwards, 0, self.above - 9, "title")]
        for share in (0, 0.25, 0.5, 0.75, 1):
            value = self.low + share * (self.high - self.low)
            y = self.y(value)
            drawn.append(line(self.x(0), y, self.x(1), y, "grid"))
            drawn.append(text_at(f"{100 * abs(value):.3g}\u00a0%", PLOT_LEFT - 6, y + 3.5, "tick", "end"))
            figure = f"{100 * share:g}\u00a0%" if is_share else f"{share:g}"
            drawn.append(text_at(figure, self.x(share), self.below + 16, "tick", "middle"))
        return drawn


def bars(name: str, count: str, shares: Sequence[float], said: Sequence[str], y: float) -> list[Markup]:
    """Return a group of bars, one for each share in [0, 1], with its name, and the figure behind each."""
    middle = y + (len(shares) * BAR_STEP + BAR_HEIGHT - 2) / 2
    drawn = [
        text_at(_cut(name, _LABEL_CHARACTERS), 0, middle, "name"),
        text_at(count, LABEL_WIDTH - 10, middle, "count", "end"),
    ]
    for number, (share, text) in enumerate(zip(shares, said, strict=True)):
        top, width = y + number * BAR_STEP, share * BAR_WIDTH
        style = f"s{number % SERIES}"
        drawn.append(tag("rect", x=LABEL_WIDTH, y=top, width=width, height=BAR_HEIGHT, class_=style))
        drawn.append(text_at(text, LABEL_WIDTH + width + 5, top + BAR_HEIGHT - 0.5, "value"))
    return drawn


def legend(names: Sequence[str], style: str) -> tuple[Markup, float]:
    """Return samples of the series with their names, and how high they are; style with a series' number is its class."""
    x, y, drawn = 0.0, 0.0, []
    for number, name in enumerate(names):
        shown = _cut(name, _NAME_CHARACTERS)
        width = _SAMPLE + _CHARACTER * _columns(shown) + 14
        if x and x + width > WIDTH:
            x, y = 0.0, y + ROW
        which = f"{style}{number % SERIES}"
        sample = (
            line(x, y + 8, x + _SAMPLE - 6, y + 8, which)
            if "curve" in style
            else tag("rect", x=x, y=y + 3, width=_SAMPLE - 8, height=10, class_=which)
        )
        drawn += [sample, text_at(shown, x + _SAMPLE, y + 12, "name")]
        x += width
    return Markup().join(drawn), y + ROW + GROUP_GAP


def nice(value: float) -> float:
    """Return the end of an axis that reaches value."""
    return next((end for end in _NICE if end >= value), _NICE[-1])


def _cut(text: str, columns: int) -> str:
    """Return text, shortened where it takes more than so many columns."""
    shown = text
    while _columns(shown) > columns:
        shown = shown.removesuffix("…")[:-1] + "…"
    return shown


def _columns(text: str) -> int:
    """Return the width of text in Latin letters; Han characters and kana take two."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def line(x1: float, y1: float, x2: float, y2: float, style: str) -> Markup:
    """Return a line."""
    return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=style)


def text_at(text: str, x: float, y: float, style: str, anchor: str = "start") -> Markup:
    """Return words that begin (or, by anchor, end or are centred) at x."""
    return tag("text", text, x=x, y=y, class_=style, **({} if anchor == "start" else {"text-anchor": anchor}))


def tag(name: str, *content: str | Markup, **attributes: str | float) -> Markup:
    """Return an element; what is no Markup is escaped."""
    written = Markup().join(
        Markup(' {}="{}"').format(key.rstrip("_"), value if isinstance(value, str) else f"{value:.5g}")
        for key, value in attributes.items()
    )
    return Markup("<{}{}>{}</{}>").format(name, written, Markup().join(map(escape, content)), name)
