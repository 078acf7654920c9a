"""Two exhibits on the past: forecasts of that time beside what came, and the odds targets had when they were set."""

import math
from dataclasses import replace
from typing import Any

import pandas as pd

from components import labels
from components.charts import then as charts
from components.labels import NBSP
from components.marks import COLUMNS, absent, exhibit, gather, points_of, without
from components.outlook.choices import named
from components.outlook.made import forecast_mark
from components.views import Exhibit, Selection
from pipelines.errors import DataError
from pipelines.forecast.annual import Forecast
from pipelines.forecast.probability import round_probability
from pipelines.outlook.past import ThenAndNow, look_back
from pipelines.tables import Tables

THEN_TITLE = "Then and now: were the targets ever likely?"
ODDS_TITLE = "The odds of each target, read to two dates"
FEW = "A handful of targets is no calibration: four outcomes can neither prove nor disprove odds."
BLIND = "The odds know nothing of sanctions or prices, neither those that came nor those that were feared."
EDITION = "Each fan reads today's edition of the values up to its year, not the figures known in that year."
STRIP_HEAD = "<b>Odds of official targets when they were set</b><br>from the n values to the end of that year"
STRIP_COLUMNS = ("symbol", "position", "state", "short", "tick", "tick_narrow", "rounded")
WHEN = {2014: "before the fall", 2019: "before Covid", 2021: "before the war"}
SIDE_WORDS = {"end": "to the end of the year it was set", "before": "to the end of the year before it was set"}
THEN_COLUMNS = {
    "origin": "Made with values to", "label": "Mark", "time_period": "Year", "obs_value": "Value",
    "low": "Band from", "high": "Band to",
}  # fmt: skip
ODDS_COLUMNS = {
    "label": "Target", "said_on": "Set", "read_to": "Values to", "n": "Number of values", "rounded": "Odds",
    "meaning": "In words", "came": "What came",
}  # fmt: skip


def then_and_now(tables: Tables, selection: Selection) -> Exhibit:
    """Draw the fan of each past origin with what came, the targets of that time and their odds."""
    del selection
    try:
        found = look_back(tables)
    except DataError:
        return without(THEN_TITLE, absent(tables, "line of China–Russia trade to look back on"))
    if not found.made:
        reason = " ".join(found.refused) or "The values end before the first of the past dates, 2014."
        return without(THEN_TITLE, named(reason))
    strip = _strip(found)
    marks = gather(*(frame for made in found.made for frame in _panel(tables, found, made)), strip)
    marks = marks.reindex(columns=[*COLUMNS, *STRIP_COLUMNS, "origin", "level", "words", "low", "high"])
    marks = marks.assign(**{n: [_amount(v) for v in marks[f"value_{n}"]] for n in ("low", "high")})
    figure = charts.then_and_now(marks, [_head(found, made) for made in found.made], STRIP_HEAD)
    drawn = exhibit(THEN_TITLE, figure, marks, _then_sentences(found), [FEW, BLIND, EDITION, *found.refused])
    return replace(drawn, columns=THEN_COLUMNS)


def _strip(found: ThenAndNow) -> pd.DataFrame:
    """Return one mark for each target that has odds or a first likely year, read to the end of the year it was set."""
    rows = []
    for row in found.promises[found.promises["side"] == "end"].to_dict("records"):
        mark = _odds_mark(found, row)
        if mark["position"] is None:
            continue
        bn, due = labels.number(float(row["target_value"]) / 1e9), str(row["deadline"])
        when = f"set {mark['said_on']}, n = {row['count']}"
        tick = f"<b>{bn} bn {f'by {due}' if due else 'undated'}</b><br>{when}<br>{_came(row).partition(',')[0]}"
        narrow = f"<b>{bn}</b><br>{due or 'undated'}<br>{mark['state']}"
        likely = mark["words"].partition(":")[0].replace("likely from ", "from<br>").removesuffix(" on")
        own = {"symbol": mark["series"], "series": "strip", "tick": tick, "tick_narrow": narrow}
        rows.append(mark | own | {"short": mark["short"] if due else likely})
    return pd.DataFrame(rows)


