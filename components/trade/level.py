"""How much was traded: official lines, quoted figures, promises and events on one time axis."""

from collections.abc import Iterator
from operator import itemgetter

import pandas as pd

from components import labels
from components.charts import base
from components.charts.base import Row, records
from components.charts.timeline import timeline
from components.marks import hold_rows
from components.promises import EXPECTATION
from components.shelves import codes_in
from components.trade import rows as drawn
from components.trade.money import MONEY_PARAMETERS, price_words, restate, restated_words
from components.trade.rows import Rows
from components.trade.scope import SCOPE, Scope, place, scope_of
from components.views import Choice, Exhibit, Parameter, Selection
from pipelines.analyse.growth import cagr, required_path
from pipelines.tables import Tables

SCALE = Parameter(
    "scale", "Scale", "linear", choices=(Choice("linear", "Linear"), Choice("log", "Logarithmic")), advanced=True
)
TARGETS = Parameter("targets", "Targets", "on", "flag", advanced=True)
EVENTS = Parameter("events", "Events", "on", "flag", advanced=True)
PATH = Parameter(
    "path",
    "Growth that was needed",
    "off",
    "flag",
    advanced=True,
    help="From the official value of 2015, never from a disputed one, to the goal of 2020.",
)
PRESS = Parameter(
    "press", "Press figures beside official ones", "off", "flag", advanced=True, help="Off: only where no line exists."
)
SWITCHES = {"targets": ("target", "undated"), "path": ("path",)}
PARAMETERS = (*SCOPE, SCALE, *MONEY_PARAMETERS, TARGETS, EVENTS, PATH, PRESS)

# Last year and reason of a record that ended or is held no further; a line that ends elsewhere says only its year.
STOPS = {
    "fcs_monthly": ("2021", "publication ceased 2022"),
    "fcs_annual": ("2021", "publication ceased 2022"),
    "kz_bns": ("2023", "newest edition ends 2023"),
    "eurostat_comext": ("2023", "extract ends 2023"),
}
PATH_START, PATH_END = "2015", "2020"


def build(tables: Tables, selection: Selection) -> Exhibit:
    """Return the exhibit of the level of trade."""
    scope = scope_of(selection)
    words = labels.words(tables.codes)
    held = hold_rows(tables, ("level", scope.pair.code, scope.flow), lambda: _material(tables, scope))
    wanted, notes = restate(tables, _wanted(held, scope, selection), selection)
    if not any(row["mark"] in ("line", "point", "band") for row in wanted):
        return drawn.empty(tables, scope.words(words), " ".join(notes) or _why_nothing(tables, scope))
    rows = named_ends(_tagged_as_drawn(wanted), words)
    events = _events(tables, scope) if selection["events"] == "on" else ()
    axis = f"{_quantity(scope)}, {price_words(rows)}"
    chart = timeline(rows, events, axis=axis, log=selection["scale"] == "log", words=words)
    caveats = [*_caveats(scope, rows, drawn.growth_rows(tables, scope)), *notes]
    summary = _summary(words, scope, rows) + restated_words(rows)
    return drawn.exhibit(scope.words(words), rows, chart, summary, caveats=caveats)


def _tagged_as_drawn(rows: Rows) -> Rows:
    """Return the rows with tags that hold in their money: what was compared in dollars of each year names no others."""
    return [
        {**row, "note": f"{row['note'].partition(': ')[2].partition(' (')[0]} of its year"}
        if row["mark"] == "point" and isinstance(row["note"], str) and row["price_basis"] != "current"
        else row
        for row in rows
    ]


def _material(tables: Tables, scope: Scope) -> pd.DataFrame:
    """Return everything there is to draw of all years; `is_extra` marks press figures beside a line."""
    every = Scope(scope.pair, scope.flow)
    lines = lines_of(tables, every)
    points = _points(tables, every, lines)
    targets = _targets(tables, every)
    return with_colours(drawn.stack([lines, points, targets, _path(lines, targets)]))


def _wanted(held: Rows, scope: Scope, selection: Selection) -> Rows:
    """Return what the reader wants of it: the years, and what is switched on."""
    off = {name for name, marks in SWITCHES.items() if selection[name] == "off" for name in marks}
    covered = {period for period in codes_in(held, "time_period") if scope.covers(period)}
    shown = [row for row in held if row["time_period"] in covered or row["mark"] == "undated"]
    is_sparing = selection["press"] != "on"
    return [row for row in shown if row["mark"] not in off and not (is_sparing and row.get("is_extra") is True)]


def lines_of(tables: Tables, scope: Scope, indicator: str = "") -> pd.DataFrame:
    """Return the official lines of every reporter; the last point of each reporter carries its name and its stop."""
    parts = [
        with_stop(tables, drawn.official(tables, scope, reporter, indicator), reporter)
        for reporter in scope.pair.reporters
    ]
    return drawn.stack(parts)


