"""How news, freshness and coverage are drawn: units in time, two dates a source, cells of a matrix."""

import html
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

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
OUTCOME_SIZE = 13
PLOT_HEIGHT = 280
# From nothing to the reporter's own word: each step is darker, so that the order is seen without colour.
STATES: Mapping[str, str] = {
    "none": "rgba(127,136,150,0.16)",
    "quoted": "#e3b778",
    "press": "#c48a3a",
    "estimate": "#7d9cc0",
    "official": "#1f6299",
}


def news_chart(news: pd.DataFrame, outcomes: pd.DataFrame, *, by_month: bool) -> base.Figure:
    """Return one mark a series that became known, stacked at the date of `bin`, and above one a promise decided.

    `news` is sorted the way marks stack; both frames have `bin`, the period a mark stands in.
    """
    stacked = news.assign(_level=news.groupby("bin", sort=False).cumcount() + 1)
    heights = stacked.groupby("bin")["_level"].max().to_dict()
    tallest = max([*heights.values(), 1])
    step = max(1.0, OUTCOME_SIZE * tallest / PLOT_HEIGHT)
    decided = outcomes.assign(_place=outcomes.groupby("bin").cumcount() + 1)
    decided = decided.assign(
        _level=[heights.get(p, 0) + step * n for p, n in zip(decided["bin"], decided["_place"], strict=True)]
    )
    kinds = [kind for kind in KIND_COLOUR if (stacked["kind"] == kind).any()]
    size = max(5, min(11, round(PLOT_HEIGHT / tallest)))
    traces = [_news_marks(stacked[stacked["kind"] == kind], kind, size) for kind in kinds]
    legend = [_square(kind, KIND_COLOUR[kind]) for kind in kinds]
    form = "%b\n%Y" if by_month else "%Y"
    layout = {
        "xaxis": base.time_axis("when it became known", tickformat=form, tickangle=0, nticks=6),
        "yaxis": base.value_axis("series that became known", "number", zeroline=False),
        "showlegend": True,
    }
    return base.figure([*traces, *legend, *([_outcome_marks(decided)] if len(decided) else [])], layout)


def _square(name: str, colour: str) -> base.Trace:
    """Return an entry of the legend that stands for a colour."""
    return {
        "type": "scatter", "mode": "markers", "name": name, "x": [None], "y": [None], "hoverinfo": "skip",
        "marker": {"symbol": "square", "size": 11, "color": colour, "line": {"color": theme.NEUTRAL, "width": 0.5}},
    }  # fmt: skip


def _news_marks(rows: pd.DataFrame, kind: str, size: int) -> base.Trace:
    looks = zip(rows["role"], rows["source_class"], rows["provenance"], strict=True)
    return {
        "type": "scatter",
        "mode": "markers",
        "name": kind,
        "showlegend": False,
        "x": [base.position(str(period)) for period in rows["bin"]],
        "y": rows["_level"].tolist(),
        "customdata": base.keys(rows),
        "hovertext": list(_news_texts(rows)),
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {
            "symbol": [theme.symbol(str(role), str(c), str(p)) for role, c, p in looks],
            "color": KIND_COLOUR[kind],
            "size": size,
            "line": {"color": KIND_COLOUR[kind], "width": 1.5},
        },
        "cliponaxis": False,
    }


def _news_texts(rows: pd.DataFrame) -> Iterator[str]:
    for row in rows.to_dict("records"):
        shown = labels.bounded(float(row["obs_value"]), str(row["unit_measure"]), str(row["bound"]))
        before = f", before: {labels.value(row['before_value'], str(row['unit_measure']))}" if row["before_id"] else ""
        more = f" and {row['figures'] - 1} earlier figures" if row["figures"] > 1 else ""
        since = html.escape(labels.period(str(row["known_since"])))
        yield "<br>".join(
            (
                f"<b>{html.escape(row['kind'])}</b> · known since {since}",
                base.wrap(str(row["label"])),
                html.escape(f"{labels.period(str(row['time_period']))}: {shown}{before}{more}"),
                base.wrap(f"{row['publisher']} · {row['role']} · {row['source_class']} source"),
            )
        )


