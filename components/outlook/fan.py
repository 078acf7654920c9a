"""Two exhibits of one answer: the fan of the years ahead, and the odds of the target by year."""

from dataclasses import replace
from typing import Any

import pandas as pd

from components import labels
from components.charts import outlook as charts
from components.marks import COLUMNS, absent, exhibit, gather, pick, points_of, quote, without
from components.outlook.choices import MODELS, TITLES, ask, named
from components.outlook.made import forecast_mark
from components.views import Exhibit, Selection
from pipelines.errors import DataError
from pipelines.forecast.annual import Forecast
from pipelines.outlook.fan import Outlook, foresee
from pipelines.tables import Tables

FAN_TITLE = "The years ahead"
ODDS_TITLE = "How likely is the target?"
HONEST = "Bands were tested on hundreds of other short yearly series: “95 %” meant 92 to 97 % of the time."
BREAKS = (("2015", "fall of 2015"), ("2022", "war of 2022"))
"""Breaks of Russia's trade: marked, never repaired, for repairing made forecasts worse."""
UNREPAIRED = "The breaks of 2015 and 2022 are marked and read like other years: repairing breaks made forecasts worse."
BLIND = "The models read past values only; they know nothing of sanctions, prices or plans."
FAN_COLUMNS = {
    "label": "Mark", "time_period": "Year", "obs_value": "Value", "low": "Band from", "high": "Band to",
    "source_id": "Source",
}  # fmt: skip
ODDS_COLUMNS = {
    "label": "Level", "time_period": "Year", "rounded": "Odds", "meaning": "In words", "median": "Median forecast",
}  # fmt: skip


def fan(tables: Tables, selection: Selection) -> Exhibit:
    """Draw history, bands, median, last value repeated, required growth and targets; refusals stand in the chart."""
    try:
        answer = foresee(tables, ask(tables, selection))
    except DataError:
        return without(FAN_TITLE, absent(tables, f"series “{TITLES[selection['series']]}”"))
    title = f"{FAN_TITLE}: {TITLES[selection['series']]}"
    marks = fan_marks(tables, answer, members=selection["members"] == "on")
    figure = charts.fan(marks, log=selection["axis"] == "log", note=named(answer.refusal), breaks=_breaks(answer))
    drawn = exhibit(title, figure, marks, _fan_sentences(answer), _fan_caveats(answer))
    return replace(drawn, columns=FAN_COLUMNS)


def _breaks(answer: Outlook) -> list[tuple[str, str]]:
    """Return the breaks inside the history of a line about Russia."""
    made, first = answer.made, answer.chosen.points.iloc[0]
    if made is None or "RUS" not in (first["ref_area"], first["counterpart_area"]):
        return []
    return [(year, words) for year, words in BREAKS if made.series.years[0] < int(year) <= made.origin]


def fan_marks(tables: Tables, answer: Outlook, *, members: bool) -> pd.DataFrame:
    """Return one row for each mark of the fan."""
    parts = [_known(tables, answer), _targets(tables, answer)]
    if answer.made is not None:
        parts += [*_ahead(answer, answer.made), _growing(answer)]
        if members:
            parts.append(_members(answer, answer.made))
    if answer.question.deadline and answer.made is not None:
        parts += [_required(answer), _asked(answer)]
    unit = answer.chosen.points["unit_measure"].iloc[0]
    indicator = answer.chosen.points["indicator"].iloc[0]
    found = gather(*parts)
    quantity = labels.words(tables.codes).indicator(str(indicator))
    bounds = {
        name: [labels.value(value, unit) if value == value else "" for value in found[f"value_{name}"]]  # noqa: PLR0124
        for name in ("low", "high")
    }
    return found.assign(quantity=quantity, **bounds).reindex(
        columns=[*COLUMNS, "level", "words", "quantity", "low", "high"]
    )


def _known(tables: Tables, answer: Outlook) -> pd.DataFrame:
    points, label = answer.chosen.points, TITLES.get(answer.question.series_id, answer.question.series_id)
    if "line_id" not in points or answer.question.series_id.startswith("quoted:"):
        return quote(points, "quoted")
    marks = points_of(tables, points, "history", label)
    made = answer.made
    if made is None:
        return marks
    inside = marks["time_period"].astype(int).between(made.series.years[0], made.origin)
    return marks.assign(series=inside.map({True: "history", False: "outside"}))


