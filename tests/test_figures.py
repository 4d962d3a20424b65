"""Figures: every speaker and claim is in them, Arabic from right to left, and what is missing is said."""

import sys

import numpy as np
import pytest

from contradict import Claim
from contradict.errors import FigureError, OptionError
from contradict.render.figures import wrapped

pytest.importorskip("matplotlib", minversion="3.11")


@pytest.fixture
def report(fake):
    return fake.compare(
        [
            Claim("the bridge was closed", speaker="Ann", lang="en", date="2020-01-01"),
            Claim("the bridge was not closed", speaker="Bob", lang="en", date="2020-01-02"),
            Claim("لم يُغلق الجسر the bridge was not closed", speaker="ليلى", lang="ar"),
        ]
    )


def texts(axes):
    return [text.get_text() for text in axes.texts]


def test_the_matrix_is_that_of_the_report(report):
    figure = report.plot_matrix("conflicts")
    axes, bar = figure.axes
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert sorted(names) == sorted(report.matrix().index)
    drawn = np.asarray(axes.images[0].get_array())
    assert (drawn == report.matrix().loc[names, names].to_numpy()).all()
    assert drawn.sum() > 0
    assert bar.get_ylabel() == "conflicts"
    figure.canvas.draw()  # a letter that no font has would be a warning, and warnings are errors here


def test_speakers_that_are_not_shown_are_counted(report):
    assert report.plot_matrix(limit=2).axes[0].get_xlabel() == "1 more speakers are not shown"
    assert report.plot_matrix().axes[0].get_xlabel() == ""


def test_a_time_line_has_every_claim_once_in_its_camp_and_on_its_day(report):
    dispute = report.disputes[0]
    figure = dispute.plot_timeline()
    days = [axes.get_title(loc="left") for axes in figure.axes if axes.get_title(loc="left")]
    assert days == ["2020-01-01", "2020-01-02", "no date"]
    assert len(figure.axes) == len(dispute.camps) * len(days)
    written = [text for axes in figure.axes for text in texts(axes)]
    assert sorted(written) == sorted(word for c in dispute.claims for word in (c.speaker, wrapped(c.text, 46, 3)))
    arabic = next(text for axes in figure.axes for text in axes.texts if text.get_text().startswith("لم"))
    assert arabic.get_ha() == "right"
    figure.canvas.draw()


def test_without_matplotlib_the_error_says_what_to_install(report, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(FigureError, match=r"pip install .contradict-claims\[figures\]"):
        report.plot_matrix()


def test_an_old_matplotlib_is_refused(report, monkeypatch):
    monkeypatch.setattr("matplotlib.__version__", "3.10.8")
    with pytest.raises(FigureError, match=r"3\.11.*3\.10\.8 is here"):
        report.disputes[0].plot_timeline()


def test_nothing_to_draw_and_a_wrong_name_are_errors(report, fake):
    with pytest.raises(FigureError, match="give the claims a speaker"):
        fake.compare(["one bridge", "another bridge"]).plot_matrix()
    with pytest.raises(OptionError, match="matrix of 'rows'"):
        report.plot_matrix("rows")