def _outcome_marks(rows: pd.DataFrame) -> base.Trace:
    colour = theme.ROLE_COLOUR["target"]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "a promise met, or its year over",
        "x": [base.position(str(period)) for period in rows["bin"]],
        "y": rows["_level"].tolist(),
        "customdata": base.keys(rows),
        "hovertext": [
            f"<b>{html.escape(row['kind'])}</b> · {html.escape(labels.period(str(row['time_period'])))}<br>"
            f"{base.wrap(str(row['label']))}<br>{base.wrap(str(row['formula']))}"
            for row in rows.to_dict("records")
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {
            "symbol": [OUTCOME_SYMBOL[kind] for kind in rows["kind"]],
            "color": colour,
            "size": OUTCOME_SIZE,
            "line": {"color": colour, "width": 1.5},
        },
        "cliponaxis": False,
    }


def freshness_chart(sources: pd.DataFrame, day: str) -> base.Figure:
    """Return a row a source: the end of its newest period as a filled mark, the release that told it as an open one.

    The rule at `day` is the day ages are counted to. A release without a known date has no mark.
    """
    placed = sources.assign(_y=[row + 0.16 for row in range(len(sources))])
    dated = placed[placed["release"] != ""]
    fresh, old = placed[~placed["is_old"]], placed[placed["is_old"]]
    traces = [
        _spans(dated),
        *(
            _dots(rows, "period_end", name, colour, symbol)
            for rows, name, colour, symbol in (
                (fresh, "newest period ends", theme.ROLE_COLOUR["actual"], "circle"),
                (old, "the same, old for its kind", theme.WARNING, "square"),
            )
            if len(rows)
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
        "xaxis": base.time_axis(),
        "yaxis": {"range": [len(placed) - 0.4, -0.7], "visible": False, "fixedrange": True},
        "annotations": list(row_names([shorten(str(name)) for name in placed["label"]])),
        "shapes": [rule],
        "showlegend": True,
    }
    return base.figure(traces, layout)


def _spans(rows: pd.DataFrame) -> base.Trace:
    ends = zip(rows["period_end"], rows["release_at"], rows["_y"], strict=True)
    points = [point for end, release, y in ends for point in ((end, y), (release, y), (None, None))]
    return {
        "type": "scatter", "mode": "lines", "name": "from period to release", "x": [x for x, _ in points],
        "y": [y for _, y in points], "line": {"color": theme.NEUTRAL, "width": 1.2}, "hoverinfo": "skip",
        "showlegend": False,
    }  # fmt: skip


def _dots(rows: pd.DataFrame, column: str, name: str, colour: str, symbol: str) -> base.Trace:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": rows[column].tolist(),
        "y": rows["_y"].tolist(),
        "customdata": base.keys(rows),
        "hovertext": [_freshness_text(row) for row in rows.to_dict("records")],
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


def coverage_chart(cells: pd.DataFrame) -> base.Figure:
    """Return the matrix of `row` (pair and reporter, in the order of `cells`) by year; an empty cell says why."""
    rows = list(dict.fromkeys(cells["row"]))
    years = sorted(cells["year"].unique().tolist())
    steps = list(STATES)
    grid = {
        (row["row"], row["year"]): (row, key)
        for row, key in zip(cells.to_dict("records"), base.keys(cells), strict=True)
    }
    heat = {
        "type": "heatmap",
        "name": "coverage",
        "x": years,
        "y": rows,
        "z": [[steps.index(str(grid[row, year][0]["state"])) for year in years] for row in rows],
        "zmin": -0.5,
        "zmax": len(steps) - 0.5,
        "customdata": [[grid[row, year][1] for year in years] for row in rows],
        "hovertext": [[_cell_text(grid[row, year][0]) for year in years] for row in rows],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "colorscale": [
            [(step + edge) / len(steps), STATES[name]] for step, name in enumerate(steps) for edge in (0, 1)
        ],
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


def _cell_text(cell: Mapping[Any, Any]) -> str:
    count = int(cell["obs_value"])
    held = f"{count} {labels.plural('figure', count)}" if count else "nothing at hand"
    lines = [
        f"<b>{html.escape(str(cell['label']))}, {cell['year']}</b>",
        html.escape(f"{cell['state']}: {held}"),
        base.wrap(str(cell["reason"])),
    ]
    return "<br>".join(line for line in lines if line)
