"""The bars of a table as a picture, for a file that cannot show our SVG.

Drawn to scale in centimetres with matplotlib's own font, so that the same bars give the same bytes
on any machine. A hidden number is not in the picture.
"""

from io import BytesIO
from textwrap import wrap

from bot.documents.page import Bars

WIDTH_CM = 17.0
BAR_CM, GAP_CM, LINE_CM, KEY_CM = 0.42, 0.3, 0.45, 0.55
"""The heights of a bar, of the gap between rows, of a line of a row's name, and of the key."""
NAMES, DRAWN = 0.4, 0.53
"""The shares of the width for names and for the longest bar; the rest is for its number."""
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
"""The looks of a row's bars, in order, which can be told apart without colour."""


def bars_png(bars: Bars) -> bytes:
    """Return a PNG of the bars, as wide as the text and as high as its rows."""
    # The import takes a second and 40 MB, which only a report needs.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

    # A fifth bar would repeat a look: it is in the table only.
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
    # Without the library's name and version, so that an update of it leaves the bytes the same.
    FigureCanvasAgg(figure).print_png(drawn_to, metadata={"Software": None})
    return drawn_to.getvalue()


def _literal(text: str) -> str:
    """Return a text with its dollar signs escaped, which would enclose a formula."""
    return text.replace("$", r"\$")
