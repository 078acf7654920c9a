from typing import Any

import pytest
from dash import html
from dash.development.base_component import Component

from components.desk import Desk
from components.findings import box
from components.pages.findings import PAGE, check_figure
from components.views import select
from pipelines.errors import DataError
from pipelines.tables import Tables


def all_of(component: Any) -> list[Component]:
    return [component, *(part for _, part in component._traverse_with_paths() if isinstance(part, Component))]


def words(component: Any) -> str:
    cells = [getattr(part, "children", None) for part in all_of(component)]
    flat = [one for cell in cells for one in (cell if isinstance(cell, list) else [cell])]
    return "\n".join(one for one in flat if isinstance(one, str)).replace("\u00a0", " ")


@pytest.fixture(scope="module")
def desk(tables: Tables) -> Desk:
    return Desk(lambda known: tables, [PAGE])


def test_a_good_figure_is_told_what_was_said_and_what_the_record_says(desk: Desk) -> None:
    shown = check_figure(desk, {"ask": "nearly US$95 billion", "ask_period": "2014"})
    text = words(shown)
    for said in ("Read as US$94 bn to US$95 bn (nearly)", "“$95 billion”", "Valdai Discussion Club", "US$95.24 bn",
                 "International Monetary Fund", "What the record says"):  # fmt: skip
        assert said in text, said
    assert "valdai-2016-47-007" in {getattr(part, "data-mark", None) for part in all_of(shown)}
    assert "Traceback" not in text


def test_a_wrong_figure_is_a_conflict_with_its_distance_from_each_publisher(desk: Desk) -> None:
    text = words(check_figure(desk, {"ask": "$62 billion", "ask_period": "2015"}))
    assert "conflict" in text and "−8.8 %" in text and "fits" not in text.split("What the record says")[1]


def test_what_it_would_contradict_leads_nowhere_it_is_not_kept(desk: Desk) -> None:
    shown = check_figure(desk, {"ask": "$62 billion", "ask_period": "2015"})
    cards = [part for part in all_of(shown) if isinstance(part, html.Details) and "finding" in str(part.className)]
    assert cards and "the figure you typed" in words(shown)
    assert not [part for part in all_of(shown) if isinstance(getattr(part, "id", None), dict)]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"ask": "much", "ask_period": "2014"}, "much"),
        ({"ask": "$95 billion", "ask_period": "lately"}, "lately"),
        ({"ask": "95", "ask_what": "no-such"}, "ask_what"),
        ({"ask": "95", "ask_what": "other", "ask_indicator": "TRADE_TOTL", "ask_area": "CHN"}, "TRADE_TOTAL"),
        ({"ask": "95", "ask_what": "other"}, "indicator"),
        ({"ask": "38 bcm", "ask_period": "2014"}, "BCM"),
        ({"ask": "9" * 200}, "ask"),
        ({"ask": "95", "as_of": "soon"}, "not a date"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_message(desk: Desk, raw: dict[str, str], said: str) -> None:
    text = words(check_figure(desk, raw))
    assert "This figure cannot be checked" in text and said in text and "figure 1:" not in text


def test_a_preset_stands_for_codes_and_something_else_takes_the_reader_s_own() -> None:
    def chosen(**raw: str) -> dict[str, str]:
        return box.typed_of(select(box.PARAMETERS, raw))

    assert chosen() == {}
    assert chosen(ask="38 bcm", ask_what="gas-siberia", ask_role="contract") == {
        "as_written": "38 bcm", "indicator": "GAS_DELIVERY", "ref_area": "RUS", "counterpart_area": "CHN",
        "project_id": "POWER_OF_SIBERIA", "role": "contract",
    }  # fmt: skip
    own = chosen(ask="5", ask_what="other", ask_indicator="POPULATION", ask_area="KAZ", ask_period="2014")
    assert own == {
        "as_written": "5",
        "time_period": "2014",
        "indicator": "POPULATION",
        "ref_area": "KAZ",
        "role": "actual",
    }


@pytest.mark.parametrize("code", [code for code in box.SUBJECTS if code != box.OTHER])
def test_every_preset_names_codes_there_are(tables: Tables, code: str) -> None:
    typed = box.SUBJECTS[code].typed
    assert typed["indicator"] in tables.codes["CL_INDICATOR"]["code"].tolist()
    assert {typed["ref_area"], typed["counterpart_area"]} <= set(tables.codes["CL_AREA"]["code"])
    held = tables.observations
    for name in ("indicator", "ref_area", "counterpart_area"):
        held = held[held[name] == typed[name]]
    assert len(held), "nothing is known of it, so it should not be offered"


def test_the_form_is_filled_in_from_the_address(tables: Tables) -> None:
    form = box.box(tables, select(PAGE.all_parameters(), {"ask": "38 bcm", "ask_what": "gas-siberia"}))
    values = {getattr(part, "id", None): getattr(part, "value", None) for part in all_of(form)}
    assert (values["box-ask"], values["box-ask_what"], values["box-ask_role"]) == ("38 bcm", "gas-siberia", "actual")
    assert form.open is True and box.box(tables, select(PAGE.all_parameters(), {})).open is False


def test_a_figure_of_something_nobody_counts_says_so(tables: Tables) -> None:
    raw = {
        "ask": "5 projects",
        "ask_what": "other",
        "ask_indicator": "PROJECT_COUNT",
        "ask_area": "CHN",
        "ask_period": "1999",
    }
    text = words(box.answer(tables, select(PAGE.all_parameters(), raw)))
    assert "No publisher at hand counts this" in text and "Nobody at hand said it" in text
    with pytest.raises(DataError):
        box.answer(tables, select(PAGE.all_parameters(), raw | {"ask": "no number"}))
