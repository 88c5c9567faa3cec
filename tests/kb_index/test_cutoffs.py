"""Choosing cut-offs for a share of wrong answers."""

import os

import pytest

from kb_index.calibration import (
    FILE_NAME,
    Calibration,
    LocaleCalibration,
    Measured,
    Scale,
    load_calibration,
    logit,
)
from kb_index.confidence import Confidence
from kb_index.cutoffs import Curve, Cutoffs, Outcome, Point, choose_cutoffs, draw_curve, thin_out
from kb_index.errors import CalibrationBroken
from kb_index.locales import LOCALES
from kb_index.site_cutoffs import SiteCutoffs


def many(n, confidence, *, answerable=True, right=True):
    return [Outcome(confidence, answerable, right)] * n


#: 100 at 0.95 of which 4 are wrong, 100 at 0.7 of which 20 are, 200 unanswerable at 0.1.
ANSWERS = draw_curve(
    [
        *many(96, 0.95),
        *many(4, 0.95, right=False),
        *many(80, 0.7),
        *many(20, 0.7, right=False),
        *many(200, 0.1, answerable=False, right=False),
    ]
)
#: 100 at 0.8 of which 70 hold the right article, 100 at 0.5 of which 40 do, 100 at 0.2 in vain.
LISTS = draw_curve(
    [
        *many(70, 0.8),
        *many(30, 0.8, right=False),
        *many(40, 0.5),
        *many(60, 0.5, right=False),
        *many(100, 0.2, answerable=False, right=False),
    ]
)
KNOWN = LocaleCalibration(Measured(ANSWERS, Scale(2.0, -0.5)), Measured(LISTS))


def test_a_curve_counts_what_happens_at_each_confidence():
    curve = draw_curve([*many(1, 0.4, right=False), *many(1, 0.9), *many(1, 0.4)])

    assert curve.points == (Point(0.9, 1, 1, 1, 0.9), Point(0.4, 3, 3, 2, pytest.approx(1.7)))
    assert curve.answerable == 3
    assert [curve.coverage(point) for point in curve.points] == pytest.approx([1 / 3, 1])


def test_the_wrong_share_is_drawn_towards_what_the_confidences_expect():
    (point,) = draw_curve(many(10, 0.9, right=False)).points

    # ten of ten were wrong; twenty more that are expected to be wrong by 0.1 stand beside them
    assert Curve((point,), 10).wrong(point) == pytest.approx((10 + 20 * 0.1) / 30)


@pytest.mark.parametrize(
    ("target", "cutoffs"), [(0.05, Cutoffs(0.95, 0.8)), (0.2, Cutoffs(0.7, 0.8))]
)
def test_the_lowest_cut_off_that_keeps_to_the_target_is_chosen(target, cutoffs):
    assert choose_cutoffs(ANSWERS, LISTS, target=target) == cutoffs


def test_nothing_is_answered_where_no_cut_off_keeps_to_the_target():
    assert choose_cutoffs(ANSWERS, LISTS, target=0.001).answer > 1


def test_a_thinned_curve_keeps_its_ends():
    curve = draw_curve([Outcome(number / 1000, True, True) for number in range(1000)])

    thinned = thin_out(curve, points=20)

    assert len(thinned.points) == 20
    assert (thinned.points[0], thinned.points[-1]) == (curve.points[0], curve.points[-1])
    assert thin_out(thinned, points=20) is thinned


def test_a_calibration_is_read_as_it_was_written(tmp_path):
    written = Calibration({"en": KNOWN}, "questions of ours")
    written.write(tmp_path / FILE_NAME)

    assert load_calibration(tmp_path) == written


def test_what_comes_with_baton_has_every_locale_and_answers_something(tmp_path):
    shipped = load_calibration(tmp_path)

    assert set(shipped.locales) == set(LOCALES)
    for locale in LOCALES:
        cutoffs = shipped.of(locale).cutoffs(target=0.05)
        assert 0 < cutoffs.clarify < 1
        assert 0 < cutoffs.answer < 1


def test_a_locale_of_which_nothing_is_known_is_as_careful_as_the_most_careful():
    easy = Measured(draw_curve(many(1000, 0.9)))
    calibration = Calibration({"en": LocaleCalibration(easy, easy), "ru": KNOWN}, "")

    assert calibration.of("ko") is KNOWN


def test_a_scale_moves_the_logit():
    found = KNOWN.scaled(Confidence(covered=0.7, right=0.4))

    assert logit(found.right) == pytest.approx(2.0 * logit(0.4) - 0.5)
    assert found.covered == pytest.approx(0.7)
    assert 0 <= Scale(3.0, 1.0).apply(0.0) < Scale(3.0, 1.0).apply(1.0) <= 1


@pytest.mark.parametrize(
    "content",
    ["{", "3", '{"formula": 1, "source": "", "locales": {}}', '{"formula": 1, "locales": []}'],
)
def test_a_broken_calibration_is_named_with_the_remedy(tmp_path, content):
    (tmp_path / FILE_NAME).write_text(content)

    with pytest.raises(CalibrationBroken, match="baton kb calibrate"):
        load_calibration(tmp_path)


def test_a_new_calibration_is_used_at_once_and_a_broken_one_is_not(tmp_path, caplog):
    site = SiteCutoffs(tmp_path, target=0.05)
    Calibration({"en": KNOWN}, "").write(tmp_path / FILE_NAME)

    site.refresh_if_changed()

    assert site.of("en") == Cutoffs(0.95, 0.8)

    (tmp_path / FILE_NAME).write_text("{")
    os.utime(tmp_path / FILE_NAME, ns=(1, 1))
    site.refresh_if_changed()

    assert site.of("en") == Cutoffs(0.95, 0.8)
    assert "baton kb calibrate" in caplog.text
