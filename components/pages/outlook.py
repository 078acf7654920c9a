"""The page on the years ahead: fan, odds of a target, past forecasts against what came, and the record."""

from collections.abc import Callable
from importlib import import_module
from typing import cast

from components.outlook.choices import AXIS, FRONT, MEMBERS, METHOD
from components.views import Exhibit, Page, Selection, View
from pipelines.outlook.shown import SHOWN
from pipelines.tables import Tables


def _built(module: str, name: str) -> Callable[[Tables, Selection], Exhibit]:
    """Return a build that imports the models when a reader first asks, so that the dashboard starts without them."""

    def build(tables: Tables, selection: Selection) -> Exhibit:
        return cast("Exhibit", getattr(import_module(f"components.outlook.{module}"), name)(tables, selection))

    return build


PAGE = Page(
    path="/outlook",
    title="Outlook",
    intro="Choose a target and a deadline: a forecast shows how likely it is, how wide the doubt is, and how such "
    "forecasts did in the past.",
    views=(
        View(
            "outlook_fan",
            "The years ahead",
            "Where might the series go?",
            _built("fan", "fan"),
            (*FRONT, *METHOD, MEMBERS, AXIS),
            height=460,
        ),
        View(
            "outlook_odds",
            "How likely is the target?",
            "Will the target be met?",
            _built("fan", "odds"),
            (*FRONT, *METHOD),
            height=400,
        ),
        View(
            "outlook_then",
            "Then and now: were the targets ever likely?",
            "What would a forecast have said, and what came?",
            _built("past", "then_and_now"),
            height=680,
            wide=True,
        ),
        View(
            "outlook_odds_then",
            "The odds of each target, read to two dates",
            "What odds did official targets have when they were set?",
            _built("past", "odds_then"),
            height=560,
        ),
        View(
            "outlook_record",
            "The record",
            "How far off were such forecasts?",
            _built("record", "record"),
            (*FRONT, *METHOD),
            height=360,
        ),
        View(
            "outlook_months",
            "The months ahead",
            "What do months tell that years do not?",
            _built("months", "months"),
            height=400,
        ),
        View(
            "outlook_scorecard",
            "The scorecard",
            "How did forecasts do that were shown before?",
            _built("scorecard", "scorecard"),
            height=400,
            stamp=SHOWN.stamp,
        ),
    ),
    extra={"details": "Method"},
)
