"""Who sells more: the balance as each reporter counts it, and the two directions behind it."""

from collections.abc import Iterator

import pandas as pd

from components import labels
from components.charts import base
from components.charts.base import Row
from components.charts.timeline import timeline
from components.marks import hold_rows
from components.trade import rows as drawn
from components.trade.level import lines_of, named_ends, with_colours, with_stop
from components.trade.money import MONEY_PARAMETERS, price_words, restate, restated_words
from components.trade.rows import Rows
from components.trade.scope import FROM, PAIR, TO, Scope, place, scope_of
from components.views import Exhibit, Selection
from pipelines.tables import Tables

PARAMETERS = (PAIR, FROM, TO, *MONEY_PARAMETERS)


def build_balance(tables: Tables, selection: Selection) -> Exhibit:
    """Return the exhibit of exports minus imports, one line for each reporter."""
    scope = scope_of({**selection, "flow": "total"})
    words = labels.words(tables.codes)
    title = f"Balance: {scope.words(words)}"
    key = ("balance", scope.pair.code)
    held = hold_rows(tables, key, lambda: with_colours(lines_of(tables, Scope(scope.pair), "TRADE_BALANCE")))
    restated, notes = restate(tables, drawn.covered(drawn.lines_in(held), scope), selection)
    if not restated:
        return drawn.empty(tables, title, " ".join(notes) or _why_no_balance(scope, words))
    rows = named_ends(restated, words)
    chart = timeline(rows, axis=f"Exports minus imports, {price_words(rows)}", words=words)
    summary = _balance_summary(scope, words, rows) + restated_words(rows)
    return drawn.exhibit(title, rows, chart, summary, caveats=[*_caveats(rows), *notes])


def build_flows(tables: Tables, selection: Selection) -> Exhibit:
    """Return the exhibit of both directions as the main reporter counts them, each in the colour of the seller."""
    scope = scope_of({**selection, "flow": "total"})
    words = labels.words(tables.codes)
    main = scope.pair.main
    title = f"Both directions as {place(words, main)} counts them"
    key = ("flows", scope.pair.code)
    held = hold_rows(tables, key, lambda: _both_directions(tables, Scope(scope.pair), words))
    rows, notes = restate(tables, drawn.covered(held, scope), selection)
    if not rows:
        return drawn.empty(tables, title, " ".join(notes) or _why_no_balance(scope, words))
    chart = timeline(rows, axis=f"Exports and imports, {price_words(rows)}", words=words)
    summary = _flow_summary(words, main, rows) + restated_words(rows)
    return drawn.exhibit(title, rows, chart, summary, caveats=[*_caveats(rows), *notes])


def _both_directions(tables: Tables, scope: Scope, words: labels.Words) -> pd.DataFrame:
    """Return exports and imports of the main reporter as lines, or as printed points where it has no line."""
    main, other = scope.pair.main, scope.pair.partner(scope.pair.main)
    parts = []
    for flow, seller in (("first", scope.pair.first), ("second", scope.pair.second)):
        one = Scope(scope.pair, flow)
        lines = drawn.official(tables, one, main)
        name = _direction(words, seller, main, other)
        rows = with_stop(tables, lines[lines["mark"] == "line"], main, name)
        if rows.empty:
            points = drawn.one_each(drawn.printed(tables, one, main))
            is_end = points["time_period"] == points["time_period"].max()
            rows = points.assign(is_end=is_end, note=is_end.map({True: name, False: None}).astype("object"))
        parts.append(rows.assign(colour_of=seller))
    return drawn.stack(parts)


def _direction(words: labels.Words, seller: str, main: str, other: str) -> str:
    if other == "W00":
        return "Exports" if seller == main else "Imports"
    return f"{place(words, seller)} sells"


def _why_no_balance(scope: Scope, words: labels.Words) -> str:
    if scope.pair.kind == "exports":
        other = place(words, scope.pair.second)
        return f"No balance: the extract of Eurostat holds what the EU sells to {other} and not what it buys."
    if scope.pair.code == "CHN-W00":
        return (
            "No balance: China's totals with the world are held as printed by many different pages and not as a line, "
            "so none is computed from them."
        )
    return f"No reporter's exports and imports are both held for the {scope.words(words)} in {scope.years}."


def _balance_summary(scope: Scope, words: labels.Words, rows: Rows) -> str:
    newest = _newest_of_main(rows, scope.pair.main)
    amount = float(str(newest["obs_value"]))
    size = labels.value(abs(amount), str(newest["unit_measure"]))
    who, other = (place(words, str(newest[name])) for name in ("ref_area", "counterpart_area"))
    more = "more" if amount > 0 else "less"
    return f"By its own count {who} sold {size} {more} to {other} than it bought in {newest['time_period']}."


def _newest_of_main(rows: Rows, main: str) -> Row:
    own = [row for row in rows if row["ref_area"] == main] or rows
    return max(own, key=lambda row: str(row["time_period"]))


def _flow_summary(words: labels.Words, main: str, rows: Rows) -> str:
    parts = []
    for indicator, verb in (("EXP_FOB", "sold"), ("IMP_CIF", "bought")):
        own = [row for row in rows if row["indicator"] == indicator]
        if own:
            newest = max(own, key=lambda row: str(row["time_period"]))
            amount = labels.bounded(float(str(newest["obs_value"])), str(newest["unit_measure"]), str(newest["bound"]))
            parts.append(f"{verb} {amount} ({newest['time_period']})")
    return f"By its own count {place(words, main)} {' and '.join(parts)}."


def _caveats(rows: Rows) -> Iterator[str]:
    yield from _seam_words(rows)
    if len({row["ref_area"] for row in rows}) > 1:
        yield "One side's surplus is the other's deficit: the lines mirror each other as far as the two counts agree."
    yield "Exports free on board minus imports with freight and insurance: the balance of either side is a little low."
    if any(row["mark"] == "point" for row in rows):
        yield "Points come from different pages and are not joined."


def _seam_words(rows: Rows) -> Iterator[str]:
    """Yield what is said of each seam, with its year, and its direction where the other has another seam."""
    directions = {"EXP_FOB": "exports", "IMP_CIF": "imports"}
    kinds = {row["indicator"] for row in rows}
    seams = base.by([row for row in rows if isinstance(row["seam_note"], str)], lambda row: str(row["seam_note"]))
    for note, found in seams.items():
        years = list(dict.fromkeys(str(row["time_period"]) for row in found))
        own = {row["indicator"] for row in found}
        of = f", {directions[own.pop()]}" if len(own) == 1 < len(kinds) else ""
        yield f"At the {labels.plural('seam', len(years))} of {labels.join_words(years)}{of}: {note}"
