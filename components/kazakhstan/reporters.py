"""Who reports trade between Russia, China and Kazakhstan: what is held, and how far two reports lie apart."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from components import labels
from components.charts import reporters
from components.marks import (
    NAMES,
    absent,
    compute,
    draw_line,
    drawn_by,
    gather,
    pick,
    points_of,
    quote,
    told,
    typed,
    values_by_period,
    without,
)
from components.shelves import by_ids, matching, remembered, shelf
from components.views import Exhibit, Selection
from pipelines.tables import Tables

PAIRS: Mapping[str, tuple[str, str]] = {"CHN-KAZ": ("CHN", "KAZ"), "KAZ-RUS": ("KAZ", "RUS"), "CHN-RUS": ("CHN", "RUS")}
FLOWS: Mapping[str, str] = {"TRADE_TOTAL": "Turnover", "EXP_FOB": "Exports", "IMP_CIF": "Imports"}
TOWARDS: Mapping[str, str] = {"TRADE_TOTAL": "with", "EXP_FOB": "to", "IMP_CIF": "from"}
MIRRORED: Mapping[str, str] = {"TRADE_TOTAL": "TRADE_TOTAL", "EXP_FOB": "IMP_CIF", "IMP_CIF": "EXP_FOB"}
STATE_WORDS: Mapping[str, str] = {
    "official": "official",
    "estimate": "estimated from the partner",
    "press": "printed by the press alone",
    "quoted": "quoted by a document alone",
    "none": "nothing",
}
PARTS_ONLY = "the press printed single product groups and not the whole flow"
EMPTY_CELL = "nothing, for this cell is empty"
VALUE_YEARS = 8
_PERIOD = NAMES.index("time_period")


def pair_matrix(tables: Tables, selection: Selection) -> Exhibit:
    """Return which of the three pairs has which year, as each side reports it: what there is, or the values."""
    return (_matrix_of_values if selection["matrix"] == "values" else _matrix_of_states)(tables, selection)


@drawn_by(reporters.value_rows, "flow")
def _matrix_of_values(tables: Tables, flow: str) -> Exhibit:
    cells = _cells(tables, flow)
    note = "p: printed by the press; e: estimated from the partner's data; q: quoted by a document; dash: nothing."
    return _matrix(tables, flow, cells[cells["year"] > cells["year"].max() - VALUE_YEARS], note)


@drawn_by(reporters.coverage_rows, "flow", "since")
def _matrix_of_states(tables: Tables, flow: str, since: str) -> Exhibit:
    cells = _cells(tables, flow)
    note = "Hover over a cross to read why a year is empty."
    return _matrix(tables, flow, cells[cells["year"] >= int(since)], note)


def _cells(tables: Tables, indicator: str) -> pd.DataFrame:
    cells = shelf(tables.coverage).rows
    return cells[cells["pair"].isin(list(PAIRS)) & (cells["indicator"] == indicator)]


def _matrix(tables: Tables, indicator: str, cells: pd.DataFrame, note: str) -> Exhibit:
    title = f"Three pairs, six reporters: {FLOWS[indicator].lower()}"
    if cells.empty or (cells["state"] == "none").all():
        return without(title, absent(tables, f"{FLOWS[indicator].lower()} of any of the three pairs"))
    marks = _cell_marks(tables, cells, indicator)
    return told(
        title,
        marks,
        [_matrix_sentence(marks)],
        [
            "Exports are counted free on board, imports with cost and freight: two sides of one flow differ by nature.",
            note,
        ],
    )


def _cell_marks(tables: Tables, cells: pd.DataFrame, indicator: str) -> pd.DataFrame:
    names = labels.words(tables.codes)
    rows: list[list[Any]] = []
    for pair, ends in PAIRS.items():
        for area, other in (ends, ends[::-1]):
            ours = cells[(cells["ref_area"] == area) & (cells["pair"] == pair)].sort_values("year")
            held = {str(row[_PERIOD]): row for row in _held(tables, area, other, indicator).to_numpy().tolist()}
            name = f"{names.area(area)} reports trade with {names.area(other)}"
            found = ours[["year", "state", "reason"]].to_numpy()
            rows += [
                _cell(held.get(str(year)), (str(year), state, reason), name, (area, other))
                for year, state, reason in found
            ]
    return typed(pd.DataFrame(rows, columns=[*NAMES, "row", "state"], dtype=object))


def _cell(held: Sequence[Any] | None, cell: tuple[str, str, Any], row: str, areas: tuple[str, str]) -> list[Any]:
    """Say in a cell what there is or why there is nothing; single product groups are no value of the whole flow."""
    period, state, reason = cell
    mark = dict(zip(NAMES, held, strict=True)) if held is not None else dict.fromkeys(NAMES, float("nan"))
    mark |= {"time_period": period, "label": f"{row}: {_words(state, reason, held is None)}"}
    mark |= dict(zip(("ref_area", "counterpart_area"), areas, strict=True))
    if held is None:
        mark |= {"observation_id": "", "observation_ids": "", "source_id": "", "formula": EMPTY_CELL}
    return [*mark.values(), row, "none" if held is None else state]


def _words(state: str, reason: object, missing: bool) -> str:
    if state == "none":
        return str(reason)
    return PARTS_ONLY if missing else STATE_WORDS[state]


def _held(tables: Tables, area: str, other: str, indicator: str) -> pd.DataFrame:
    """One value for each year: of the preferred line, or of another, or else the printed one that is preferred."""
    beside = (tables.observations, tables.competing, tables.sources)
    key = ("held", area, other, indicator)
    return remembered(tables.series, beside, key, lambda: _find_held(tables, area, other, indicator))


def _find_held(tables: Tables, area: str, other: str, indicator: str) -> pd.DataFrame:
    where = {"indicator": indicator, "ref_area": area, "counterpart_area": other, "commodity": "_T"}
    line = draw_line(tables, "cell", "", **where)
    others = points_of(tables, _other_lines(tables, where), "cell", "")
    printed = quote(_printed(tables, **where), "cell")
    return gather(line, others, printed).drop_duplicates("time_period", keep="first").reindex(columns=NAMES)


def _other_lines(tables: Tables, where: Mapping[str, str]) -> pd.DataFrame:
    """Yearly points of the lines that are not preferred, reported before estimated ones."""
    rows = matching(tables.series, freq="A", **where)
    return rows[~rows["is_preferred"]].sort_values(["time_period", "obs_status"])


def _printed(tables: Tables, **where: str) -> pd.DataFrame:
    """Annual figures as printed, the preferred one of each year first."""
    rows = pick(tables, freq="A", role="actual", measure_type="flow", unit_measure="USD", **where)
    rows = rows[rows["provenance"] != "statistic"]
    rivals = shelf(tables.competing).rows
    second = rows["observation_id"].isin(rivals.loc[~rivals["is_preferred"], "observation_id"])
    return rows.assign(_second=second).sort_values(["time_period", "_second"]).drop_duplicates("time_period")


def _matrix_sentence(marks: pd.DataFrame) -> str:
    counts = marks["state"].value_counts()
    said = [
        f"{counts[state]} {'is' if counts[state] == 1 else 'are'} {words}"
        for state, words in STATE_WORDS.items()
        if state in counts and state != "none"
    ]
    left = counts.get("none", 0)
    empty = f"; {left} {'is' if left == 1 else 'are'} empty" if left else ""
    years = f"{marks['time_period'].min()} to {marks['time_period'].max()}"
    return f"Of {len(marks)} cells from {years}, {labels.join_words(said)}{empty}."


@drawn_by(reporters.both_reporters, "pair", "side")
def both_sides(tables: Tables, pair: str, side: str) -> Exhibit:
    """Return what either side of a pair reports of one flow, and the gap between them."""
    names = labels.words(tables.codes)
    flow = _mirror_flow(pair, side)
    title = f"{_flow_words(names, pair, side)} as each side reports it"
    rows = matching(tables.mirror, pair=pair, flow=flow).sort_values("time_period")
    if rows.empty:
        return without(
            title, f"{absent(tables, 'period of this flow that both sides report')} {_why(tables, pair, side)}"
        )
    return told(
        title,
        gather(*(_sides(tables, names, row) for row in rows.to_dict("records"))),
        [_gap_sentence(names, rows)],
        [
            "The gap is in percent of the mean of both reports. Values estimated from the partner never enter: a gap "
            "against them would be circular.",
            "Official pairs come first; where one side has no official value, a figure printed by the press stands in."
            if (rows["basis"] == "press").any()
            else "",
        ],
    )


def _mirror_flow(pair: str, kind: str) -> str:
    first, second = PAIRS[pair]
    return {"total": f"{pair} total", "forth": f"{first}>{second}", "back": f"{second}>{first}"}[kind]


def _flow_words(names: labels.Words, pair: str, kind: str) -> str:
    first, second = (names.area(area) for area in PAIRS[pair])
    if kind == "total":
        return f"Trade of {first} and {second}"
    return f"Exports of {first} to {second}" if kind == "forth" else f"Exports of {second} to {first}"


def _why(tables: Tables, pair: str, kind: str) -> str:
    """Say of each side what is missing: the reason of its newest empty year."""
    first, second = PAIRS[pair]
    wanted = {
        "total": ((first, "TRADE_TOTAL"), (second, "TRADE_TOTAL")),
        "forth": ((first, "EXP_FOB"), (second, "IMP_CIF")),
        "back": ((second, "EXP_FOB"), (first, "IMP_CIF")),
    }[kind]
    names = labels.words(tables.codes)
    said = []
    for area, indicator in wanted:
        cells = matching(tables.coverage, pair=pair, ref_area=area, indicator=indicator)
        held = cells[cells["state"] != "none"].sort_values("year")
        years = labels.join_words([str(year) for year in held["year"].tail(2)])
        said.append(f"{names.area(area)} states it for {f'{years} at the latest' if years else 'no year'}")
    return f"{'; '.join(said)}."


def _sides(tables: Tables, names: labels.Words, row: Mapping[Hashable, object]) -> pd.DataFrame:
    period = str(row["time_period"])
    common = {"time_period": period, "unit_measure": str(row["unit_measure"]), "row": labels.period(period)}
    sides = [
        _side(tables, names, row, end).assign(row=common["row"], time_period=period, start=0.0) for end in ("a", "b")
    ]
    low, high = sorted((float(str(row["value_a"])), float(str(row["value_b"]))))
    percent = labels.number(round(100 * float(str(row["asymmetry"]))))
    said = [
        f"{names.area(str(row[f'reporter_{end}']))} {labels.value(float(str(row[f'value_{end}'])), 'USD')}"
        for end in ("a", "b")
    ]
    gap = compute(
        gather(*sides), series="gap", label="Gap between the two reports", obs_value=high - low,
        formula=f"{said[1]} − {said[0]}; asymmetry {percent} % of their mean", unit_measure=common["unit_measure"],
        time_period=period,
    )  # fmt: skip
    note = f"{', '.join(said)}: {percent} %"
    return gather(*sides, gap.assign(row=common["row"], start=low)).assign(note=note)


def _side(tables: Tables, names: labels.Words, row: Mapping[Hashable, object], end: str) -> pd.DataFrame:
    """The mark of one side: the observation itself, or the sum of the observations it is computed from."""
    ids = str(row[f"observation_ids_{end}"]).split(" ; ")
    area = str(row[f"reporter_{end}"])
    rows = by_ids(tables.observations, ids).dropna(subset=["observation_id"])
    label = f"{names.area(area)} reports"
    if len(ids) == 1:
        return quote(rows, area, label)
    return compute(
        rows, series=area, label=label, obs_value=float(str(row[f"value_{end}"])),
        formula="exports (FOB) + imports (CIF)", unit_measure=str(row["unit_measure"]), ref_area=area,
        source_class=str(rows["source_class"].iloc[0]), provenance="statistic", freq=str(row["freq"]),
        indicator="TRADE_TOTAL",
    )  # fmt: skip


def _gap_sentence(names: labels.Words, rows: pd.DataFrame) -> str:
    last = rows.sort_values("time_period").iloc[-1]
    first, second = names.area(last["reporter_a"]), names.area(last["reporter_b"])
    return (
        f"For {labels.period(last['time_period'])} {first} reports {labels.value(last['value_a'], 'USD')} and {second} "
        f"{labels.value(last['value_b'], 'USD')}, a gap of {labels.number(round(100 * abs(last['asymmetry'])))} % "
        "of their mean."
    )


@drawn_by(reporters.reporters_over_time, "flow")
def both_over_time(tables: Tables, flow: str) -> Exhibit:
    """Return Kazakhstan's own line of its trade with China and China's figures of the same flow, never joined."""
    title = f"Kazakhstan's {FLOWS[flow].lower()} {TOWARDS[flow]} China, by either side"
    line = draw_line(
        tables,
        "line",
        "Kazakhstan reports",
        indicator=flow,
        ref_area="KAZ",
        counterpart_area="CHN",
        commodity="_T",
    )
    points = _held(tables, "CHN", "KAZ", MIRRORED[flow]).sort_values("time_period")
    points = points.assign(series="points", label="China reports", line_id="")
    own = _held(tables, "KAZ", "CHN", flow)
    own = own[~own["time_period"].isin(line["time_period"])]
    own = own.assign(series="own", label="Kazakhstan, as printed", line_id="")
    marks = gather(line, own, points)
    if marks.empty:
        return without(title, absent(tables, "trade of Kazakhstan with China"))
    return told(
        title,
        marks,
        [_over_time_sentence(gather(line, own), points)],
        [
            "Each side's values stay apart: no line runs from one reporter to the other. "
            "Open marks were printed by the press, filled ones are official.",
            "Kazakhstan's years come from several workbooks, joined as a declared chain; dotted rules show the seams.",
        ],
    )


def _over_time_sentence(line: pd.DataFrame, points: pd.DataFrame) -> str:
    counted, others = values_by_period(line), values_by_period(points)
    both = [year for year in counted if year in others]
    if not both:
        return "No year here has a value of both sides."
    bound = dict(zip(points["time_period"], points["bound"], strict=True))[both[-1]]
    return (
        f"For {both[-1]} Kazakhstan counts {labels.value(counted[both[-1]], 'USD')} and China "
        f"{labels.bounded(others[both[-1]], 'USD', str(bound))}."
    )
