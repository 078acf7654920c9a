"""Year to date: January to the same month in each year, never annualised."""

import pandas as pd

from pipelines.schema import YEAR_TO_DATE

_FLOWS = ("TRADE_TOTAL", "EXP_FOB", "IMP_CIF")
_WHO = ["ref_area", "counterpart_area", "indicator", "source_id"]


def same_months(observations: pd.DataFrame, series: pd.DataFrame) -> pd.DataFrame:
    """Return out_year_to_date: sums of official months from January on, and year-to-date figures as printed.

    A sum needs every month from January; a gap ends the year's sums. Growth compares the same months, reporter and
    source of the year before, or the same reporter's printed value where the source printed only one year.
    """
    columns = [name for name in YEAR_TO_DATE.columns if name != "growth"]
    rows = pd.concat([_summed(series)[columns], _printed(observations)[columns]], ignore_index=True)
    rows = rows.astype({"obs_value": "float64", "year": "int64", "months": "int64"})
    rows = rows.drop_duplicates([*_WHO, "time_period"], keep="first")
    rows["growth"] = _growth(rows)
    return rows.reindex(columns=YEAR_TO_DATE.columns).sort_values([*_WHO, "time_period"], ignore_index=True)


def _summed(series: pd.DataFrame) -> pd.DataFrame:
    months = series[(series["freq"] == "M") & series["is_preferred"] & series["indicator"].isin(_FLOWS)]
    months = months.assign(year=months["period_start"].dt.year, month=months["period_start"].dt.month)
    months = months.sort_values([*_WHO, "period_start"])
    group = months.groupby([*_WHO, "year"], sort=False)
    months["position"] = group.cumcount() + 1
    months["obs_value"] = group["obs_value"].cumsum()
    months["observation_ids"] = group["observation_ids"].transform(_accumulate)
    whole = months[months["position"] == months["month"]]
    return whole.assign(
        months=whole["month"], time_period=_label(whole["year"], whole["month"]), formula="sum of official months"
    )


def _accumulate(ids: pd.Series) -> list[str]:
    sums: list[str] = []
    for cell in ids:
        sums.append(f"{sums[-1]} ; {cell}" if sums else cell)
    return sums


def _label(years: pd.Series, months: pd.Series) -> pd.Series:
    return years.astype(str) + "-01/" + years.astype(str) + "-" + months.astype(str).str.zfill(2)


def _printed(observations: pd.DataFrame) -> pd.DataFrame:
    rows = observations[
        (observations["freq"] == "YTD")
        & observations["indicator"].isin(_FLOWS)
        & (observations["measure_type"] == "flow")
        & (observations["unit_measure"] == "USD")
        & (observations["commodity"].fillna("_T") == "_T")
        & observations["is_plottable"]
        & ~observations["is_hidden"]
        & observations["period_end"].notna()
    ]
    rows = rows[rows["time_period"].str.fullmatch(r"\d{4}-01/\d{4}-\d{2}")]
    return rows.assign(
        year=rows["period_end"].dt.year,
        months=rows["period_end"].dt.month,
        formula=rows["provenance"].map({"quoted": "as printed", "derived": "derived from printed figures"}),
        observation_ids=rows["observation_id"],
    )


def _growth(rows: pd.DataFrame) -> pd.Series:
    who = ["ref_area", "counterpart_area", "indicator", "months"]
    before = rows.assign(year=rows["year"] + 1, before=rows["obs_value"])
    same = before.drop_duplicates([*who, "year", "source_id"])[[*who, "year", "source_id", "before"]]
    near = before.drop_duplicates([*who, "year"])[[*who, "year", "before"]].rename(columns={"before": "before_other"})
    joined = rows.merge(same, on=[*who, "year", "source_id"], how="left", validate="many_to_one")
    joined = joined.merge(near, on=[*who, "year"], how="left", validate="many_to_one")
    base = joined["before"].fillna(joined["before_other"])
    return ((joined["obs_value"] / base - 1) * 100).where(base > 0).set_axis(rows.index)
