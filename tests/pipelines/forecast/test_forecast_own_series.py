from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipelines.errors import DataError
from pipelines.forecast.batch import forecast_many
from pipelines.forecast.own_series import BatchRefusal, read_csv, split_series
from pipelines.forecast.series import AnnualSeries

VALUES = (100 * np.exp(np.cumsum(np.random.default_rng(3).normal(0.03, 0.1, 14)))).round(2)
PLAIN = pd.DataFrame({"series_id": "a", "t": range(2000, 2014), "value": VALUES})
EXPECTED = AnnualSeries("a", tuple(range(2000, 2014)), tuple(VALUES.tolist()))


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "own.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    "text",
    [
        PLAIN.to_csv(index=False),
        PLAIN.sample(frac=1, random_state=1).to_csv(index=False),
        PLAIN.to_csv(index=False, sep=";", decimal=","),
        PLAIN.to_csv(index=False, sep=";"),
        PLAIN.to_csv(index=False, sep="\t", lineterminator="\r\n"),
        " series_id , t,value\n" + PLAIN.to_csv(index=False, header=False),
        PLAIN.assign(t=PLAIN["t"].astype(float), note="a,b").to_csv(),
        PLAIN.assign(t=PLAIN["t"].astype(str) + "-12-31").to_csv(index=False),
        PLAIN.assign(t=PLAIN["t"].astype(str) + "0630").to_csv(index=False),
        PLAIN.assign(t="31.12." + PLAIN["t"].astype(str)).to_csv(index=False),
        PLAIN.assign(t=PLAIN["t"].astype(str) + "-01-01T00:00:00").to_csv(index=False),
        "series_id,t,value\na,1999,\n" + PLAIN.to_csv(index=False, header=False),
        PLAIN.assign(split="train").to_csv(index=False) + "a,2014,7,Test\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_every_usual_form_of_a_file_gives_the_same_series(tmp_path: Path, text: str, encoding: str) -> None:
    assert split_series(read_csv(written(tmp_path, text, encoding))) == [EXPECTED]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (PLAIN.assign(t="soon"), "not_a_year"),
        (PLAIN.assign(t=PLAIN["t"] + 0.5), "not_a_year"),
        (
            PLAIN.assign(t=[f"2000-{month:02d}-01" for month in range(1, 13)] + ["2001-01-01", "2001-02-01"]),
            "not_yearly",
        ),
        (PLAIN.assign(series_id=" "), "unnamed"),
        (PLAIN.assign(split="test"), "no_rows"),
    ],
)
def test_a_series_that_cannot_be_read_is_refused_and_the_others_go_on(
    tmp_path: Path, rows: pd.DataFrame, code: str
) -> None:
    other = PLAIN.assign(series_id="b", t=rows["t"].where(rows["series_id"] == "never", PLAIN["t"]), split="train")
    read = split_series(read_csv(written(tmp_path, pd.concat([rows, other]).to_csv(index=False))))
    assert isinstance(read[0], BatchRefusal)
    assert read[0].code == code
    assert read[0].words.endswith(".")
    assert read[1:] == [AnnualSeries("b", EXPECTED.years, EXPECTED.values)]


def test_ids_are_text_whatever_they_look_like(tmp_path: Path) -> None:
    rows = pd.concat([PLAIN.assign(series_id=name) for name in ("007", "NA", "1e5")])
    assert [one.series_id for one in split_series(read_csv(written(tmp_path, rows.to_csv(index=False))))] == [
        "007",
        "NA",
        "1e5",
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (PLAIN.to_csv(index=False).replace("a,2005,", "a,2005,none"), "missing"),
        (PLAIN.to_csv(index=False).replace("a,2013", "a,2012"), "unordered"),
        (PLAIN.drop(index=5).to_csv(index=False), "gap"),
        (PLAIN.to_csv(index=False) + "a,2014,\n", "missing"),
    ],
)
def test_numbers_are_never_repaired(tmp_path: Path, text: str, code: str) -> None:
    batch = forecast_many(read_csv(written(tmp_path, text)), horizon=2)
    assert [refused.code for refused in batch.refused] == [code]
    assert batch.frame.empty


def test_a_file_in_another_encoding_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read as CSV"):
        read_csv(written(tmp_path, PLAIN.assign(series_id="É").to_csv(index=False), "latin-1"))


@pytest.mark.parametrize("horizon", [4, 10])
@pytest.mark.parametrize("kind", ["tiny", "huge", "whole numbers", "one step", "spike", "straight", "exponential"])
def test_every_length_and_scale_is_forecast_in_order(kind: str, horizon: int) -> None:
    frames = [
        pd.DataFrame({"series_id": f"{kind}{size}", "t": range(size), "value": invented(kind, size)})
        for size in (2 * horizon, 2 * horizon + 3, 40)
    ]
    batch = forecast_many(pd.concat(frames), horizon=horizon)
    assert batch.refused == ()
    assert len(batch.frame) == 3 * horizon
    bands = batch.frame[["lo95", "lo80", "mean", "hi80", "hi95"]].to_numpy()
    assert np.isfinite(bands).all()
    assert (bands >= 0).all()
    assert (np.diff(bands, axis=1) >= 0).all()


def invented(kind: str, size: int) -> np.ndarray:
    walk = np.exp(np.cumsum(np.random.default_rng(size).normal(0.02, 0.1, size)))
    return {
        "tiny": 1e-200 * walk,
        "huge": 1e200 * walk,
        "whole numbers": np.round(3 * walk) + 1,
        "one step": np.where(np.arange(size) < size - 1, 5.0, 6.0),
        "spike": np.where(np.arange(size) == size // 2, 1e6, walk),
        "straight": np.arange(size) + 1.0,
        "exponential": 2.0 ** np.arange(size),
    }[kind]


def test_a_forecast_does_not_depend_on_the_unit() -> None:
    one = forecast_many(PLAIN, horizon=3).frame
    other = forecast_many(PLAIN.assign(value=PLAIN["value"] * 2.0**-40), horizon=3).frame
    numbers = ["mean", "lo80", "hi80", "lo95", "hi95"]
    np.testing.assert_allclose(other[numbers] * 2.0**40, one[numbers], rtol=1e-12)
