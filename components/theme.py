"""Which colour, symbol and fill stands for which area, role and source class, on light paper as on dark."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Mode = Literal["light", "dark"]

AA = 4.5
STEPS = 20
FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif'

# Every mark colour has a contrast of at least 3:1 on both papers, so the same figure serves light and dark.
PAPER: Mapping[Mode, str] = {"light": "#ffffff", "dark": "#1b1f26"}
INK: Mapping[Mode, str] = {"light": "#1f2733", "dark": "#e4e7ec"}
MUTED: Mapping[Mode, str] = {"light": "#566172", "dark": "#a9b2bf"}
GRID: Mapping[Mode, str] = {"light": "#e6e9ee", "dark": "#313843"}
AXIS: Mapping[Mode, str] = {"light": "#9aa4b2", "dark": "#5c6675"}

AREA_COLOUR: Mapping[str, str] = {
    "RUS": "#2b7bba",
    "CHN": "#d9522b",
    "KAZ": "#0b9579",
    "EU27": "#b5609a",
    "EAEU": "#6a7fd0",
    "TKM": "#a67c00",
    "UZB": "#6f8a2b",
    "MMR": "#8c6bb1",
    "USA": "#5b7a99",
    "BRI": "#b3742d",
    "W00": "#7a8291",
}
NEUTRAL = "#7a8291"
REMAINDER = "#878f9b"
READER = "#868e99"
WARNING = "#c8641b"
CONFLICT = "#d13b3b"

ROLE_COLOUR: Mapping[str, str] = {
    "actual": "#2b7bba",
    "target": "#b5609a",
    "plan": "#8c6bb1",
    "pledge": "#a67c00",
    "contract": "#0b9579",
    "capacity": "#6a7fd0",
    "estimate": "#b3742d",
    "condition": NEUTRAL,
}

SOURCE_CLASS_COLOUR: Mapping[str, str] = {
    "official": "#2b7bba",
    "company": "#0b9579",
    "research": "#8c6bb1",
    "press": "#b3742d",
    "advocacy": "#b5609a",
}

# Quoted marks are open and their shape tells the class; an official statistic is a filled circle.
SOURCE_CLASS_SYMBOL: Mapping[str, str] = {
    "official": "circle",
    "company": "pentagon",
    "research": "circle",
    "press": "triangle-up",
    "advocacy": "star",
}

COMPUTED_SYMBOL = "cross-open"  # whatever the classes of its inputs

ROLE_SYMBOL: Mapping[str, str] = {
    "target": "diamond",
    "plan": "diamond-tall-open",
    "pledge": "hexagon-open",
    "contract": "square-open",
    "capacity": "square-open-dot",
    "estimate": "diamond-open",
    "condition": "x-thin-open",
}


# Filled is what works today; whatever is promised, tried, stuck or over is open.
STATUS_COLOUR: Mapping[str, str] = {
    "operating": "#2b7bba",
    "under construction": "#0b9579",
    "contracted": "#6a7fd0",
    "planned": "#8c6bb1",
    "proposed": "#b5609a",
    "trial": "#a67c00",
    "stalled": "#c8641b",
    "ended": NEUTRAL,
    "dropped": NEUTRAL,
}

STATUS_SYMBOL: Mapping[str, str] = {
    "operating": "circle",
    "under construction": "circle-open-dot",
    "contracted": "square-open",
    "planned": "diamond-tall-open",
    "proposed": "hexagon-open",
    "trial": "triangle-up-open",
    "stalled": "hourglass-open",
    "ended": "circle-x-open",
    "dropped": "x-open",
}


@dataclass(frozen=True)
class BarStyle:
    """How a bar of a role is filled: `opacity` of the fill, hatch `pattern`, width of the outline."""

    opacity: float
    pattern: str
    outline: float


BAR_STYLE: Mapping[str, BarStyle] = {
    "actual": BarStyle(1.0, "", 0),
    "target": BarStyle(0.0, "", 2),
    "plan": BarStyle(0.0, "/", 1.5),
    "pledge": BarStyle(0.0, "x", 1.5),
    "contract": BarStyle(0.0, "-", 1.5),
    "capacity": BarStyle(0.0, "", 2),
    "estimate": BarStyle(0.0, ".", 1),
    "condition": BarStyle(0.2, "", 1),
}


def area_colour(code: str) -> str:
    """Return the colour of an area, the same on every page."""
    return AREA_COLOUR.get(code, NEUTRAL)


def translucent(colour: str, opacity: float) -> str:
    """Return a hex colour as rgba.

    >>> translucent("#2b7bba", 0.2)
    'rgba(43,123,186,0.2)'
    """
    red, green, blue = _channels(colour)
    return f"rgba({red},{green},{blue},{opacity:g})"


def symbol(role: str, source_class: str, provenance: str) -> str:
    """Return the marker symbol: shape by role, or by source class for actuals.

    Filled are official statistics, and the diamond of an official target: its shape and colour no actual has. What
    somebody only expects is a hollow diamond.
    """
    if role != "actual":
        return ROLE_SYMBOL.get(role, "x-open")
    shape = SOURCE_CLASS_SYMBOL.get(source_class, "x")
    return shape if provenance == "statistic" else f"{shape}-open"


def bar_marker(colour: str, role: str = "actual") -> dict[str, Any]:
    """Return the marker of a bar: solid for actuals, hatched or outlined for everything promised or possible."""
    style = BAR_STYLE.get(role, BAR_STYLE["condition"])
    fill = colour if style.opacity == 1 else translucent(colour, style.opacity)
    marker: dict[str, Any] = {"color": fill, "line": {"color": colour, "width": style.outline}}
    if style.pattern:
        marker["pattern"] = {"shape": style.pattern, "fgcolor": colour, "size": 7, "solidity": 0.25}
    return marker


def legible(colour: str, mode: Mode) -> str:
    """Return the colour of words that belong to marks of a colour: mixed with ink until it has AA contrast on paper.

    No colour has 4.5:1 on both papers, so words, unlike marks, are coloured by the mode.
    """
    mixes = (_mixed(colour, INK[mode], step / STEPS) for step in range(STEPS + 1))
    return next(mixed for mixed in mixes if contrast(mixed, PAPER[mode]) >= AA)


def words(mode: Mode) -> dict[str, str]:
    """Return for each colour of marks the colour of its words."""
    marks = {*AREA_COLOUR.values(), *ROLE_COLOUR.values(), *SOURCE_CLASS_COLOUR.values(), *STATUS_COLOUR.values()}
    return {colour: legible(colour, mode) for colour in sorted({*marks, NEUTRAL, WARNING, CONFLICT})}


def contrast(one: str, other: str) -> float:
    """Return the contrast of two hex colours as WCAG 2 defines it, 1 to 21."""
    light, dark = sorted(map(_luminance, (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [part / 255 for part in _channels(colour)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _mixed(colour: str, ink: str, share: float) -> str:
    pairs = zip(_channels(colour), _channels(ink), strict=True)
    return "#" + "".join(f"{round(one + (other - one) * share):02x}" for one, other in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def template(mode: Mode, family: str = FONT) -> dict[str, Any]:
    """Return the plotly template of a mode: fonts, grid, papers; nothing that belongs to data."""
    axis = {
        "gridcolor": GRID[mode],
        "linecolor": AXIS[mode],
        "tickcolor": AXIS[mode],
        "zerolinecolor": AXIS[mode],
        "zerolinewidth": 1,
        "tickfont": {"color": MUTED[mode], "size": 12},
        "title": {"font": {"color": MUTED[mode], "size": 12}, "standoff": 10},
        "automargin": True,
    }
    return {
        "layout": {
            "font": {"family": family, "size": 12.5, "color": INK[mode]},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "colorway": list(AREA_COLOUR.values()),
            "xaxis": {**axis, "showgrid": False, "showline": True, "ticks": "outside", "ticklen": 4},
            "yaxis": {**axis, "showline": False, "ticks": ""},
            "legend": {"font": {"color": INK[mode]}, "bgcolor": "rgba(0,0,0,0)"},
            "hoverlabel": {
                "bgcolor": PAPER[mode],
                "bordercolor": AXIS[mode],
                "font": {"family": family, "size": 12.5, "color": INK[mode]},
                "align": "left",
                "namelength": -1,
            },
            "annotationdefaults": {"font": {"color": MUTED[mode], "size": 11.5}, "arrowcolor": AXIS[mode]},
            "shapedefaults": {"line": {"color": AXIS[mode]}},
            "geo": {
                "bgcolor": "rgba(0,0,0,0)",
                "landcolor": GRID[mode],
                "countrycolor": AXIS[mode],
                "lakecolor": PAPER[mode],
                "oceancolor": PAPER[mode],
                "coastlinecolor": AXIS[mode],
            },
        }
    }