def named_ends(rows: Rows, words: labels.Words) -> Rows:
    """Return the rows with a name at the last point of each reporter whose own end lies outside the years shown."""
    lines = base.by(drawn.lines_in(rows), itemgetter("ref_area"))
    nameless = {area: own for area, own in lines.items() if not any(isinstance(row["note"], str) for row in own)}
    ends = {id(max(reversed(own), key=itemgetter("time_period"))): area for area, own in nameless.items()}
    if not ends:
        return rows
    return [
        {**row, "note": f"{drawn.sentence(place(words, ends[id(row)]))} reports"} if id(row) in ends else row
        for row in rows
    ]


def with_colours(marks: pd.DataFrame) -> pd.DataFrame:
    """Return the marks with the area whose colour each has; figures of documents name no reporter and have none."""
    return marks.assign(colour_of=marks["ref_area"].where(~marks["is_document"].eq(True), ""))


def with_stop(tables: Tables, lines: pd.DataFrame, reporter: str, name: str = "") -> pd.DataFrame:
    """Return a reporter's lines with a name at the newest point, and why they end there where they end early."""
    ends = lines[lines["mark"] == "line"].groupby("line_id", sort=False)["time_period"].max()
    if ends.empty:
        return lines
    line_id, year = str(ends.idxmax()), str(ends.max())
    name = name or f"{place(labels.words(tables.codes), reporter)} reports"
    at_end = (lines["line_id"] == line_id) & (lines["time_period"] == year)
    stop = _stop(tables, str(lines.loc[at_end, "source_id"].iloc[0]), year)
    text = drawn.sentence(f"{name}; {stop}" if stop else name)
    return lines.assign(note=at_end.map({True: text, False: None}).astype("object"))


def _stop(tables: Tables, source_id: str, year: str) -> str:
    if year >= _newest(tables):
        return ""
    last, reason = STOPS.get(source_id, ("", ""))
    return reason if year == last else f"ends {year}"


def _newest(tables: Tables) -> str:
    series = tables.series
    rows = hold_rows(tables, "newest", lambda: series[series["freq"] == "A"].nlargest(1, "period_start"))
    return str(rows[0]["time_period"]) if rows else ""


def _points(tables: Tables, scope: Scope, lines: pd.DataFrame) -> pd.DataFrame:
    """Return what is printed; press figures for a year a line of that reporter has, or told again, are `is_extra`."""
    parts = []
    for reporter in scope.pair.reporters:
        rows = drawn.printed(tables, scope, reporter)
        held = lines.loc[(lines["ref_area"] == reporter) & (lines["mark"] == "line"), "time_period"]
        gaps = rows[~rows["is_document"].astype(bool) & ~rows["time_period"].isin(held)]
        shown = set(drawn.one_each(gaps)["observation_id"]) | set(
            rows.loc[rows["is_document"].astype(bool), "observation_id"]
        )
        parts.append(rows.assign(is_extra=~rows["observation_id"].isin(shown)))
    points = drawn.stack(parts)
    tags = [_tag(row, lines) for row in records(points)]
    return points.assign(note=pd.Series(tags, index=points.index, dtype="object"))


def _tag(row: Row, lines: pd.DataFrame) -> str | None:
    """Return the tag of a document's figure that lies outside everything published for its year."""
    if row["mark"] != "point" or row["is_document"] is not True:
        return None
    return _outside(row, lines)


def _outside(row: Row, lines: pd.DataFrame) -> str | None:
    """Compare the whole interval the words allow with at least two publishers of the year."""
    preferred = lines[(lines["time_period"] == row["time_period"]) & (lines["mark"] == "line")]
    preferred = preferred.drop_duplicates("ref_area")
    if len(preferred) < 2:
        return None
    values = preferred["obs_value"].tolist()
    low, high = min(values), max(values)
    span = f"{low / 1e9:.1f}–{high / 1e9:.1f}"
    shown = labels.number(float(row["obs_value"]) / 1e9)
    if float(row["value_high"]) < low:
        return f"{shown}: below every publisher ({span})"
    return f"{shown}: above every publisher ({span})" if float(row["value_low"]) > high else None


