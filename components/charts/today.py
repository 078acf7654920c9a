"""How news, freshness and coverage are drawn: units in time, two dates a source, cells of a matrix."""

import html
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from components import labels, theme
from components.charts import base
from components.charts.projects import row_names, shorten

KIND_COLOUR: Mapping[str, str] = {
    "new": theme.ROLE_COLOUR["actual"],
    "revised": theme.ROLE_COLOUR["target"],
    "other value": theme.WARNING,
    "confirmed": theme.NEUTRAL,
}
OUTCOME_SYMBOL: Mapping[str, str] = {
    "met early": "diamond",
    "met": "diamond",
    "met late": "diamond-cross",
    "deadline passed unmet": "diamond-x-open",
}
Spot = tuple[base.Row, float]  # a source and where it stands
OUTCOME_SIZE = 13
PLOT_HEIGHT = 280
TALLEST = 560
# From nothing to the reporter's own word: each step is darker, so that the order is seen without colour.
STATES: Mapping[str, str] = {
    "none": "rgba(127,136,150,0.16)",
    "quoted": "#e3b778",
    "press": "#c48a3a",
    "estimate": "#7d9cc0",
    "official": "#1f6299",
}


def news_chart(news: base.Rows, outcomes: base.Rows, *, by_month: bool) -> base.Figure:
    """Return one mark a series that became known, stacked at the date of `bin`, and above one a promise decided.

    `news` is sorted the way marks stack; all rows have `bin`, the period a mark stands in.
    """
    stacked, decided = base.records(news), base.records(outcomes)
    levels, heights = _stack(stacked)
    tallest = max([*heights.values(), 1])
    step = max(1.0, OUTCOME_SIZE * tallest / PLOT_HEIGHT)
    above = [heights[row["bin"]] + step * place for row, place in zip(decided, _stack(decided)[0], strict=True)]
    groups: dict[str, list[tuple[base.Row, int]]] = {}
    for row, level in zip(stacked, levels, strict=True):
        groups.setdefault(row["kind"], []).append((row, level))
    kinds = [kind for kind in KIND_COLOUR if kind in groups]
    size = max(5, min(11, round(PLOT_HEIGHT / tallest)))
    traces = [_news_marks(groups[kind], kind, size) for kind in kinds]
    legend = [_square(kind, KIND_COLOUR[kind]) for kind in kinds]
    form = "%b\n%Y" if by_month else "%Y"
    layout = {
        "xaxis": base.time_axis("when it became known", tickformat=form, tickangle=0, nticks=6),
        "yaxis": base.value_axis("series that became known", "number", zeroline=False),
        "showlegend": True,
    }
    return base.figure([*traces, *legend, *([_outcome_marks(decided, above)] if decided else [])], layout)


def _stack(rows: Sequence[base.Row]) -> tuple[list[int], Counter[str]]:
    """Return the level of each row among those of its bin, and how many each bin has."""
    heights: Counter[str] = Counter()
    levels = []
    for row in rows:
        heights[row["bin"]] += 1
        levels.append(heights[row["bin"]])
    return levels, heights


def _square(name: str, colour: str) -> base.Trace:
    """Return an entry of the legend that stands for a colour."""
    return {
        "type": "scatter", "mode": "markers", "name": name, "x": [None], "y": [None], "hoverinfo": "skip",
        "marker": {"symbol": "square", "size": 11, "color": colour, "line": {"color": theme.NEUTRAL, "width": 0.5}},
    }  # fmt: skip


def _news_marks(stacked: Sequence[tuple[base.Row, int]], kind: str, size: int) -> base.Trace:
    marks = [_news_mark(row) for row, _ in stacked]
    places, named, texts, symbols = map(list, zip(*marks, strict=True))
    return {
        "type": "scatter",
        "mode": "markers",
        "name": kind,
        "showlegend": False,
        "x": places,
        "y": [level for _, level in stacked],
        "customdata": named,
        "hovertext": texts,
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {
            "symbol": symbols,
            "color": KIND_COLOUR[kind],
            "size": size,
            "line": {"color": KIND_COLOUR[kind], "width": 1.5},
        },
        "cliponaxis": False,
    }


@base.of_row
def _news_mark(row: base.Row) -> tuple[str, str, str, str]:
    """Return place, key, hover text and symbol of a mark."""
    return base.position(row["bin"]), base.mark_key(row), _news_text(row), base.symbols([row])[0]


def _news_text(row: base.Row) -> str:
    shown = labels.bounded(float(row["obs_value"]), str(row["unit_measure"]), str(row["bound"]))
    before = f", before: {labels.value(row['before_value'], str(row['unit_measure']))}" if row["before_id"] else ""
    more = f" and {row['figures'] - 1} earlier figures" if row["figures"] > 1 else ""
    return "<br>".join(
        (
            f"<b>{html.escape(row['kind'])}</b> · known since {html.escape(labels.period(str(row['known_since'])))}",
            base.wrap(str(row["label"])),
            html.escape(f"{labels.period(str(row['time_period']))}: {shown}{before}{more}"),
            base.wrap(f"{row['publisher']} · {row['role']} · {row['source_class']} source"),
        )
    )


def _outcome_marks(rows: Sequence[base.Row], heights: Sequence[float]) -> base.Trace:
    colour = theme.ROLE_COLOUR["target"]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "a promise met, or its year over",
        "x": [base.position(row["bin"]) for row in rows],
        "y": list(heights),
        "customdata": base.keys(rows),
        "hovertext": [
            f"<b>{html.escape(row['kind'])}</b> · {html.escape(labels.period(str(row['time_period'])))}<br>"
            f"{base.wrap(str(row['label']))}<br>{base.wrap(str(row['formula']))}"
            for row in rows
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {
            "symbol": [OUTCOME_SYMBOL[row["kind"]] for row in rows],
            "color": colour,
            "size": OUTCOME_SIZE,
            "line": {"color": colour, "width": 1.5},
        },
        "cliponaxis": False,
    }


