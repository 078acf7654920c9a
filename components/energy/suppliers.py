"""China's gas suppliers: who sends how much, and what a quoted total covers."""

from collections.abc import Mapping

import pandas as pd

from components import labels, theme
from components.charts import energy
from components.charts.panels import series_of
from components.charts.segments import REST
from components.marks import (
    absent,
    compute,
    draw_line,
    drawn_by,
    gather,
    on_row,
    pick,
    quote,
    told,
    values_by_period,
    without,
)
from components.story import kazakh_gas_marks
from components.views import Exhibit
from pipelines.tables import Tables

SUPPLIERS: Mapping[str, str] = {
    "TKM": "Turkmenistan",
    "UZB": "Uzbekistan",
    "KAZ": "Kazakhstan",
    "MMR": "Myanmar",
    "RUS": "Russia, pipeline",
}
CENTRAL_ASIA = ("TKM", "UZB", "KAZ")
REVIEW_CAVEAT = (
    "The Statistical Review's cubic metres are standard ones (15 °C, 40 MJ/m³); each year from 2017 is an edition of "
    "its own."
)
SCOPE_YEAR = "2017"


def supplied_by(tables: Tables, area: str) -> pd.DataFrame:
    """Return China's pipeline gas from one supplier, year by year."""
    return draw_line(tables, area, SUPPLIERS[area], indicator="GAS_IMP_PIPELINE", ref_area="CHN", counterpart_area=area)


@drawn_by(energy.gas_by_supplier, "split", "gas_as")
def gas_by_supplier(tables: Tables, split: str, gas_as: str) -> Exhibit:
    """Return China's gas imports by supplier or by kind, in bcm or as shares of all imports."""
    title = "China's gas imports by " + ("supplier" if split == "supplier" else "pipeline and ship")
    pipeline, lng = _all_gas(tables, "GAS_IMP_PIPELINE"), _all_gas(tables, "GAS_IMP_LNG")
    parts = _suppliers(tables, lng) if split == "supplier" else _kinds(pipeline, lng)
    if parts.empty:
        return without(title, absent(tables, "gas imports of China by supplier"))
    total = draw_line(
        tables, "total", "total in the 2024 edition", indicator="GAS_IMP", ref_area="CHN", counterpart_area="W00"
    )
    total = total[total["time_period"].isin(parts["time_period"])]
    marks = gather(parts, total)
    if gas_as == "share":
        marks = _shares_of_all(parts, pipeline, lng)
        if marks.empty:
            return without(title, absent(tables, "total of China's gas imports to compare suppliers with"))
    return told(
        title,
        marks,
        [_supplier_sentence(tables, parts, pipeline, lng)],
        [
            REVIEW_CAVEAT,
            _revision(parts, total) if gas_as == "bcm" else "",
        ],
    )


def _revision(parts: pd.DataFrame, total: pd.DataFrame) -> str:
    """Say how far the newest edition's totals lie from the columns, which add up the edition of each year."""
    sums: dict[str, float] = {}
    for year, value in zip(parts["time_period"], parts["obs_value"], strict=True):
        sums[year] = sums.get(year, 0.0) + value
    away = {
        year: abs(value / sums[year] - 1) for year, value in values_by_period(total).items() if sums.get(year, 0) > 0
    }
    if not away:
        return ""
    far = max(away, key=lambda year: away[year])
    return (
        "Columns add up the edition of each year, the dashes are the totals of the 2024 edition: these differ by "
        "at most "
        f"{labels.number(round(100 * away[far], 1))} %, in {far}."
    )


def _all_gas(tables: Tables, indicator: str) -> pd.DataFrame:
    label = "by pipeline" if indicator == "GAS_IMP_PIPELINE" else "LNG"
    return draw_line(tables, label, label, indicator=indicator, ref_area="CHN", counterpart_area="W00")


