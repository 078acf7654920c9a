"""How Kazakhstan is drawn between Russia and China: its partners, what the EU sells it, Chinese money, projects."""

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

from components import labels, theme
from components.charts.base import (
    ONE,
    Figure,
    Part,
    Row,
    Rows,
    Trace,
    bar_trace,
    by,
    keys,
    line_trace,
    position,
    records,
    time_axis,
    value_axis,
    wrap,
)
from components.charts.panels import (
    Panel,
    note,
    quoted_bar,
    seam_rules,
    series_of,
    short_editions,
    short_values,
    stack_panels,
    stop_words,
)
from components.charts.rows import Panel as RowPanel
from components.charts.rows import Row as Named
from components.charts.rows import place, stack
from components.labels import Scale

BILLION = Scale(1e9, "bn")
NAMES_WIDTH = 50


def partners(marks: Rows) -> Figure:
    """Return one line of shares for each partner (`series` is its area code), with the seams of their editions."""
    rows = records(marks)
    panel = Panel(
        _lines(rows),
        time_axis(),
        value_axis("Share of Kazakh-reported trade", "%", range=[0, 1.2 * _top(rows)]),
        parts=[*seam_rules(rows, short_editions(rows)), *_names_at_end(rows, "%"), _ends(rows)],
    )
    drawn = stack_panels([panel])
    drawn["layout"] |= {"showlegend": False, "margin": {**drawn["layout"]["margin"], "r": 92}}
    return drawn


def _top(rows: Sequence[Row]) -> float:
    return max(float(row["obs_value"]) for row in rows)


def _ends(rows: Sequence[Row]) -> Part:
    """Say at the foot of the last year where the statistics at hand stop."""
    last = max(str(row["time_period"]) for row in rows)
    return note(stop_words(rows), position(last), 0, xanchor="right", yanchor="bottom", xshift=8)


def _lines(rows: Sequence[Row], scale: Scale = ONE) -> list[Trace]:
    return [
        line_trace(own, name=str(own[0]["label"]), colour=theme.area_colour(area), scale=scale)
        for area, own in by(rows, itemgetter("series")).items()
    ]


def _names_at_end(rows: Sequence[Row], unit: str) -> list[Part]:
    """Name each line behind its last point."""
    return [
        note(
            f"{own[-1]['label']} {labels.number(own[-1]['obs_value'])}{labels.NBSP}{unit}",
            1,
            own[-1]["obs_value"],
            xref="paper",
            xanchor="left",
            font={"size": 12, "color": theme.area_colour(area)},
        )
        for area, own in by(rows, itemgetter("series")).items()
    ]


def eu_exports(marks: Rows, *, unit: str = "€ bn", scale: Scale = BILLION) -> Figure:
    """Return one panel for each destination (`series` is its area code), each on its own scale from zero."""
    panels = [
        Panel(
            _lines(rows, scale),
            time_axis(),
            value_axis("", unit, range=[0, 1.25 * _top(rows) / scale.factor]),
            f"to {rows[0]['label']}",
            parts=_stop(rows, scale),
        )
        for rows in by(records(marks), itemgetter("series")).values()
    ]
    drawn = stack_panels(panels, gap=0.2)
    drawn["layout"]["showlegend"] = False
    return drawn


def _stop(rows: Sequence[Row], scale: Scale) -> list[Part]:
    """Write the last value beside its point, on the side the line does not come from."""
    values = [float(row["obs_value"]) / scale.factor for row in rows[-2:]]
    falling = len(values) > 1 and values[-2] > values[-1]
    last = str(rows[-1]["time_period"])
    side = {"yanchor": "top", "yshift": -6} if falling else {"yanchor": "bottom", "yshift": 6}
    text = f"{labels.number(values[-1])}, {stop_words(rows)}"
    return [note(text, position(last), values[-1], xanchor="right", xshift=8, **side)]


def chinese_money(marks: Rows) -> Figure:
    """Return stocks as lines and the quoted sums as bars off the time axis, all in US$ bn.

    `series` of a stock is the area code of its holder; the other series are cumulative and plan, whose bars stand at
    their `place`.
    """
    rows = records(marks)
    stocks = series_of(rows, *theme.AREA_COLOUR)
    colour = theme.area_colour("CHN")
    bars = [
        _placed_bar(series_of(rows, "cumulative"), quoted_bar(colour)),
        _placed_bar(series_of(rows, "plan"), theme.bar_marker(colour, "plan")),
    ]
    panel = Panel(
        _lines(stocks, BILLION),
        time_axis(),
        value_axis("Investment in Kazakhstan", "US$ bn", range=[0, 1.2 * _top(rows) / BILLION.factor]),
        margin=[trace for trace in bars if trace["x"]],
        parts=_stock_words(stocks),
    )
    drawn = stack_panels([panel], margin=0.52)
    drawn["layout"] |= {"showlegend": len(by(stocks, itemgetter("series"))) > 1}
    return drawn


def _placed_bar(rows: Sequence[Row], marker: Mapping[str, Any]) -> Trace:
    trace = bar_trace(rows, x=[row["place"] for row in rows], name="", marker=marker, scale=BILLION)
    return {
        **trace,
        "text": short_values(rows, BILLION),
        "textposition": "outside",
        "textangle": 0,
        "constraintext": "none",
        "cliponaxis": False,
        "width": 0.62,
        "showlegend": False,
    }


def _stock_words(stocks: Sequence[Row]) -> list[Part]:
    """Name a single stock above its highest point, and say where the extract ends; several stocks have a legend."""
    stop = _ends(stocks)
    if len(by(stocks, itemgetter("series"))) > 1:
        return [stop]
    high = max(stocks, key=itemgetter("obs_value"))
    place = (position(str(high["time_period"])), high["obs_value"] / BILLION.factor)
    return [stop, note(str(high["label"]), *place, yshift=14, font={"color": theme.area_colour("CHN"), "size": 11})]


def project_states(projects: Rows) -> Figure:
    """Return a row for each status with one mark for each project and their names below; `short` is the name shown."""
    groups = by(records(projects), itemgetter("status"))
    held = [(status, groups[status]) for status in theme.STATUS_COLOUR if status in groups]
    placed = place([Named(f"{status} ({len(rows)})".capitalize(), _named(rows)) for status, rows in held])
    data = [_project_marks(rows, status, y) for (status, rows), y in zip(held, placed.y, strict=True)]
    longest = max(len(rows) for _, rows in held)
    return stack([RowPanel(placed, {"range": [0.2, max(12, longest) + 0.8], "visible": False}, data)])


def _named(rows: Sequence[Row]) -> tuple[str, ...]:
    """The names in lines of their own, for a longer note would be cut."""
    lines = [""]
    for row in rows:
        name = str(row["short"])
        joined = f"{lines[-1]} · {name}" if lines[-1] else name
        if len(joined) > NAMES_WIDTH:
            lines.append(name)
        else:
            lines[-1] = joined
    return tuple(lines)


def _project_marks(rows: Sequence[Row], status: str, y: float) -> Trace:
    colour = theme.STATUS_COLOUR[status]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": status,
        "x": list(range(1, len(rows) + 1)),
        "y": [y] * len(rows),
        "customdata": keys(rows),
        "hovertext": [
            f"<b>{wrap(str(row['label']), 48)}</b><br>{row['kind']} · {status}, "
            f"as of {labels.period(str(row['time_period']))}<br>{wrap(str(row['measures']))}"
            for row in rows
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {
            "symbol": theme.STATUS_SYMBOL[status],
            "color": colour,
            "size": 13,
            "line": {"color": colour, "width": 2},
        },
        "cliponaxis": False,
    }
