"""Gas routes to China: what flowed against the contract, and every other number in its own role."""

import pandas as pd

from components import labels
from components.charts import energy
from components.charts.panels import series_of
from components.energy.suppliers import supplied_by
from components.marks import absent, compute, draw_line, drawn_by, gather, on_row, pick, quote, told, without
from components.story import (
    SIBERIA,
    kazakh_gas_caveats,
    kazakh_gas_marks,
    kazakh_gas_sentence,
    siberia_caveats,
    siberia_marks,
    siberia_sentence,
)
from components.views import Exhibit
from pipelines.tables import Tables


@drawn_by(energy.power_of_siberia, "otherwise")
def power_of_siberia(tables: Tables, otherwise: str) -> Exhibit:
    """Return deliveries through Power of Siberia against the contract, and the review's count of them."""
    marks = siberia_marks(tables, otherwise=otherwise == "on")
    if not series_of(marks, "delivered", "review"):
        return without("Power of Siberia", absent(tables, "yearly deliveries through Power of Siberia"))
    printed = series_of(marks, "otherwise")
    drawn_too = f"{len(printed)} figures the press printed otherwise are drawn too." if printed else ""
    return told(
        "Power of Siberia against its contract",
        marks,
        [siberia_sentence(marks)],
        [*siberia_caveats(marks), drawn_too],
    )


@drawn_by(energy.kazakh_gas)
def kazakh_gas(tables: Tables) -> Exhibit:
    """Return Kazakh gas to China against the aim of its contract."""
    marks = kazakh_gas_marks(tables)
    if not series_of(marks, "imported"):
        return without("Kazakh gas to China", absent(tables, "yearly amount of Kazakh gas to China"))
    return told(
        "Kazakh gas to China against its aim",
        marks,
        [kazakh_gas_sentence(marks)],
        kazakh_gas_caveats(marks),
    )


@drawn_by(energy.pipelines_by_role)
def pipelines_by_role(tables: Tables) -> Exhibit:
    """Return what each gas route may, shall and does carry, each number in its own role."""
    routes = (_siberia_roles, _second_siberia, _kazakh_roles, _turkmen_flow, _former_sales)
    marks = gather(*(find(tables) for find in routes))
    if marks.empty:
        return without("Gas routes to China", absent(tables, "capacity, plan or flow of a gas pipeline to China"))
    return told(
        "What gas routes to China may, shall and do carry",
        marks,
        [_roles_sentence(marks)],
        [
            "Outlines are capacities and aims, hatched bars plans, full bars gas that flowed: nothing here adds up.",
            "Former sales to Europe are implied by “nearly half”; Europe and the years meant are not said.",
            "Flows: Power of Siberia by Gazprom at 20 °C, the others by the Statistical Review at 15 °C and 40 MJ/m³.",
        ],
    )


def _siberia_roles(tables: Tables) -> pd.DataFrame:
    where = {"indicator": "PIPELINE_CAPACITY", "project_id": SIBERIA}
    capacity = pick(tables, role="capacity", time_period="", **where).head(1)
    possible = pick(tables, role="plan", time_period="", **where).head(1)
    agreed = pick(tables, role="plan", **where)
    agreed = agreed[agreed["time_period"].notna()].head(1)
    flow = draw_line(tables, "flow", "Delivered through Power of Siberia", indicator="GAS_DELIVERY", project_id=SIBERIA)
    return gather(
        _extended(capacity, possible),
        *(
            on_row(quote(rows, "plan"), "Power of Siberia: plan", "plan", f"{value:g} from {period}, by {said}", "RUS")
            for rows in (agreed,)
            for value, period, said in rows[["obs_value", "time_period", "said_by"]].to_numpy()
        ),
        _last_flow(flow, "Power of Siberia: flow", "RUS", "Gazprom"),
    )