def _then_sentences(found: ThenAndNow) -> list[str]:
    """Say how many targets had better than even odds, what became of those due, and what the past bands held."""
    own = found.promises[(found.promises["side"] == "end") & (found.promises["deadline"] != "")]
    told = own[own["probability"].notna()].to_dict("records")
    likely, due = [row for row in told if row["probability"] > 0.5], [row for row in told if _state(row) != "open"]
    met = [row for row in due if _state(row) == "met"]
    hits = [_hits(found, made) for made in found.made]
    *most, last = [f"{held} of {total}" for held, total in hits if total] or [""]
    held = f"{', '.join(most)} and {last}" if most else last
    level = found.made[0].parameters.levels[0]
    return [
        f"{len(likely)} of {len(told)} dated targets had better than even odds when set{_listed(likely)}."
        if told
        else "",
        f"{len(met)} of the {len(due)} now due was met{_listed(met)}." if due else "",
        *(
            f"The {row['target_value'] / 1e9:g} bn without a year: {_likely(row)['meaning']}."
            for row in _undated(found)
        ),
        f"The {level:g} % bands held {held} of the values that came." if held else "",
    ]


def _listed(rows: list[dict[Any, Any]]) -> str:
    named_rows = [
        f"{labels.number(row['target_value'] / 1e9)} bn by {row['deadline']}: {row['rounded']}" for row in rows
    ]
    return f" ({'; '.join(named_rows)})" if rows else ""


def _undated(found: ThenAndNow) -> list[dict[Any, Any]]:
    rows = found.promises
    return list(rows[(rows["side"] == "end") & (rows["deadline"] == "")].to_dict("records"))


def _amount(value: float) -> str:
    return "" if math.isnan(value) else labels.value(value, "USD")


def _panel(tables: Tables, found: ThenAndNow, made: Forecast) -> list[pd.DataFrame]:
    last = min(made.years[-1], found.series.origin)
    points = points_of(tables, found.points, "history", "China reporting")
    years = points["time_period"].astype(int)
    known = points[(years <= made.origin) & (years >= 2004)]
    came = points[(years >= made.origin) & (years <= last)].assign(series="came", label="What came")
    frames = [known, came if made.origin < last else came.iloc[:0], *_fan(found, made), _targets(found, made)]
    return [frame.assign(origin=str(made.origin)) for frame in frames if len(frame)]


def _common(found: ThenAndNow, made: Forecast) -> dict[str, Any]:
    span = f"{made.series.years[0]}–{made.origin}"
    return forecast_mark(found.points, f"Median combination of {made.series.count} values, {span}")


def _fan(found: ThenAndNow, made: Forecast) -> list[pd.DataFrame]:
    common, last = _common(found, made), float(made.series.values[-1])
    rows = []
    for level in made.parameters.levels:
        band = common | {
            "series": "band",
            "label": f"{level:g} % band, made with values to {made.origin}",
            "level": level,
        }
        start = {"time_period": str(made.origin), "obs_value": last, "value_low": last, "value_high": last}
        rows.append(band | start | {"formula": "last value, where the band opens"})
        own = made.frame[made.frame["level"] == level].to_dict("records")
        rows += [
            band
            | {"time_period": r["time_period"], "obs_value": r["point"]}
            | {"value_low": r["pi_lower"], "value_high": r["pi_upper"]}
            for r in own
        ]
    middle = common | {"series": "median", "label": f"Median, made with values to {made.origin}"}
    points = made.frame.drop_duplicates("time_period").to_dict("records")
    medians = [middle | {"time_period": r["time_period"], "obs_value": r["point"]} for r in points]
    return [pd.DataFrame(rows), pd.DataFrame(medians)]


