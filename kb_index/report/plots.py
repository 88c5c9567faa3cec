"""The three plots that show what a confidence is worth."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kb_index.metrics.calibration_error import reliability
from kb_index.metrics.coverage import Judged, risk_coverage
from kb_index.report.svg import Plot, legend

#: Bars of the histogram, of equal width.
BARS = 20
#: Steps of the histogram's upper end, so that its ticks are whole numbers.
_STEP = 4


def risk_coverage_plot(judged: Sequence[Judged], *, cut: float) -> Markup:
    """Plot the share of answers that are wrong over the share of questions answered.

    `cut` is the confidence from which Baton answers; a dot shows where that is.
    """
    points = risk_coverage(judged)
    plot = Plot(
        "Risk and coverage",
        "How the share of wrong answers grows as more of the answerable questions are answered",
        "answerable questions answered",
        "wrong among the answers",
    )
    plot.line([(0, 0.2), (1, 0.2)], "rule")
    plot.line([(0, 0.05), (1, 0.05)], "rule")
    plot.line([(point.coverage, point.risk) for point in points], "curve")
    meanings = [("curve", "every possible cut-off"), ("rule", "5 % and 20 % wrong")]
    kept = [point for point in points if point.cut >= cut]
    if kept:
        now = kept[-1]
        tip = f"{now.coverage:.0%} answered, {now.risk:.0%} of the answers wrong"
        plot.dots([(now.coverage, now.risk)], "now", [tip])
        meanings.insert(1, ("now", f"Baton's cut-off, {cut:.2f}"))
    return plot.render() + legend(meanings)


def reliability_plot(judged: Sequence[Judged]) -> Markup:
    """Plot how often the first article was right over how probable that was said to be."""
    bins = reliability([one.confidence for one in judged], [one.right for one in judged])
    plot = Plot(
        "Reliability",
        "Share of right first articles over the stated confidence, in bins of equally many",
        "stated confidence",
        "first article right",
    )
    plot.line([(0, 0), (1, 1)], "rule")
    points = [(one.confidence, one.right) for one in bins]
    tips = [f"{one.n} questions: said {one.confidence:.0%}, was {one.right:.0%}" for one in bins]
    plot.line(points, "curve")
    plot.dots(points, "curve", tips)
    return plot.render() + legend(
        [("curve", "bins of equally many questions"), ("rule", "perfectly calibrated")]
    )


def confidence_histogram(judged: Sequence[Judged], *, cut: float) -> Markup:
    """Plot how many questions there are of each confidence: right, wrong, without an answer."""
    kinds = [
        ("right", [one.confidence for one in judged if one.right]),
        ("wrong", [one.confidence for one in judged if one.answerable and not one.right]),
        ("none", [one.confidence for one in judged if not one.answerable]),
    ]
    counts = {style: _count(values) for style, values in kinds}
    highest = max(sum(bars) for bars in zip(*counts.values(), strict=True))
    plot = Plot(
        "Confidence of questions with and without an answer",
        "Number of questions of each confidence, by what became of them",
        "confidence",
        "questions",
        y_end=max(_STEP, -(-highest // _STEP) * _STEP),
        percent=False,
    )
    for number in range(BARS):
        base = 0
        for style, _ in kinds:
            height = counts[style][number]
            if height:
                plot.bar(number / BARS, (number + 0.86) / BARS, height, style, base=base)
            base += height
    if cut <= 1:  # above: nothing is answered
        plot.upright(cut, "answers from here")
    return plot.render() + legend(
        [
            ("right", "right article first"),
            ("wrong", "wrong article first"),
            ("none", "no article answers"),
        ]
    )


def _count(values: Sequence[float]) -> list[int]:
    counts = [0] * BARS
    for value in values:
        counts[min(int(value * BARS), BARS - 1)] += 1
    return counts