def _targets(tables: Tables, answer: Outlook) -> pd.DataFrame:
    """Return the dated targets anyone set for the quantity, each level and year once."""
    first = answer.chosen.points.iloc[0]
    found = pick(tables, indicator=first["indicator"], role="target", unit_measure=first["unit_measure"])
    if found.empty or not isinstance(first["counterpart_area"], str):
        return gather()
    pair = {first["ref_area"], first["counterpart_area"]}
    ours = found[found["ref_area"].isin(pair) & found["counterpart_area"].isin(pair)]
    ours = ours[ours["time_period"].fillna("").str.fullmatch(r"\d{4}") & (ours["bound"] == "=")]
    once = ours.sort_values("vintage", na_position="last", kind="stable").drop_duplicates(["time_period", "obs_value"])
    return quote(once.sort_values("time_period", kind="stable"), "target")


def _base(answer: Outlook, made: Forecast, series: str, label: str) -> dict[str, Any]:
    span = f"{made.series.years[0]}–{made.origin}"
    said = f"{answer.model_title} of {made.series.count} values, {span}"
    return {"series": series, "label": label, **forecast_mark(answer.chosen.points, said)}


def _ahead(answer: Outlook, made: Forecast) -> list[pd.DataFrame]:
    median = f"{answer.model_title}{': scenario' if answer.question.scenario.kind in ('brent', 'ramp') else ''}"
    frame, last = made.frame, float(made.series.values[-1])
    start = {"time_period": str(made.origin), "obs_value": last, "value_low": last, "value_high": last}
    bands = []
    for level in made.parameters.levels:
        common = _base(answer, made, "band", f"{level:g} % band") | {"level": level}
        rows = frame[frame["level"] == level].to_dict("records")
        bands.append(common | start | {"formula": "last value, where the band opens"})
        bands += [
            common
            | {"time_period": r["time_period"], "obs_value": r["point"], "value_low": r["pi_lower"]}
            | {"value_high": r["pi_upper"]}
            for r in rows
        ]
    points = frame.drop_duplicates("time_period").to_dict("records")
    middle = _base(answer, made, "median", median)
    medians = [
        middle | {"time_period": r["time_period"], "obs_value": r["point"], "words": _band_words(made, r)}
        for r in points
    ]
    naive = _base(answer, made, "naive", "Last value repeated") | {"formula": f"value of {made.origin}"}
    naives = [
        naive | {"time_period": r["time_period"], "obs_value": r["point"]} for r in answer.naive.to_dict("records")
    ]
    return [pd.DataFrame(bands), pd.DataFrame(medians), pd.DataFrame(naives)]


def _band_words(made: Forecast, row: dict[Any, Any]) -> str:
    unit, own = made.series.unit_measure, made.frame[made.frame["time_period"] == row["time_period"]]
    return "<br>".join(
        f"{r['level']:g} %: {labels.value(r['pi_lower'], unit)} to {labels.value(r['pi_upper'], unit)}"
        for r in own.to_dict("records")
    )


def _members(answer: Outlook, made: Forecast) -> pd.DataFrame:
    rows = []
    for row in made.members.to_dict("records"):
        common = _base(answer, made, "member", f"Member: {MODELS[row['model']]}")
        spread = "own 95 % half-width " + labels.value(row["half_spread"], made.series.unit_measure)
        rows.append(common | {"time_period": row["time_period"], "obs_value": row["point"], "words": spread})
    return pd.DataFrame(rows)


def _growing(answer: Outlook) -> pd.DataFrame:
    if answer.made is None or answer.growth.empty:
        return gather()
    common = _base(answer, answer.made, "growth", str(answer.growth["scenario"].iloc[0]))
    rows = [
        common | {"time_period": r["time_period"], "obs_value": r["point"]} for r in answer.growth.to_dict("records")
    ]
    return pd.DataFrame(rows)


def _required(answer: Outlook) -> pd.DataFrame:
    if answer.made is None or answer.required_cagr is None:
        return gather()
    label = f"Growth needed: {_rate(answer.required_cagr)} a year"
    common = _base(answer, answer.made, "required", label)
    common |= {"role": "target", "formula": "one yearly rate from the last value to the target"}
    rows = [
        common | {"time_period": r["time_period"], "obs_value": r["required_value"]}
        for r in answer.required.to_dict("records")
    ]
    return pd.DataFrame(rows)


def _asked(answer: Outlook) -> pd.DataFrame:
    if answer.made is None or answer.question.target is None:
        return gather()
    common = _base(answer, answer.made, "asked", "The target asked about") | {
        "role": "target",
        "formula": "your choice",
    }
    words = f"{answer.odds.rounded}: {answer.odds.meaning}" if answer.odds else ""
    mark = {"time_period": str(answer.question.deadline), "obs_value": answer.question.target, "words": words}
    return pd.DataFrame([common | mark])


def _rate(rate: float) -> str:
    return labels.value(100 * rate, "PERCENT")