def _targets(found: ThenAndNow, made: Forecast) -> pd.DataFrame:
    """Return the dated targets that stood at the origin and fall into its fan, with the odds the fan gives them."""
    stood = found.promises.drop_duplicates("commitment_id")
    rows = []
    for promise in stood.to_dict("records"):
        due = str(promise["deadline"])
        if not due or int(str(promise["said_on"])[:4]) > made.origin or int(due) not in made.years:
            continue
        value = float(promise["target_value"])
        chance = round_probability(made.distribution.reaching(value, int(due) - made.origin))
        figures = [part.strip() for part in str(promise["observation_ids"]).split(";") if part.strip()]
        rows.append(
            _common(found, made)
            | {"series": "target", "label": str(promise["title"]), "role": "target", "provenance": "quoted"}
            | {"observation_id": figures[0] if figures else None, "time_period": due, "obs_value": value}
            | {
                "words": f"{labels.number(value / 1e9)} by {due}: {chance}",
                "short": chance,
                "said_by": promise["issuer"],
                "obs_status": "Q",
            }
            | {"formula": None}
        )
    return pd.DataFrame(rows)


def _head(found: ThenAndNow, made: Forecast) -> str:
    """Return the head of a panel: which values were read, and how the forecast compares with what came."""
    when = f"<b>{made.series.count} values to {made.origin}</b>"
    when += f", {WHEN[made.origin]}" if made.origin in WHEN else ""
    held, total = _hits(found, made)
    if not total:
        return f"{when}<br>nothing came yet to compare"
    came = dict(zip(found.series.years, found.series.values, strict=True))
    last = max(year for year in made.years if year in came)
    both = f"{last}: {made.distribution.points[last - made.origin - 1] / 1e9:.0f} expected, {came[last] / 1e9:.0f} came"
    band = f"{made.parameters.levels[0]:g} % band held {held} of {total}"
    return f"{when}<br>{both}<br>{band}"


def _hits(found: ThenAndNow, made: Forecast) -> tuple[int, int]:
    """Return in how many of the years since the first band held, and how many there are."""
    came = dict(zip(found.series.years, found.series.values, strict=True))
    own = made.frame[made.frame["level"] == made.parameters.levels[0]].to_dict("records")
    held = [r["pi_lower"] <= came[int(r["time_period"])] <= r["pi_upper"] for r in own if int(r["time_period"]) in came]
    return sum(held), len(held)


def odds_then(tables: Tables, selection: Selection) -> Exhibit:
    """Draw for every official target the odds it had when it was set, and what came of it."""
    del selection
    try:
        found = look_back(tables)
    except DataError:
        return without(ODDS_TITLE, absent(tables, "line of China–Russia trade to measure targets on"))
    if found.promises.empty:
        return without(ODDS_TITLE, absent(tables, "target for China–Russia trade set in a year the line covers"))
    own = [
        "row",
        "head",
        "state",
        "side",
        "position",
        "short",
        "words",
        "said_on",
        "read_to",
        "n",
        "probability",
        "rounded",
    ]
    rows = [_odds_mark(found, row) for row in found.promises.to_dict("records")]
    marks = gather(pd.DataFrame(rows).reindex(columns=[*COLUMNS, *own, "meaning", "came"]))
    figure = charts.odds_then(marks[marks["position"].notna()])
    drawn = exhibit(ODDS_TITLE, figure, marks, _odds_sentences(found), _odds_caveats(found))
    return replace(drawn, columns=ODDS_COLUMNS)


def _odds_mark(found: ThenAndNow, row: dict[Any, Any]) -> dict[str, Any]:
    due, bn = str(row["deadline"]), labels.number(float(row["target_value"]) / 1e9)
    name = f"{bn} bn by {due}" if due else f"{bn} bn, undated"
    year = str(row["said_on"])[:4]
    return {
        "observation_ids": _ids(row),
        "series": str(row["side"]) if due else "likely",
        "row": name,
        "label": f"{name}, {SIDE_WORDS[row['side']]}",
        "head": f"<b>{name.replace(' ', NBSP)}</b> · set {year} · {_came(row).partition(',')[0]}",
        "state": _state(row),
        "side": _label_side(found, row),
        "time_period": due or None,
        "obs_value": float(row["target_value"]),
        "unit_measure": row["unit_measure"],
        "bound": "=",
        "role": "target",
        "obs_status": "D",
        "provenance": "derived",
        "said_by": row["issuer"],
        "source_id": " ; ".join(dict.fromkeys(found.points["source_id"])),
        "formula": f"Median combination of {row['count']} values to {row['origin']}",
        "said_on": year,
        "read_to": str(row["origin"]),
        "n": str(row["count"]),
        "came": _came(row),
        **_chance(row),
    }