def _extended(capacity: pd.DataFrame, possible: pd.DataFrame) -> pd.DataFrame:
    """The contracted capacity, and behind it the extension that was thought possible."""
    if capacity.empty:
        return gather()
    row, level = "Power of Siberia: capacity, extension", float(capacity["obs_value"].iloc[0])
    contracted = on_row(quote(capacity, "capacity"), row, "capacity", f"{level:g} contracted", "RUS")
    if possible.empty:
        return contracted
    higher = float(possible["obs_value"].iloc[0])
    extension = compute(
        gather(quote(possible, ""), quote(capacity, "")),
        series="plan",
        label="Extension thought possible",
        obs_value=higher - level,
        formula=f"≈{higher:g} − {level:g} bcm a year",
        unit_measure="BCM_YR",
        role="plan",
        indicator="PIPELINE_CAPACITY",
        project_id=SIBERIA,
    )
    return gather(
        contracted,
        on_row(extension, row, "plan", f"+{higher - level:g} to ≈{higher:g} thought possible", "RUS", level),
    )


def _last_flow(line: pd.DataFrame, row: str, area: str, by: str) -> pd.DataFrame:
    last = line.tail(1)
    if last.empty:
        return gather()
    words = f"{labels.number(last['obs_value'].iloc[0])} in {last['time_period'].iloc[0]}, {by}"
    return on_row(last, row, "counted", words, area)


def _second_siberia(tables: Tables) -> pd.DataFrame:
    """The capacity of a pipeline that is not built is drawn as the plan it is."""
    project = "POWER_OF_SIBERIA_2"
    capacity = pick(tables, indicator="PIPELINE_CAPACITY", project_id=project).head(1)
    states = tables.projects.set_index("project_id")["status"]
    if capacity.empty:
        return gather()
    look = "capacity" if states.get(project) == "operating" else "plan"
    words = f"{capacity['obs_value'].iloc[0]:g} by design, {states.get(project, 'status not stated')}, nothing flows"
    return on_row(quote(capacity, "capacity"), "Power of Siberia 2: plan", look, words, "RUS")


def _kazakh_roles(tables: Tables) -> pd.DataFrame:
    marks = kazakh_gas_marks(tables)
    target, flow = (marks[marks["series"] == name] for name in ("target", "imported"))
    aims = zip(target["obs_value"], target["time_period"].fillna(""), strict=True)
    words = "".join(f"{value:g} aimed at, {labels.no_year(window)}" for value, window in aims)
    return gather(
        on_row(target, "Kazakh gas: aim", "target", words, "KAZ"),
        _last_flow(flow, "Kazakh gas: flow", "KAZ", "Statistical Review"),
    )


def _turkmen_flow(tables: Tables) -> pd.DataFrame:
    flow = supplied_by(tables, "TKM")
    return _last_flow(flow, "Turkmen gas: flow (capacity not stated)", "TKM", "Statistical Review")


def _former_sales(tables: Tables) -> pd.DataFrame:
    """Former sales to Europe as the text implies them: the design of the second pipeline over “nearly half”."""
    where = {"project_id": "POWER_OF_SIBERIA_2"}
    capacity = pick(tables, indicator="PIPELINE_CAPACITY", **where).head(1)
    share = pick(tables, indicator="GAS_REPLACEMENT_SHARE", **where).head(1)
    if capacity.empty or share.empty:
        return gather()
    level, percent = float(capacity["obs_value"].iloc[0]), float(share["obs_value"].iloc[0])
    marks = compute(
        gather(quote(capacity, ""), quote(share, "")),
        series="implied",
        label="Former Russian gas sales to Europe, implied",
        obs_value=100 * level / percent,
        formula=f"{level:g} bcm a year / just under {percent:g} %",
        bound=">",
        unit_measure="BCM_YR",
        role="estimate",
    )
    words = f">{100 * level / percent:g}, computed from “nearly half”"
    return on_row(marks, "Former sales to Europe (implied)", "estimate", words, "W00")


def _roles_sentence(marks: pd.DataFrame) -> str:
    flow = [row for row in series_of(marks, "flow") if row["row"] == "Power of Siberia: flow"]
    capacity = [row for row in series_of(marks, "capacity") if row["row"].startswith("Power of Siberia:")]
    said = [
        f"Power of Siberia carried {carried['obs_value']:g} bcm in {carried['time_period']}, "
        f"with {contracted['obs_value']:g} contracted."
        for carried, contracted in zip(flow[:1], capacity[:1], strict=False)
    ]
    said += [
        "Power of Siberia 2, not built, was to replace nearly half of the sales to Europe, "
        f"which were therefore above {implied['obs_value']:g} bcm a year."
        for implied in series_of(marks, "implied")
    ]
    return " ".join(said) or f"Of gas routes to China {len(marks)} numbers are stated, no flow with its contract."