def _suppliers(tables: Tables, lng: pd.DataFrame) -> pd.DataFrame:
    lines = [supplied_by(tables, area).assign(colour=theme.area_colour(area)) for area in SUPPLIERS]
    piped = gather(*lines)
    years = set(piped["time_period"])
    shipped = lng[lng["time_period"].isin(years)].assign(label="LNG, all suppliers", colour=theme.REMAINDER)
    return gather(piped, shipped)


def _kinds(pipeline: pd.DataFrame, lng: pd.DataFrame) -> pd.DataFrame:
    return gather(pipeline.assign(colour=theme.ROLE_COLOUR["capacity"]), lng.assign(colour=theme.REMAINDER))


def _shares_of_all(parts: pd.DataFrame, pipeline: pd.DataFrame, lng: pd.DataFrame) -> pd.DataFrame:
    """Each part as percent of pipeline gas and LNG of the same edition."""
    sums = {year: value for year, value in values_by_period(pipeline).items() if year in values_by_period(lng)}
    sums = {year: value + values_by_period(lng)[year] for year, value in sums.items()}
    inputs = [dict(zip(rows["time_period"], rows["observation_id"], strict=True)) for rows in (pipeline, lng)]
    found = parts[parts["time_period"].isin([year for year, value in sums.items() if value > 0])]
    rows = found[["observation_id", "time_period", "obs_value"]].to_numpy()
    return found.assign(
        observation_ids=[" ; ".join((own, inputs[0][year], inputs[1][year])) for own, year, _ in rows],
        observation_id="",
        formula=[f"{value:.1f} / {sums[year]:.1f} bcm × 100" for _, year, value in rows],
        obs_value=[100 * value / sums[year] for _, year, value in rows],
        unit_measure="PERCENT",
        measure_type="share",
        obs_status="D",
        provenance="derived",
    )


def _supplier_sentence(tables: Tables, parts: pd.DataFrame, pipeline: pd.DataFrame, lng: pd.DataFrame) -> str:
    year = str(parts["time_period"].max())
    of_year = {
        name: float(rows.loc[rows["time_period"] == year, "obs_value"].sum())
        for name, rows in (("pipeline", pipeline), ("lng", lng))
    }
    total = of_year["pipeline"] + of_year["lng"]
    said = (
        f"In {year} China imported {labels.number(total)} bcm, {labels.number(of_year['pipeline'])} of it by pipeline."
    )
    russian = supplied_by(tables, "RUS")
    shipped = draw_line(tables, "RUS", "LNG", indicator="GAS_IMP_LNG", ref_area="CHN", counterpart_area="RUS")
    amounts = [float(rows.loc[rows["time_period"] == year, "obs_value"].sum()) for rows in (russian, shipped)]
    if min(amounts) <= 0 or not total:
        return said
    share = labels.number(round(100 * sum(amounts) / total, 1))
    return (
        f"{said} Russia sent {labels.number(amounts[0])} by pipeline and {labels.number(amounts[1])} as LNG, "
        f"together {share} % of all."
    )


@drawn_by(energy.gas_scope)
def gas_scope(tables: Tables) -> Exhibit:
    """Return the quoted total of 2017 beside the scopes the Statistical Review tells apart."""
    title = f"What the quoted total of {SCOPE_YEAR} covers"
    quoted = _quoted_total(tables)
    scopes = gather(_central_asia(tables), _all_pipeline(tables), _all_imports(tables))
    if quoted.empty or scopes.empty:
        return without(title, absent(tables, f"total of China's gas imports in {SCOPE_YEAR} beside official ones"))
    marks = gather(quoted, scopes)
    return told(
        title,
        marks,
        [_scope_sentence(marks, float(quoted["obs_value"].sum()))],
        [
            "The document calls its figure total natural gas imports; that it covers Central Asia alone is our reading "
            "of equal numbers.",
            _overshoot(tables, quoted),
            REVIEW_CAVEAT,
        ],
    )


