"""The gates on public competition data: all 322 series are fitted once; absent data skips them."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import stdtrit

from pipelines.forecast.batch import forecast_many
from pipelines.forecast.combination import CONSTANTS
from pipelines.forecast.intervals import DEGREES, Distribution

SHARED = Path(__file__).resolve().parents[4] / "shared" / "forecast"
DATA, SCORER = SHARED / "dev_m3_yearly.csv", SHARED / "score.py"

pytestmark = pytest.mark.skipif(not (DATA.exists() and SCORER.exists()), reason="the development set is not at hand")


def scores(frame, folder):
    forecasts, found = folder / "forecasts.csv", folder / "scores.json"
    frame.to_csv(forecasts, index=False)
    command = [sys.executable, str(SCORER), str(forecasts), str(DATA), "--json", str(found)]
    subprocess.run(command, check=True, capture_output=True)
    return json.loads(found.read_text())[0]


def rescale(frame, constants):
    """Other constants around the same fits: the scale is read back from the upper limit."""
    steps = frame["h"].to_numpy(float)
    ratio = CONSTANTS[constants].at(steps) / CONSTANTS["narrow"].at(steps)
    scales = (frame["hi95"] - frame["mean"]) / stdtrit(DEGREES, 0.975) * ratio
    distribution = Distribution(tuple(frame["mean"]), tuple(scales))
    (lo80, hi80), (lo95, hi95) = distribution.interval(80), distribution.interval(95)
    return frame.assign(lo80=lo80, hi80=hi80, lo95=lo95, hi95=hi95)


@pytest.fixture(scope="module")
def batch():
    return forecast_many(pd.read_csv(DATA), horizon=6, constants="narrow", jobs=2)


@pytest.fixture(scope="module")
def narrow(batch, tmp_path_factory):
    return scores(batch.frame, tmp_path_factory.mktemp("narrow"))


def test_no_series_is_refused(batch):
    assert batch.refused == ()
    assert set(batch.frame["model"]) == {"median"}


def test_points_beat_the_last_value_by_a_sixth(narrow):
    assert narrow["OWA"] <= 0.840


def test_narrow_bands_cover_what_they_say(narrow):
    assert 0.76 <= narrow["cover80"] <= 0.87
    assert 0.93 <= narrow["cover95"] <= 0.98


def test_narrow_bands_score_well(narrow):
    assert narrow["MSIS95"] <= 19.7


def test_shipped_bands_are_wide_on_purpose_and_cost_little(batch, narrow, tmp_path):
    observations = pd.read_csv(DATA)
    one = observations[observations["series_id"] == observations["series_id"].iloc[0]]
    frame = rescale(batch.frame, "shipped")
    direct = forecast_many(one, horizon=6, constants="shipped").frame
    rescaled = frame[frame["series_id"] == one["series_id"].iloc[0]]
    assert np.allclose(rescaled.select_dtypes("number"), direct.select_dtypes("number"))
    shipped = scores(frame, tmp_path)
    assert shipped["MSIS95"] <= 20.2
    assert shipped["cover80"] > narrow["cover80"] and shipped["cover95"] > narrow["cover95"]
