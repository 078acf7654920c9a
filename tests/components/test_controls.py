from typing import Any

import dash_mantine_components as dmc
import pytest
from dash import html

from components import controls
from components.views import Choice, Page, Parameter
from pipelines.errors import DataError

SHORT = Parameter("axis", "Axis", "linear", choices=(Choice("linear", "Linear"), Choice("log", "Log")))
LONG = Parameter("project", "Project", "p0", choices=tuple(Choice(f"p{i}", f"Project number {i}") for i in range(20)))
FLAG = Parameter("events", "Events", "on", kind="flag")
YEAR = Parameter("start", "From", "2005", kind="year", low=1990, high=2030, advanced=True)
WORDS = Parameter("words", "Words", "", kind="text", high=20)
STEP = Parameter("step", "Step", "20", kind="number", low=20, high=100, hidden=True)
PAGE = Page("/trade", "Trade", "", (), (SHORT, LONG, FLAG, YEAR, WORDS, STEP))


def find(component: Any, identity: str) -> Any:
    for _, part in component._traverse_with_paths():
        if getattr(part, "id", None) == identity:
            return part
    raise LookupError(identity)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("axis", dmc.SegmentedControl),
        ("project", dmc.Select),
        ("events", dmc.Switch),
        ("start", dmc.NumberInput),
        ("words", dmc.TextInput),
    ],
)
def test_each_kind_gets_its_control(name: str, kind: type) -> None:
    assert isinstance(find(controls.bar(PAGE, {}), f"ctl-trade-{name}"), kind)


def test_controls_are_set_from_the_address() -> None:
    bar = controls.bar(PAGE, {"axis": "log", "events": "off", "start": "2010"})
    assert find(bar, "ctl-trade-axis").value == "log"
    assert find(bar, "ctl-trade-events").checked is False
    assert find(bar, "ctl-trade-start").value == 2010


def test_a_hidden_parameter_has_no_control_and_is_checked_all_the_same() -> None:
    assert "ctl-trade-step" not in str(controls.bar(PAGE, {"step": "40"}))
    assert STEP not in controls.with_control(PAGE) and STEP in PAGE.all_parameters()
    with pytest.raises(DataError, match="step=7 lies outside 20 to 100"):
        STEP.check("7")


def test_a_text_too_long_is_refused_and_none_is_allowed() -> None:
    assert WORDS.check("") == "" and WORDS.check("pipeline 2014") == "pipeline 2014"
    with pytest.raises(DataError, match="30 letters; 20 are allowed"):
        WORDS.check("x" * 30)


def test_a_wrong_value_leaves_its_control_unset() -> None:
    bar = controls.bar(PAGE, {"axis": "lgo", "start": "1066"})
    assert find(bar, "ctl-trade-axis").value == "" and find(bar, "ctl-trade-start").value == ""


def test_details_are_behind_more_and_open_when_the_address_uses_them() -> None:
    (more,) = [part for _, part in controls.bar(PAGE, {})._traverse_with_paths() if isinstance(part, html.Details)]
    assert more.open is False
    (opened,) = [
        part
        for _, part in controls.bar(PAGE, {"start": "2010"})._traverse_with_paths()
        if isinstance(part, html.Details)
    ]
    assert opened.open is True