def _targets(tables: Tables, scope: Scope) -> pd.DataFrame:
    """Return one row for each promised value and deadline; every issuer stands in `said_by`."""
    if scope.pair.kind != "bilateral" or scope.flow != "total":
        return drawn.none()
    ends = {scope.pair.first, scope.pair.second}
    promises = tables.commitments
    is_here = (promises["indicator"] == "TRADE_TOTAL") & promises["ref_area"].isin(ends)
    promises = promises[is_here & promises["counterpart_area"].isin(ends)].merge(
        tables.attainment[["commitment_id", "verdict", "target_value", "target_value_high"]],
        on="commitment_id",
        suffixes=("_stated", ""),
        validate="one_to_one",
    )
    promises = promises.sort_values("said_on", na_position="last").assign(deadline=promises["deadline"].fillna(""))
    groups = promises.groupby(["deadline", "target_value", promises["target_value_high"].fillna(0)], sort=True)
    return drawn.stack([_target(tables, group) for _, group in groups])


def _target(tables: Tables, issues: pd.DataFrame) -> pd.DataFrame:
    ids = [part for cell in issues["target_figure_ids"].dropna() for part in cell.split(";")]
    known = tables.observations[tables.observations["observation_id"].isin(ids)]
    if known.empty:
        return drawn.none()
    first, deadline = issues.iloc[0], str(issues["deadline"].iloc[0])
    row = known.sort_values(["is_hidden", "vintage"], kind="stable").head(1)
    said = [f"{i['issuer']} ({i['said_on']})" if isinstance(i["said_on"], str) else str(i["issuer"])
            for i in issues.to_dict("records")]  # fmt: skip
    return drawn.from_observations(row).assign(
        mark="target" if deadline else "undated",
        label=f"{first['title']}: {first['verdict']}",
        time_period=deadline,
        obs_value=float(first["target_value"]),
        value_low=float(first["target_value"]) if pd.notna(first["target_value_high"]) else float("nan"),
        value_high=float(first["target_value_high"]),
        bound="=",
        role="estimate" if EXPECTATION in str(first["title"]) else "target",
        said_by="; ".join(dict.fromkeys(said)),
        publisher="",
        vintage="",
    )