def _fan_sentences(answer: Outlook) -> list[str]:
    made, unit = answer.made, answer.chosen.series.unit_measure
    if made is None:
        return [named(answer.refusal)]
    row = made.frame[made.frame["level"] == made.parameters.levels[0]].iloc[-1]
    ahead = f"{answer.model_title}: {labels.value(row['point'], unit)} in {row['time_period']}"
    band = f"{row['level']:g} % band {labels.value(row['pi_lower'], unit)} to {labels.value(row['pi_upper'], unit)}"
    return [f"{ahead}, {band}.", _reach_sentence(answer, made), _growth_sentence(answer), named(answer.refusal)]


def _reach_sentence(answer: Outlook, made: Forecast) -> str:
    if answer.question.target is None:
        return ""
    shown = labels.value(answer.question.target, answer.chosen.series.unit_measure)
    if answer.median_year is None:
        return f"The median does not reach {shown} by {made.years[-1]}."
    return f"The median reaches {shown} in {answer.median_year}."


def _growth_sentence(answer: Outlook) -> str:
    if answer.required_cagr is None:
        return ""
    return f"The target asks for {_rate(answer.required_cagr)} a year from the last value."


def _fan_caveats(answer: Outlook) -> list[str]:
    made = answer.made
    if made is None:
        return [answer.chosen.seam]
    rejected = [f"Turned down: {name}, {reason}." for name, reason in answer.rejected]
    unrepaired = UNREPAIRED if len(_breaks(answer)) == len(BREAKS) else ""
    return [*(named(note) for note in made.notes), answer.chosen.seam, *rejected, unrepaired, HONEST]


def odds(tables: Tables, selection: Selection) -> Exhibit:
    """Draw the odds of at least the target in every year of the fan; refusals are said in words."""
    try:
        answer = foresee(tables, ask(tables, selection))
    except DataError:
        return without(ODDS_TITLE, absent(tables, f"series “{TITLES[selection['series']]}”"))
    refused = answer.refusal or (answer.made.no_probability if answer.made else "")
    if answer.made is None or refused or answer.by_year.empty:
        return without(ODDS_TITLE, named(refused or "No target was asked about."))
    marks = _odds_marks(answer, answer.made)
    figure = charts.odds_by_year(marks, deadline=str(answer.question.deadline))
    drawn = exhibit(ODDS_TITLE, figure, marks, _odds_sentences(answer, answer.made), _odds_caveats(answer, answer.made))
    return replace(drawn, columns=ODDS_COLUMNS)


def _odds_marks(answer: Outlook, made: Forecast) -> pd.DataFrame:
    unit = made.series.unit_measure
    shown = labels.value(answer.question.target, unit)
    common = _base(answer, made, "odds", f"At least {shown}") | {"unit_measure": "PERCENT"}
    rows = []
    for row in answer.by_year.to_dict("records"):
        step, bound = _stepped(str(row["rounded"]))
        words = f"{row['rounded']}: {row['meaning']} that {row['time_period']} brings at least {shown}"
        rows.append(
            common
            | {name: row[name] for name in ("time_period", "probability", "rounded", "meaning")}
            | {"obs_value": step, "bound": bound, "words": words, "median": labels.value(row["point"], unit)}
        )
    own = ["probability", "rounded", "meaning", "median", "words"]
    return gather(pd.DataFrame(rows).reindex(columns=[*COLUMNS, *own]))


def _stepped(rounded: str) -> tuple[float, str]:
    """Return the height and bound of a rounded probability.

    >>> _stepped("<5 %"), _stepped("40 %")
    ((5.0, '<'), (40.0, '='))
    """
    bound = rounded[0] if rounded[0] in "<>" else "="
    return float(rounded.strip("<> %")), bound


def _odds_sentences(answer: Outlook, made: Forecast) -> list[str]:
    if answer.odds is None:
        return [named(answer.no_odds)]
    found, unit = answer.odds, made.series.unit_measure
    what = f"At least {labels.value(found.target.value, unit)} in {found.target.year}"
    span = f"{made.series.count} yearly values, {made.series.years[0]}–{made.origin}"
    sentence = f"{what}: {found.rounded}, that is {found.meaning}, from {span}."
    scenario = answer.question.scenario.kind
    if made.scenario:
        sentence += f" {made.scenario}."
    if scenario == "growth":
        sentence += " The odds are those of the forecast, not of constant growth."
    return [sentence, _by_then_words(answer)]


def _by_then_words(answer: Outlook) -> str:
    if answer.by_then is None or answer.odds is None:
        return ""
    rounded = 5 * round(20 * answer.by_then)
    return f"In any year up to {answer.odds.target.year}: about {min(max(rounded, 5), 95)} %."


def _odds_caveats(answer: Outlook, made: Forecast) -> list[str]:
    cut = f"The past was cut at {made.origin}; every year from {made.series.years[0]} on was read."
    low = [named(note) for note in made.notes if note.startswith(("Low confidence", "The value of", "Scenario"))]
    return [cut, *low, answer.chosen.seam, BLIND]
