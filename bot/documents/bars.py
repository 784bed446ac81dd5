"""The bars of a table as a picture, for a file that cannot show our SVG.

Drawn to scale in centimetres, with the font that matplotlib brings: the same bars are the same
bytes on any machine. A number that is not shown is not in the picture.
"""

from io import BytesIO
from textwrap import wrap

from bot.documents.page import Bars

WIDTH_CM = 17.0
BAR_CM, GAP_CM, LINE_CM, KEY_CM = 0.42, 0.3, 0.45, 0.55
"""A bar, the room between rows, and a line of a row's name or of a bar's name above them all."""
NAMES, DRAWN = 0.4, 0.53
"""What of the width is for names and for the longest bar; the rest is for the number behind it."""
LETTERS = 32
"""Letters that fit on a line of a name."""
POINTS, DOTS_PER_INCH, CM_PER_INCH = 10, 150, 2.54
INK, PAPER, NOW, BEFORE = "#0b0c0c", "#ffffff", "#1d70b8", "#505a5f"
LOOKS = (
    {"facecolor": NOW, "edgecolor": NOW},
    {"facecolor": PAPER, "edgecolor": BEFORE, "hatch": "////"},
    {"facecolor": PAPER, "edgecolor": INK, "linewidth": 1.5},
    {"facecolor": PAPER, "edgecolor": INK, "hatch": "....."},
)
"""Of a row's bars, one after the other: none needs its colour to be told from the others."""


def bars_png(bars: Bars) -> bytes:
    """Return a PNG of the bars, as wide as the text and as high as its rows."""
    # Takes a second and 40 MB: only somebody who asks for a report waits for it.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

    # A fifth would look like one of the four: it is in the table only.
    series = list(zip(bars.names, bars.looks, strict=False))[: len(LOOKS)]
    labels = ["\n".join(wrap(_literal(name), LETTERS)) for name, _ in bars.rows]
    heights = [
        max(BAR_CM * len(series), LINE_CM * (label.count("\n") + 1)) + GAP_CM for label in labels
    ]
    top = KEY_CM * len(series) + GAP_CM
    height = top + sum(heights)
    middles = [sum(heights[:at]) + of / 2 for at, of in enumerate(heights)]
    most = max(
        (count or 0 for _, counts in bars.rows for count in counts[: len(series)]), default=0
    )

    figure = Figure((WIDTH_CM / CM_PER_INCH, height / CM_PER_INCH), DOTS_PER_INCH, PAPER)
    axes = figure.add_axes((NAMES, 0, DRAWN, 1 - top / height))
    for place, (_, look) in enumerate(series):
        above = BAR_CM * (place - (len(series) - 1) / 2)
        counts = [
            (middle + above, row[place])
            for middle, (_, row) in zip(middles, bars.rows, strict=True)
        ]
        shown = [(at, count) for at, count in counts if count is not None]
        drawn = axes.barh(
            [at for at, _ in shown], [count for _, count in shown], BAR_CM, **LOOKS[look]
        )
        axes.bar_label(drawn, padding=3, fontsize=POINTS, color=INK)
    axes.set(xlim=(0, max(most, 1)), ylim=(sum(heights), 0), xticks=[])
    axes.set_yticks(middles, labels, fontsize=POINTS, color=INK)
    axes.tick_params(length=0)
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.legend(
        [Patch(**LOOKS[look]) for _, look in series],
        [_literal(name) for name, _ in series],
        loc="lower left",
        bbox_to_anchor=(-NAMES / DRAWN, 1),
        frameon=False,
        fontsize=POINTS,
    )
    drawn_to = BytesIO()
    # The library's own name and version would change the bytes when it changes and the bars do not.
    FigureCanvasAgg(figure).print_png(drawn_to, metadata={"Software": None})
    return drawn_to.getvalue()


def _literal(text: str) -> str:
    """Return a text that is not read as a formula between two dollar signs."""
    return text.replace("$", r"\$")