def _path(lines: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Return the growth that led from the preferred official value to the goal; nothing where either is missing."""
    start = lines[(lines["time_period"] == PATH_START) & (lines["mark"] == "line")].head(1)
    goal = targets[(targets["time_period"] == PATH_END) & (targets["mark"] == "target")].head(1)
    if start.empty or goal.empty:
        return drawn.none()
    first, last = float(start["obs_value"].iloc[0]), float(goal["obs_value"].iloc[0])
    rate = cagr(first, last, int(PATH_END) - int(PATH_START))
    steps = required_path(first, int(PATH_START), last, int(PATH_END))
    names = {"line_id": "path", "indicator": "TRADE_TOTAL", "role": "target", "measure_type": "flow", "freq": "A"}
    inputs = [
        str(row[0] or row[1])
        for frame in (start, goal)
        for row in frame[["observation_id", "observation_ids"]].to_numpy()
    ]
    path = pd.DataFrame({"time_period": [str(year) for year, _ in steps], "obs_value": [value for _, value in steps]})
    return path.assign(
        **names,
        mark="path",
        label=f"{drawn.percent(rate)} a year, from the official value of {PATH_START} to the goal of {PATH_END}",
        unit_measure="USD",
        price_basis="current",
        observation_id="",
        observation_ids=" ; ".join(inputs),
        source_id=start["source_id"].iloc[0],
        formula=f"value of {PATH_START} × (1 + {rate:.2f} %) a year",
        provenance="derived",
    ).reindex(columns=list(drawn.COLUMNS))


def _events(tables: Tables, scope: Scope) -> Rows:
    ends = {scope.pair.first, scope.pair.second} - {"W00"}
    events = tables.events
    rows = hold_rows(tables, "events", lambda: events.loc[events["on_charts"].astype(bool)])
    return [row for row in rows if ends & set(str(row["areas"]).split(";"))]


def _quantity(scope: Scope) -> str:
    if scope.flow == "total" and scope.pair.kind != "exports":
        return "Turnover"
    return "Imports" if scope.pair.kind == "world" and scope.flow == "second" else "Exports"


def _why_nothing(tables: Tables, scope: Scope) -> str:
    names = labels.words(tables.codes)
    what = scope.words(names)
    if scope.pair.kind == "exports" and scope.flow == "second":
        return f"No table at hand gives the {what}: the extract of Eurostat holds what the EU sells, not what it buys."
    who = labels.join_words([place(names, reporter) for reporter in scope.pair.reporters])
    missing = f"No figure for the {what} in {scope.years} is held"
    return f"{missing}, neither from the statistics of {who} nor printed elsewhere."


def _summary(words: labels.Words, scope: Scope, rows: Rows) -> str:
    """Return the newest value with who counts it, and the value of the year before within the same line."""
    actual = [row for row in rows if row["mark"] in ("line", "point")]
    if not actual:
        (band, *_) = (row for row in rows if row["mark"] == "band")
        between = labels.interval(band["value_low"], band["value_high"], str(band["unit_measure"]))
        when = labels.period(band["time_period"])
        return f"{drawn.sentence(scope.words(words))}: quoted is {between} a year for {when}."
    last = max(map(itemgetter("time_period"), actual))
    newest = max((row for row in actual if row["time_period"] == last), key=lambda row: row["mark"] == "line")
    what, year = drawn.sentence(scope.words(words)), str(newest["time_period"])
    who = place(words, str(newest["ref_area"]))
    said = f"as {who} counts it"
    if newest["mark"] == "point":
        said = f"as printed by {newest['publisher']} ({who} reporting)"
    amount = labels.bounded(newest["obs_value"], str(newest["unit_measure"]), str(newest["bound"]))
    before = _before(newest, actual)
    if before is None:
        return f"{what} came to {amount} in {year}, {said}."
    change = 100 * (newest["obs_value"] / before - 1)
    return f"{what} came to {amount} in {year}, {said}: {drawn.percent(change, signed=True)} on the year before."


def _before(newest: Row, rows: Rows) -> float | None:
    """Return the value of the year before on the same line, if there is one."""
    if newest["mark"] != "line":
        return None
    year = str(int(newest["time_period"]) - 1)
    earlier = (row for row in rows if row["time_period"] == year and row["mark"] == "line")
    return next((float(row["obs_value"]) for row in earlier if row["line_id"] == newest["line_id"]), None)


def _caveats(scope: Scope, rows: Rows, growth: Rows) -> Iterator[str]:
    yield from quoted_arithmetic(rows, growth)
    marks = base.by(rows, itemgetter("mark"))
    lines = marks.get("line", [])
    yield from (f"At the seam: {note}" for note in map(itemgetter("seam_note"), lines) if isinstance(note, str))
    if len(codes_in(lines, "ref_area")) > 1:
        yield "Each reporter has its own line, and no line joins the two: they count at different borders and prices."
    yield from _two_lines(lines)
    guessed = [row["time_period"] for row in marks.get("estimate", ())]
    if guessed:
        yield f"Hollow: {', '.join(guessed)} is estimated from the partner's own data and is no second report."
    for row in marks.get("undated", ()):
        amount = labels.value(row["obs_value"], row["unit_measure"])
        yield f"The goal of {amount} names no year in its first report, so it stands beside the axis."
    if "point" in marks and "line" not in marks:
        yield "Points come from different pages and are not joined: no single source holds the series."
    yield _scope_caveat(scope)


def _two_lines(lines: Rows) -> Iterator[str]:
    """Yield for each reporter with more than one line which is which."""
    ends: dict[tuple[str, str], Row] = dict(zip(map(itemgetter("ref_area", "line_id"), lines), lines, strict=True))
    for area in dict.fromkeys(area for area, _ in ends):
        own = [row for (other, _), row in ends.items() if other == area]
        if len(own) > 1 and len({row["time_period"] for row in lines if row["ref_area"] == area}) > 1:
            said = [f"{row['part_name']} to {row['time_period']}" for row in own]
            yield f"Two records of the same reporter: {said[0]} (solid), {' and '.join(said[1:])} (dotted)."


def quoted_arithmetic(rows: Rows, growth: Rows) -> Iterator[str]:
    """Yield a sentence where a document's two levels and its growth between them do not agree."""
    quoted = [row for row in rows if row["mark"] == "point" and row["is_document"] is True]
    if any(row["price_basis"] != "current" for row in quoted):
        return
    levels = {(row["source_id"], row["time_period"]): row for row in quoted}
    for change in growth:
        after = levels.get((change["source_id"], change["time_period"]))
        before = levels.get((change["source_id"], str(int(after["time_period"]) - 1))) if after else None
        if after is None or before is None:
            continue
        implied = before["obs_value"] * (1 + change["obs_value"] / 100)
        if not after["value_low"] <= implied <= after["value_high"]:
            first, last, result = (labels.value(v, "USD") for v in (before["obs_value"], after["obs_value"], implied))
            moved = f"{'less' if change['obs_value'] < 0 else 'plus'} {drawn.percent(abs(change['obs_value']))}"
            yield (
                f"The quoted figures do not agree: {first} {moved} is {result} and not {last}; "
                f"nothing is computed from the value quoted for {after['time_period']}."
            )


def _scope_caveat(scope: Scope) -> str:
    if scope.pair.kind == "exports":
        return "What the EU sells as Eurostat counts it, in euros; the partners' own records of it are not held."
    if scope.flow != "total" and scope.pair.kind == "bilateral":
        return "The seller counts free on board, the buyer with freight and insurance: the same goods have two values."
    return ""
