"""What is built, planned and moved in Kazakhstan: projects, lists of projects, transit, cargo, tariffs."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from components import labels, theme
from components.charts import finance, kazakhstan, segments, targets
from components.charts.base import Figure, Rows, value_axis
from components.charts.panels import series_of
from components.labels import Scale
from components.marks import absent, compute, drawn_by, gather, on_row, pick, quote, told, without
from components.views import Exhibit
from pipelines.tables import Tables

BODIES = ("organisation", "bank", "agreement", "programme", "list", "exercise")
SHORT: Mapping[str, str] = {
    "TURKMEN_GAS_CHINA": "Turkmen gas line",
    "KAZ_GAS_CONTRACT": "Kazakh gas contract",
    "ATASU_ALASHANKOU": "Atasu–Alashankou",
    "NORTHERN_RAIL_ROUTES": "Northern rail routes",
    "DB_BMW_TRAINS": "BMW trains",
    "KAZ_CHINA_RAIL_FREIGHT": "Rail freight at the border",
    "TRANS_CASPIAN_ROUTE": "Trans-Caspian route",
    "UKRAINE_CHINA_TRIAL": "Ukraine–China train",
    "WE_WC_HIGHWAY": "West Europe–West China road",
    "KHORGOS": "Khorgos",
    "LIANYUNGANG_TERMINAL": "Lianyungang terminal",
    "AKTOBE_LOGISTICS": "Aktobe",
    "SHYMKENT_LOGISTICS": "Shymkent",
    "BANDAR_ABBAS_DRY_PORT": "Bandar Abbas",
    "NURLY_ZHOL_BRI_LINK_2016": "Nurly Zhol–Belt plan",
    "KAZ_CAPACITY_TRANSFER_51": "51 projects",
    "EURASIAN_DEVELOPMENT_BANK": "Eurasian Development Bank",
    "EAEU": "EAEU",
    "SCO": "SCO",
    "CIS": "CIS",
    "EURASEC": "EurAsEC",
    "EURASIAN_CUSTOMS_UNION": "Customs union",
}
PROJECT_COLUMNS: Mapping[str, str] = {
    "label": "Project", "kind": "Kind", "status": "Status", "time_period": "As of", "measures": "What is told",
    "source_id": "Source",
}  # fmt: skip
MILLION = Scale(1e6, "Mt")


@drawn_by(kazakhstan.project_states, "projects")
def projects(tables: Tables, projects: str) -> Exhibit:
    """Return the entries of the register that touch Kazakhstan, by their last known status."""
    title = "Projects that touch Kazakhstan"
    entries = tables.projects
    ours = entries[entries["areas"].fillna("").str.split(";").map(lambda areas: "KAZ" in areas).astype(bool)]
    ours = ours[ours["kind"].isin(BODIES) == (projects == "bodies")]
    if ours.empty:
        return without(title, absent(tables, "status of a project that touches Kazakhstan"))
    marks = _project_marks(tables, ours)
    drawn = told(
        title,
        marks,
        [_projects_sentence(marks)],
        [
            "A status is the last one known from the documents; most are of 2016 or 2020 and may be out of date.",
            "Entries are counted and not weighed: a route and a warehouse are one mark each.",
        ],
    )
    return replace(drawn, columns=PROJECT_COLUMNS)


def _project_marks(tables: Tables, entries: pd.DataFrame) -> pd.DataFrame:
    figures = tables.observations.set_index("observation_id")["source_id"]
    known = set(figures.index)
    ids = [[i for i in str(cell).split(";") if i in known] for cell in entries["figure_ids"].fillna("")]
    return pd.DataFrame(
        {
            "observation_id": "",
            "observation_ids": [" ; ".join(found) for found in ids],
            "label": entries["name"],
            "short": entries["project_id"].map(SHORT).fillna(entries["name"]),
            "kind": entries["kind"],
            "status": entries["status"],
            "time_period": entries["status_as_of"],
            "obs_value": float("nan"),
            "unit_measure": "",
            "formula": [f"register of projects, {status}" for status in entries["status"]],
            "measures": entries["note"].fillna(""),
            "project_id": entries["project_id"],
            "source_id": [str(figures.get(source, source)) for source in entries["status_source"]],
        }
    ).reset_index(drop=True)


def _projects_sentence(marks: pd.DataFrame) -> str:
    counts = marks["status"].value_counts()
    said = [f"{counts[status]} {status}" for status in theme.STATUS_COLOUR if status in counts]
    entries = labels.plural("entry", len(marks))
    return f"The register has {len(marks)} such {entries}: {labels.join_words(said)}."


@drawn_by(lambda rows: targets.unit_squares(rows, [], columns=17))
def capacity_transfer(tables: Tables) -> Exhibit:
    """Return the projects of the capacity transfer agreed in 2016 as squares, none of them told to be built."""
    planned = _counted(tables, "KAZ_CAPACITY_TRANSFER_51", "plan")
    title = "Capacity to be moved to Kazakhstan"
    if planned.empty:
        return without(title, absent(tables, "number of projects of the capacity transfer"))
    count, worth = (
        planned["obs_value"].iloc[0],
        pick(tables, indicator="PROJECT_VALUE", project_id="KAZ_CAPACITY_TRANSFER_51"),
    )
    value = "".join(f" worth {labels.bounded(v, 'USD', b)}" for v, b in worth[["obs_value", "bound"]].to_numpy())
    return told(
        title,
        planned,
        [
            f"{count:g} projects{value} were chosen in {planned['time_period'].iloc[0]}; "
            "how many were built is stated nowhere here."
        ],
        [_same_fact(tables, planned), "Empty squares are plans."],
    )


def _counted(tables: Tables, project_id: str, role: str) -> pd.DataFrame:
    rows = pick(tables, indicator="PROJECT_COUNT", project_id=project_id, role=role).head(1)
    return quote(rows, "planned" if role == "plan" else "started")


def _same_fact(tables: Tables, planned: pd.DataFrame) -> str:
    """Say which wording of the same number is not counted again."""
    rows = tables.observations
    again = rows[rows["duplicate_of"].isin(planned["observation_id"])]
    said = [f"“{text}”" for text in again["as_written"].dropna()]
    return (
        f"{labels.join_words(said).capitalize()} in the same document is the same fact and drawn once." if said else ""
    )


def _list_squares(rows: Rows) -> Figure:
    planned, started = series_of(rows, "planned"), series_of(rows, "started")
    return targets.unit_squares(planned, started, columns=13, note="as of 2020, believed to be on the list")


@drawn_by(_list_squares)
def eaeu_list(tables: Tables) -> Exhibit:
    """Return the list that was to link the EAEU with the Belt and Road as squares, the started one filled."""
    planned, started = (_counted(tables, "EAEU_BRI_LIST_39", role) for role in ("plan", "actual"))
    title = "The list that links the EAEU with the Belt and Road"
    if planned.empty:
        return without(title, absent(tables, "number of projects on the list of the EAEU"))
    done = "".join(
        f"; {value:g} was started as of {period}" for value, period in started[["obs_value", "time_period"]].to_numpy()
    )
    return told(
        title,
        gather(planned, started),
        [
            f"{planned['obs_value'].iloc[0]:g} projects were listed in "
            f"{labels.period(planned['time_period'].iloc[0])}{done}."
        ],
        [
            "The list is not public: that the started one is on it is believed, and its Kazakh part was begun in 2009, "
            "before either scheme.",
        ],
    )


def _cargo_rows(rows: Rows) -> Figure:
    most = max(row["obs_value"] for row in series_of(rows, "moved"))
    axis = value_axis("Cargo", "Mt in eight months", range=[0, 1.1 * most / MILLION.factor])
    return segments.segment_rows(rows, axis, scale=MILLION)


@drawn_by(_cargo_rows)
def cargo(tables: Tables) -> Exhibit:
    """Return cargo over the Chinese border in January to August, and the same months a year before as implied."""
    title = "Cargo across the border with China, January to August"
    where = {"ref_area": "CHN", "counterpart_area": "KAZ", "freq": "YTD"}
    moved = pick(tables, indicator="CARGO_WEIGHT", measure_type="flow", **where).head(1)
    growth = pick(tables, indicator="CARGO_WEIGHT", measure_type="growth", **where).head(1)
    if moved.empty:
        return without(title, absent(tables, "weight of cargo across the border of China and Kazakhstan"))
    before = _year_before(moved, growth)
    period, tonnes = str(moved["time_period"].iloc[0]), float(moved["obs_value"].iloc[0])
    marks = gather(
        before,
        on_row(
            quote(moved, "moved"), labels.period(period), "quoted", f"{labels.value(tonnes, 'T')}, as quoted", "KAZ"
        ),
    )
    return told(
        title,
        marks,
        [_cargo_sentence(moved, growth, before)],
        [
            "Eight months only, never to be stretched to a year; the head of China's railway said so, and probably of "
            "rail alone."
        ],
    )


def _year_before(moved: pd.DataFrame, growth: pd.DataFrame) -> pd.DataFrame:
    if growth.empty:
        return gather()
    tonnes, percent = float(moved["obs_value"].iloc[0]), float(growth["obs_value"].iloc[0])
    start, _, end = str(moved["time_period"].iloc[0]).partition("/")
    period = f"{int(start[:4]) - 1}{start[4:]}/{int(end[:4]) - 1}{end[4:]}"
    implied = tonnes / (1 + percent / 100)
    marks = compute(
        gather(quote(moved, ""), quote(growth, "")), series="implied", label="Cargo a year before, implied",
        obs_value=implied, formula=f"{tonnes / 1e6:g} Mt / {1 + percent / 100:g}", unit_measure="T", time_period=period,
        role="estimate", indicator="CARGO_WEIGHT", freq="YTD",
    )  # fmt: skip
    words = f"{labels.number(round(implied / 1e6, 1))} Mt, computed from the growth"
    return on_row(marks, labels.period(period), "estimate", words, "KAZ")


def _cargo_sentence(moved: pd.DataFrame, growth: pd.DataFrame, before: pd.DataFrame) -> str:
    period = labels.period(moved["time_period"].iloc[0])
    said = f"{labels.value(moved['obs_value'].iloc[0], 'T')} crossed the border in {period}"
    if before.empty:
        return f"{said}."
    return (
        f"{said}, {growth['obs_value'].iloc[0]:g} % more than a year before, which implies "
        f"{labels.number(round(before['obs_value'].iloc[0] / 1e6, 1))}{labels.NBSP}Mt then."
    )


@drawn_by(finance.cards)
def transit_fees(tables: Tables) -> Exhibit:
    """Return Kazakhstan's income from transit as a figure that stands alone."""
    title = "What transit earns Kazakhstan"
    fees = pick(tables, indicator="TRANSIT_REVENUE", ref_area="KAZ")
    if fees.empty:
        return without(title, absent(tables, "income of Kazakhstan from transit"))
    marks = quote(fees, "card").assign(
        note=[f"in {labels.period(p)}, {c}" for p, c in fees[["time_period", "publisher"]].to_numpy()]
    )
    last = marks.iloc[-1]
    return told(
        title,
        marks,
        [f"Transit fees brought {labels.value(last['obs_value'], 'USD')} in {last['time_period']}."],
        [str(caveat) for caveat in marks["caveats"].dropna()],
    )


