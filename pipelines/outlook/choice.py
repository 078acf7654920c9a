"""Which series a forecast starts from: a line of the tables, or the few values quoted in documents."""

from dataclasses import dataclass

import pandas as pd

from pipelines.errors import DataError, nearest
from pipelines.forecast.series import AnnualSeries, read_annual
from pipelines.tables import Tables

DEFAULT = "CHN_RUS_TRADE_CHINA_REPORTED.TRADE_TOTAL"
QUOTED = "quoted:"
FACTORS = {"USD": 1e9, "EUR": 1e9, "CNY": 1e9, "T": 1e6}
"""What a reader's number of a unit is multiplied with: money in billions, weights in million tonnes."""


@dataclass(frozen=True, eq=False)
class Chosen:
    """A series with the rows behind it (of tables.series, or of tables.observations when quoted) and its seam."""

    series: AnnualSeries
    points: pd.DataFrame
    seam: str
    is_monthly: bool = False

    @property
    def factor(self) -> float:
        """Base units in one unit of the axis."""
        return FACTORS.get(self.series.unit_measure, 1.0)


def choose_series(tables: Tables, series_id: str = DEFAULT) -> Chosen:
    """Return the series of that id: a `line_id`, its part before `@`, or `quoted:` and a `series_id`.

    Raises:
        DataError: no such series in this state of knowledge.
    """
    if series_id.startswith(QUOTED):
        return _quoted(tables, series_id)
    lines = tables.series
    found = lines[lines["line_id"] == series_id]
    if found.empty:
        found = lines[lines["line_id"].str.split("@").str[0] == series_id]
        preferred = found[found["is_preferred"]]
        found = preferred if len(preferred) else found
        found = found[found["line_id"] == found["line_id"].max()] if len(found) else found
    if found.empty:
        raise DataError(_unknown(tables, series_id))
    points = found.sort_values("time_period", kind="stable")
    monthly = bool((points["freq"] == "M").any())
    rows = points.assign(price_basis=_price_basis(tables, points))
    series = read_annual(rows.iloc[:0] if monthly else rows, series_id=str(points["line_id"].iloc[0]))
    return Chosen(series, points, _seam(points), monthly)


def _price_basis(tables: Tables, points: pd.DataFrame) -> list[str]:
    """Return for each point the price basis of the first observation it is made of."""
    known = dict(zip(tables.observations["observation_id"], tables.observations["price_basis"].fillna(""), strict=True))
    return [known.get(str(ids).partition(" ; ")[0], "") for ids in points["observation_ids"]]


def official_line(tables: Tables, quoted: pd.DataFrame) -> str:
    """Return the longest preferred line of the quantity that quotations are about, "" when there is none."""
    if quoted.empty:
        return ""
    first, lines = quoted.iloc[0], tables.series
    pair = {first["ref_area"], first["counterpart_area"]}
    same = lines["is_preferred"] & (lines["indicator"] == first["indicator"]) & (lines["freq"] == "A")
    same &= (lines["unit_measure"] == first["unit_measure"]) & lines["ref_area"].isin(pair)
    same &= lines["counterpart_area"].isin(pair) | ((lines["counterpart_area"].isna()) & (len(pair) == 1))
    counts = lines.loc[same, "line_id"].value_counts()
    own = lines.loc[same & (lines["ref_area"] == first["ref_area"]), "line_id"].value_counts()
    best = own if len(own) and own.iloc[0] >= 8 else counts
    return str(best.index[0]) if len(best) else ""


def _quoted(tables: Tables, series_id: str) -> Chosen:
    rows = tables.observations
    keep = (rows["series_id"] == series_id.removeprefix(QUOTED)) & (rows["role"] == "actual")
    keep &= rows["is_plottable"] & ~rows["is_hidden"] & rows["duplicate_of"].isna() & rows["time_period"].notna()
    points = rows[keep].sort_values("time_period", kind="stable")
    points = points[points["time_period"].str.fullmatch(r"\d{4}")]
    if points.empty:
        raise DataError(_unknown(tables, series_id))
    once = points.drop_duplicates("time_period").assign(quoted=True)
    series = read_annual(once, series_id=series_id, official_series=official_line(tables, points))
    return Chosen(series, points, "")


def _unknown(tables: Tables, series_id: str) -> str:
    known = sorted(set(tables.series["line_id"]))
    known += sorted(f"{QUOTED}{name}" for name in tables.observations["series_id"].dropna().unique())
    state = "" if tables.as_known.mode == "latest" else f" as known on {tables.as_known.date}"
    hint = "`bilateral forecast --list` names all lines."
    return f"there is no series {series_id[:120]!r}{state}{nearest(series_id, known)}. {hint}"


def _seam(points: pd.DataFrame) -> str:
    """Say where parts of the series meet and why they may be joined."""
    seams = points[points["is_seam"]]
    told = []
    for note, rows in seams.groupby(seams["seam_note"].fillna(""), sort=False):
        years = [str(year) for year in rows["time_period"]]
        span = years[0] if len(years) == 1 else f"{', '.join(years[:-1])} and {years[-1]}"
        told.append(f"Seam at {span}: {note}" if note else f"Seam at {span}.")
    return " ".join(told)