def _ids(row: dict[Any, Any]) -> str:
    return " ; ".join(part.strip() for part in str(row["observation_ids"]).split(";") if part.strip())


def _chance(row: dict[Any, Any]) -> dict[str, Any]:
    """Return where the mark stands and its words: odds, first likely year of an undated target, or a refusal."""
    if row["words"]:
        words = f"No odds with values to {row['origin']}: {row['words']}"
        return {"position": None, "short": "", "words": words, "rounded": "", "meaning": named(str(row["words"]))}
    if not row["deadline"]:
        return _likely(row)
    number = float(str(row["rounded"]).strip("<> %"))
    words = f"{row['rounded']}, {row['meaning']}, with {row['count']} values to {row['origin']}"
    short = str(row["rounded"])
    return {
        "position": number, "short": short, "words": words, "probability": row["probability"],
        "rounded": row["rounded"], "meaning": row["meaning"],
    }  # fmt: skip


def _likely(row: dict[Any, Any]) -> dict[str, Any]:
    if row["likely_year"] is None or math.isnan(float(row["likely_year"])):
        words = f"not likely in any year to {row['last_year']:.0f}"
    else:
        words = f"likely from {row['likely_year']:.0f} on"
    at = 50.0 if row["side"] == "end" else None
    return {
        "position": at, "short": f"{words} (values to {row['origin']})", "rounded": "", "meaning": words,
        "words": f"{words}: the first year in which the odds are at least one half, with values to {row['origin']}",
    }  # fmt: skip


def _came(row: dict[Any, Any]) -> str:
    reached = f"reached {row['year_reached']}" if row["year_reached"] else ""
    outcome = float(row["outcome"])
    if math.isnan(outcome):
        return reached or ("still open" if row["deadline"] else "not reached yet")
    return ", ".join(part for part in (f"{_state(row)}: {labels.number(outcome / 1e9)} came", reached) if part)


def _state(row: dict[Any, Any]) -> str:
    if math.isnan(float(row["outcome"])):
        return "open"
    return "met" if float(row["outcome"]) >= float(row["target_value"]) else "missed"


def _label_side(found: ThenAndNow, row: dict[Any, Any]) -> str:
    """Place the words of a main mark away from the mark of the year before; those of the others below."""
    if row["side"] != "end" or not row["deadline"]:
        return "bottom center"
    same = (found.promises["commitment_id"] == row["commitment_id"]) & (found.promises["side"] == "before")
    before = found.promises.loc[same, "probability"]
    return "middle left" if (before > row["probability"]).any() else "middle right"


def _odds_sentences(found: ThenAndNow) -> list[str]:
    told = found.promises[(found.promises["side"] == "end") & found.promises["probability"].notna()]
    odds = [
        f"{labels.number(row['target_value'] / 1e9)} bn by {row['deadline']}: {row['meaning']}"
        for row in told.to_dict("records")
    ]
    rest = [
        f"{labels.number(row['target_value'] / 1e9)} bn without a year: {_likely(row)['meaning']}"
        for row in _undated(found)
    ]
    return [f"{'; '.join([*odds, *rest])}."] if odds or rest else []


def _odds_caveats(found: ThenAndNow) -> list[str]:
    score = ""
    if found.brier is not None:
        score = (
            f"Brier score of the {found.decided} decided odds: {found.brier:.2f} (0 is perfect, a coin scores 0.25). "
        )
    refused = [
        f"{labels.number(row['target_value'] / 1e9)} bn by {row['deadline']}, values to {row['origin']}: {row['words']}"
        for row in found.promises[found.promises["words"] != ""].to_dict("records")
    ]
    return [f"{score}{FEW}", BLIND, EDITION.replace("Each fan", "Every mark"), *refused]
