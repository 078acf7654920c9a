"""Official statistics to observations, each with the release it comes from."""

import datetime as dt

import pandas as pd

from pipelines.codelists import CodeLists
from pipelines.errors import raise_all
from pipelines.normalise.keys import series_key
from pipelines.normalise.periods import parse_period
from pipelines.schema import OBSERVATIONS


def observe_statistics(
    statistics: pd.DataFrame, editions: pd.DataFrame, sources: pd.DataFrame, lists: CodeLists
) -> pd.DataFrame:
    """Return one observation a statistic; its vintage is the edition's date, or its first release after a lag.

    Refuses an edition that datasets/editions.csv does not name.
    """
    rows = statistics.merge(
        editions, on=["dataset_id", "edition"], how="left", validate="many_to_one", suffixes=("", "_edition")
    )
    unnamed = rows.loc[rows["vintage_basis"].isna(), ["dataset_id", "edition"]].drop_duplicates()
    raise_all(
        [
            f"edition {edition!r} of {dataset} has no row in datasets/editions.csv."
            for dataset, edition in unnamed.itertuples(index=False)
        ]
    )
    rows = rows.merge(
        sources[["source_id", "source_class", "publisher"]],
        left_on="dataset_id",
        right_on="source_id",
        how="left",
        validate="many_to_one",
    )
    rows["observation_id"] = _identify(rows)
    periods = [parse_period(text) for text in rows["time_period"]]
    raise_all(
        [
            f"{name}: freq {freq!r} does not fit time_period {text!r}. Write {period.freq}."
            for name, freq, text, period in zip(
                rows["observation_id"], rows["freq"], rows["time_period"], periods, strict=True
            )
            if freq != period.freq
        ]
    )
    units = lists["CL_UNIT"].loc[rows["unit_as_read"]]
    factor = units["factor"].astype("float64").to_numpy()
    rows["period_start"] = pd.to_datetime(pd.Series([period.start for period in periods], dtype="object"))
    rows["period_end"] = pd.to_datetime(pd.Series([period.end for period in periods], dtype="object"))
    rows["period_basis"] = "stated"
    rows["obs_value"] = rows["value_as_read"] * factor
    rows["value_low"] = rows["value_high"] = rows["obs_value"]
    rows["bound"] = "="
    rows["unit_measure"] = units["base_unit"].to_numpy()
    rows["price_basis"] = rows["unit_measure"].isin(["USD", "EUR", "CNY"]).map({True: "current", False: None})
    rows["role"] = "actual"
    rows["provenance"] = "statistic"
    rows["is_core"] = rows["is_plottable"] = True
    rows["is_hidden"] = False
    rows["vintage"] = [
        _vintage(*cells) for cells in zip(rows["published"], rows["lag_months"], rows["period_end"], strict=True)
    ]
    rows["measures"] = lists["CL_INDICATOR"]["name"].reindex(rows["indicator"]).to_numpy()
    rows["caveats"] = rows["note"]
    rows["series_id"] = series_key(rows)
    return rows.reindex(columns=OBSERVATIONS.columns)


def _identify(rows: pd.DataFrame) -> pd.Series:
    names = (
        "ref_area",
        "counterpart_area",
        "indicator",
        "commodity",
        "project_id",
        "counterpart_detail",
        "time_period",
    )
    key = rows["dataset_id"]
    for name in names:
        key = key + "." + rows[name].fillna("_Z")
    return key + "@" + rows["edition"].str.lower().str.replace(r"[^a-z0-9]+", "-", regex=True)


def _vintage(published: object, lag_months: object, period_end: dt.datetime) -> str | None:
    if isinstance(published, str):
        return published
    if pd.isna(lag_months):  # type: ignore[call-overload]
        return None
    month = period_end.year * 12 + period_end.month - 1 + int(str(lag_months))
    return f"{month // 12:04d}-{month % 12 + 1:02d}"