@drawn_by(segments.hundred_bars)
def shares(tables: Tables) -> Exhibit:
    """Return Kazakhstan's part in overland transit and the part of its tariffs that fits the union, each by itself."""
    title = "Transit through Kazakhstan, and tariffs like the EAEU's"
    transit = pick(tables, indicator="TRANSIT_SHARE", ref_area="KAZ").head(1)
    tariffs = pick(tables, indicator="TARIFF_ALIGNED_SHARE", ref_area="KAZ").head(1)
    marks = gather(
        _share_row(transit, "Overland goods between China and the EU", "through Kazakhstan", "other ways"),
        _share_row(tariffs, "Kazakh tariffs", "the same as in the EAEU", "different"),
    )
    if marks.empty:
        return without(title, absent(tables, "share of transit or of tariffs of Kazakhstan"))
    parts = series_of(marks, "part")
    said = [f"{part['words']} ({part['row']})" for part in parts]
    return told(
        title,
        marks,
        [f"Quoted are {labels.join_words(said)}."],
        [str(caveat) for caveat in (*transit["caveats"].dropna(), *tariffs["caveats"].dropna())],
    )


def _share_row(share: pd.DataFrame, row: str, part: str, other: str) -> pd.DataFrame:
    if share.empty:
        return gather()
    percent, bound = float(share["obs_value"].iloc[0]), str(share["bound"].iloc[0])
    sign = labels.BOUND_SYMBOL.get(bound, "")
    rest = compute(
        share, series=segments.REST, label=other, obs_value=100 - percent, formula=f"100 − {sign}{percent:g}",
        unit_measure="PERCENT", measure_type="share", bound=bound,
    )  # fmt: skip
    return gather(
        on_row(quote(share, "part"), row, "quoted", f"{sign}{percent:g} % {part}", "KAZ"),
        on_row(rest, row, segments.REST, f"{sign}{100 - percent:g} % {other}", "W00", percent),
    )