def _overshoot(tables: Tables, quoted: pd.DataFrame) -> str:
    """Say whether the document's own suppliers exceed its total once the implied Kazakh base is counted."""
    base = sum(row["obs_value"] for row in series_of(kazakh_gas_marks(tables), "base"))
    turkmen, whole = float(quoted["obs_value"].iloc[0]), float(quoted["obs_value"].sum())
    if not base or turkmen + base <= whole:
        return ""
    return (
        f"With the implied Kazakh base of {base:g} bcm the document's own suppliers exceed its total: "
        f"{turkmen:g} + {base:g} = {turkmen + base:g}."
    )


def _quoted_total(tables: Tables) -> pd.DataFrame:
    where = {"ref_area": "CHN", "time_period": SCOPE_YEAR, "provenance": "quoted", "measure_type": "flow"}
    total = pick(tables, indicator="GAS_IMP", counterpart_area="W00", **where).head(1)
    turkmen = pick(tables, indicator="GAS_IMP_PIPELINE", counterpart_area="TKM", **where).head(1)
    if total.empty or turkmen.empty:
        return gather()
    row, part, whole = (
        "Quoted as all gas imports",
        float(turkmen["obs_value"].iloc[0]),
        float(total["obs_value"].iloc[0]),
    )
    rest = compute(
        gather(quote(total, ""), quote(turkmen, "")),
        series="rest",
        label="Suppliers the document does not name",
        obs_value=whole - part,
        formula=f"{whole:g} − {part:g} bcm",
        unit_measure="BCM",
        time_period=SCOPE_YEAR,
    )
    return gather(
        on_row(quote(turkmen, "TKM"), row, "quoted", f"≈{part:g} Turkmen ({100 * part / whole:.1f} %)", "TKM"),
        on_row(rest, row, REST, f"{whole - part:.1f} not named · {whole:g} in all", "W00", part),
    )


def _of_scope_year(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["time_period"] == SCOPE_YEAR]


def _central_asia(tables: Tables) -> pd.DataFrame:
    """The three Central Asian suppliers end to end."""
    row, placed, start = "Pipeline gas from Central Asia", [], 0.0
    for area in CENTRAL_ASIA:
        rows = _of_scope_year(supplied_by(tables, area))
        if len(rows):
            placed.append(on_row(rows, row, "counted", "", area, start))
            start += float(rows["obs_value"].iloc[0])
    if not placed:
        return gather()
    names = ", ".join(SUPPLIERS[area] for area in CENTRAL_ASIA)
    return gather(placed[0].assign(words=f"{labels.number(start)} from {names}"), *placed[1:])


def _all_pipeline(tables: Tables) -> pd.DataFrame:
    total = _of_scope_year(_all_gas(tables, "GAS_IMP_PIPELINE"))
    words = "".join(f"{labels.number(value)} with Myanmar" for value in total["obs_value"])
    return on_row(total, "All pipeline gas", "counted", words, "W00")


def _all_imports(tables: Tables) -> pd.DataFrame:
    total = _of_scope_year(
        draw_line(tables, "all", "All gas imports", indicator="GAS_IMP", ref_area="CHN", counterpart_area="W00")
    )
    words = "".join(f"{labels.number(value)} in the 2024 edition" for value in total["obs_value"])
    return on_row(total, "All gas imports, LNG included", "counted", words, "W00")


def _scope_sentence(marks: pd.DataFrame, level: float) -> str:
    sums = marks.groupby("row", sort=False)["obs_value"].sum()
    said = f"The {level:g} bcm quoted as all of China's gas imports in {SCOPE_YEAR}"
    central = sums.get("Pipeline gas from Central Asia")
    whole = sums.get("All gas imports, LNG included")
    turkmen = marks[(marks["series"] == "TKM") & (marks["look"] == "counted")]
    if central is None or whole is None or turkmen.empty:
        return f"{said} cannot be compared with every official scope in this state of knowledge."
    return (
        f"{said} equal its pipeline gas from Central Asia ({labels.number(central)}); all imports were "
        f"{labels.number(whole)}. Turkmenistan's {labels.number(turkmen['obs_value'].iloc[0])} are "
        f"{labels.number(100 * turkmen['obs_value'].iloc[0] / whole)} % of those."
    )