def freshness_chart(sources: base.Rows, day: str) -> base.Figure:
    """Return a row a source: the end of its newest period as a filled mark, the release that told it as an open one.

    The rule at `day` is the day ages are counted to. A release whose place in time is not known has no mark. The chart
    is as high as its rows, up to a limit.
    """
    placed = [(source, place + 0.16) for place, source in enumerate(base.records(sources))]
    dated = [spot for spot in placed if spot[0]["release_at"]]
    fresh, old = ([spot for spot in placed if spot[0]["is_old"] == is_old] for is_old in (False, True))
    traces = [
        _spans(dated),
        *(
            _dots(spots, "period_end", name, colour, symbol)
            for spots, name, colour, symbol in (
                (fresh, "newest period ends", theme.ROLE_COLOUR["actual"], "circle"),
                (old, f"{'the same' if fresh else 'newest period ends'}, old for its kind", theme.WARNING, "square"),
            )
            if spots
        ),
        _dots(dated, "release_at", "released", theme.NEUTRAL, "diamond-open"),
    ]
    rule = {
        "type": "line",
        "x0": day,
        "x1": day,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": {"width": 1, "dash": "dot"},
    }
    layout = {
        "xaxis": base.time_axis(tickformat="%b\n%Y" if _are_near(placed, day) else "%Y", nticks=6),
        "yaxis": {"range": [len(placed) - 0.4, -0.7], "visible": False, "fixedrange": True},
        "annotations": list(row_names([shorten(str(source["label"])) for source, _ in placed])),
        "height": min(TALLEST, 140 + 34 * len(placed)),
        "shapes": [rule],
        "showlegend": True,
    }
    return base.figure(traces, layout)


def _are_near(placed: Iterable[tuple[Mapping[str, Any], float]], day: str) -> bool:
    """Say whether all dates lie within three years, so that months must be named."""
    return int(day[:4]) - min(int(str(source["period_end"])[:4]) for source, _ in placed) < 3


def _spans(spots: Sequence[Spot]) -> base.Trace:
    ends = [(source["period_end"], source["release_at"], y) for source, y in spots]
    points = [point for end, release, y in ends for point in ((end, y), (release, y), (None, None))]
    return {
        "type": "scatter", "mode": "lines", "name": "from period to release", "x": [x for x, _ in points],
        "y": [y for _, y in points], "line": {"color": theme.NEUTRAL, "width": 1.2}, "hoverinfo": "skip",
        "showlegend": False,
    }  # fmt: skip


def _dots(spots: Sequence[Spot], column: str, name: str, colour: str, symbol: str) -> base.Trace:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [source[column] for source, _ in spots],
        "y": [y for _, y in spots],
        "customdata": base.keys([source for source, _ in spots]),
        "hovertext": [_freshness_text(source) for source, _ in spots],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {"symbol": symbol, "color": colour, "size": 10, "line": {"color": colour, "width": 1.6}},
        "cliponaxis": False,
    }


def _freshness_text(row: Mapping[Any, Any]) -> str:
    released = labels.period(str(row["release"])) if row["release"] else "on a day nobody told"
    return "<br>".join(
        (
            f"<b>{base.wrap(str(row['label']))}</b>",
            html.escape(f"newest period {labels.period(str(row['time_period']))}, released {released}"),
            html.escape(f"{row['age']} old · {row['source_class']} source · {labels.number(row['obs_value'])} figures"),
        )
    )


def coverage_chart(cells: base.Rows) -> base.Figure:
    """Return the matrix of `row` (pair and reporter, in the order of `cells`) by year; an empty cell says why."""
    grid: dict[str, dict[int, base.Row]] = {}
    for cell in base.records(cells):
        grid.setdefault(cell["row"], {})[cell["year"]] = cell
    years = sorted({year for row in grid.values() for year in row})
    rows = [[row[year] for year in years] for row in grid.values()]
    steps = {state: step for step, state in enumerate(STATES)}
    heat = {
        "type": "heatmap",
        "name": "coverage",
        "x": years,
        "y": list(grid),
        "z": [[steps[cell["state"]] for cell in row] for row in rows],
        "zmin": -0.5,
        "zmax": len(steps) - 0.5,
        "customdata": list(map(base.keys, rows)),
        "hovertext": [list(map(_cell_text, row)) for row in rows],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "colorscale": [[(step + edge) / len(steps), STATES[name]] for name, step in steps.items() for edge in (0, 1)],
        "showscale": False,
        "xgap": 1,
        "ygap": 3,
    }
    layout = {
        "xaxis": {"tickvals": _every(5, years), "tickangle": 0, "showgrid": False},
        "yaxis": {"type": "category", "autorange": "reversed", "showgrid": False},
        "showlegend": True,
        "meta": {"narrow": {"xaxis": {"tickvals": _every(10, years)}}},
    }
    return base.figure([heat, *(_square(state, colour) for state, colour in STATES.items())], layout)


def _every(step: int, years: Sequence[int]) -> list[int]:
    """Return the years to be named: round ones, or all of a few."""
    return [year for year in years if year % step == 0] or list(years)


@base.of_row
def _cell_text(cell: base.Row) -> str:
    count = int(cell["obs_value"])
    held = f"{count} {labels.plural('figure', count)}" if count else "nothing at hand"
    lines = [
        f"<b>{html.escape(str(cell['label']))}, {cell['year']}</b>",
        html.escape(f"{cell['state']}: {held}"),
        base.wrap(str(cell["reason"])),
    ]
    return "<br>".join(line for line in lines if line)
