"""A figure becomes an Office chart only where nothing is lost, and what nobody said stays a gap."""

from typing import Any

from exports.papers.native import as_native

LINE: dict[str, Any] = {"type": "scatter", "mode": "lines+markers", "name": "a<br>b", "line": {"color": "#112233"}}


def figure(*traces: dict[str, Any], **layout: Any) -> dict[str, Any]:
    return {"data": list(traces), "layout": layout}


def test_a_year_without_a_value_is_a_gap_and_never_zero() -> None:
    drawn = as_native(figure({**LINE, "x": ["2001-07-02", "2004-07-02", "2005-07-02"], "y": [1.0, None, 3.0]}))
    assert drawn is not None
    assert drawn.categories == ("2001", "2002", "2003", "2004", "2005")
    assert drawn.series[0].values == (1.0, None, None, None, 3.0)
    assert (drawn.series[0].name, drawn.series[0].colour, drawn.series[0].joined) == ("a b", "112233", True)


def test_points_are_not_joined() -> None:
    drawn = as_native(figure({**LINE, "mode": "markers", "x": ["2001", "2002"], "y": [1, 2]}))
    assert drawn is not None
    assert not drawn.series[0].joined


def test_bars_keep_their_direction_and_pile() -> None:
    bars = {"type": "bar", "orientation": "h", "y": ["x", "y"], "x": [1, 2], "marker": {"color": "#445566"}}
    drawn = as_native(figure(bars, {**bars, "name": "other"}, barmode="stack"))
    assert drawn is not None
    assert (drawn.kind, drawn.sideways, drawn.series[1].values) == ("stacked", True, (1.0, 2.0))


def test_what_office_would_draw_otherwise_stays_a_picture() -> None:
    line = {**LINE, "x": ["2001", "2002"], "y": [1, 2]}
    bar = {"type": "bar", "x": ["a"], "y": [1]}
    for wrong in (
        figure(line, bar),
        figure({**line, "fill": "tonexty"}),
        figure({**line, "error_y": {"array": [1, 1]}}),
        figure({**line, "x": ["2001-03-05", "2002"]}),
        figure({**line, "x": ["2001", "2001-07-02"]}),
        figure({**line, "yaxis": "y2"}),
        figure({**bar, "marker": {"pattern": {"shape": "/"}}}),
        figure({**bar, "base": [3]}),
        figure(line, shapes=[{"type": "line"}]),
        figure(),
    ):
        assert as_native(wrong) is None
