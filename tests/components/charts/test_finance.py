import pandas as pd
import plotly.graph_objects as go
import pytest

from components import theme
from components.charts import finance


def mark(value, **cells):
    fixed = {
        "observation_id": f"m-{value}",
        "label": "money",
        "time_period": "2013-12-31",
        "obs_value": float(value),
        "unit_measure": "USD",
        "bound": "=",
        "counted": None,
        "role": "actual",
        "source_class": "research",
        "provenance": "quoted",
        "value_low": None,
        "value_high": None,
        "series": "as quoted",
        "colour_area": "CHN",
        "note": "a note",
        "project_id": "P",
        "publisher": "A Publisher (long name)",
    }
    return fixed | cells


def frame(*marks):
    return pd.DataFrame(list(marks))


def test_amounts_start_at_zero_in_the_order_given():
    figure = finance.amounts(frame(mark(5e9, bound="<~"), mark(0.86e9, colour_area="RUS")), what="Stock")
    go.Figure(figure)
    assert [trace["x"] for trace in figure["data"]] == [[5], [0.86]]
    assert [trace["marker"]["color"] for trace in figure["data"]] == [
        theme.area_colour("CHN"),
        theme.area_colour("RUS"),
    ]
    heads = [note["text"] for note in figure["layout"]["annotations"] if note["text"].startswith("<b>")]
    assert heads == ["<b>Just under\u00a0US$5\u00a0bn: money</b>", "<b>US$860\u00a0m: money</b>"]
    assert figure["layout"]["xaxis"]["title"]["text"] == "Stock, US$ bn"


def test_a_card_is_a_number_in_words_that_can_be_clicked():
    card = mark(4.35, unit_measure="PERCENT", bound="~", series="card")
    figure = finance.amounts(frame(mark(5e9), card), what="Stock")
    text = figure["data"][-1]
    assert (text["mode"], text["text"], text["customdata"]) == ("markers+text", ["  ≈\u00a04.35\u00a0%"], ["m-4.35"])
    assert text["marker"]["symbol"] == ["circle-open"]
    assert text["x"] == [0] and text["xaxis"] == "x2"
    assert figure["layout"]["xaxis2"]["visible"] is False, "a percentage has no place on an axis of money"


def test_cards_alone_have_no_axis():
    figure = finance.cards(frame(mark(400e9)))
    assert figure["layout"]["xaxis"]["visible"] is False


def test_plans_and_pledges_do_not_look_like_actuals():
    figure = finance.amounts(frame(mark(5e9), mark(6e9, role="pledge"), mark(7e9, role="plan")), what="Stock")
    fills = [trace["marker"]["color"] for trace in figure["data"]]
    assert fills[0] == theme.area_colour("CHN")
    assert all(fill.endswith(",0)") for fill in fills[1:])
    patterns = [trace["marker"].get("pattern", {}).get("shape", "") for trace in figure["data"]]
    assert len(set(patterns)) == 3


def test_an_extension_is_drawn_from_the_whole_to_the_plan():
    marks = frame(
        mark(50e9, part_of="whole", role="pledge"),
        mark(100e9, part_of="extension", role="plan"),
        mark(100e9, part_of="whole", role="pledge", project_id="Q"),
        mark(41e9, part_of="inset", role="pledge", project_id="Q"),
    )
    whole, extension, other, inset = finance.funds(marks)["data"]
    assert (extension["base"], extension["x"]) == ([50], [50])
    assert extension["y"] == whole["y"]
    assert inset["y"] == other["y"] != whole["y"]
    assert inset["width"][0] < other["width"][0]
    assert "pattern" not in inset["marker"]


def test_deals_have_a_panel_for_each_quantity():
    count = mark(900, unit_measure="COUNT", counted="deal", role="contract", series="number")
    value = mark(890e9, role="contract", series="value")
    figure = finance.deals(frame(count, value))
    assert [trace["name"] for trace in figure["data"]] == ["number", "value"]
    assert figure["layout"]["xaxis2"]["title"]["text"] == "Combined value, US$ bn"


def test_sides_stand_in_rows_of_their_own():
    marks = frame(
        mark(160e9, role="plan", series="announced", warning=""),
        mark(9e9, series="realised", warning="Different territory"),
    )
    announced, realised = finance.side_by_side(marks)["data"]
    assert announced["y"] != realised["y"]
    assert announced["marker"]["pattern"]["shape"] == "/"
    notes = finance.side_by_side(marks)["layout"]["annotations"]
    assert [n["font"]["color"] for n in notes if n["text"] == "Different territory"] == [theme.WARNING]


def test_claims_are_never_joined_and_numbers_do_not_collide():
    claimed = frame(
        mark(20e9, time_period="2015-06-18", role="plan", bound=">"),
        mark(160e9, time_period="2022-09-07", role="plan", bound="~"),
        mark(161e9, time_period="2023-03", role="plan", bound=">"),
    )
    figure = finance.claims(claimed.assign(series="announced"))
    (trace,) = figure["data"]
    assert trace["mode"] == "markers+text"
    assert trace["textposition"] == ["top center", "middle left", "middle right"]
    assert [text.strip() for text in trace["text"]] == [">20", "≈160", ">161"]
    assert trace["text"][1].endswith("\xa0") and trace["text"][2].startswith("\xa0"), "room for a ring around the mark"
    notes = figure["layout"]["annotations"]
    assert {note.get("name") for note in notes} == {None}, "who spoke is said on narrow screens too"
    assert {note["text"] for note in notes} == {"A Publisher"}


def test_what_was_called_realised_has_its_territory_and_near_ones_stand_at_two_heights():
    realised = frame(
        mark(9e9, time_period="2023-12-31", bound="<~", territory="Far East"),
        mark(10e9, time_period="2025-10-31", bound=">", territory="list of its own"),
        mark(11e9, time_period="2026-10-31", territory=""),
    )
    notes = finance.claims(realised.assign(series="realised"))["layout"]["annotations"]
    assert [note["text"] for note in notes] == ["just under\xa09<br>Far East", ">10<br>list of its<br>own", "11"]
    assert [note["showarrow"] for note in notes] == [False, True, False]
    assert notes[1]["ay"] < -40 and notes[0]["yshift"] > 10, "clear of a ring around the mark"


def test_the_remainder_fills_the_whole():
    share = mark(2, unit_measure="PERCENT", series="stated")
    rest = mark(98, unit_measure="PERCENT", series="not named")
    aim = mark(50, unit_measure="PERCENT", role="target", series="aim")
    stated, other, tick = finance.settlement(frame(share, rest, aim))["data"]
    assert (other["base"], other["x"]) == ([2.0], [98.0])
    assert stated["marker"]["color"] != other["marker"]["color"]
    assert (tick["x"], tick["text"]) == ([50.0], ["50\u00a0% aimed at"])


def stock(area, name, values):
    line = {"counterpart_area": area, "series": name, "line_id": area, "provenance": "statistic"}
    return [mark(v * 1e9, time_period=y, **line) for y, v in values.items()]


def test_lines_break_at_missing_years_and_stop_with_a_label():
    china = stock("CHN", "China", {"2019": 7, "2020": 6, "2022": 5})
    russia = stock("RUS", "Russia", {"2019": 1, "2020": 5, "2022": 4})
    figure = finance.stock_lines(frame(*china, *russia))
    go.Figure(figure)
    assert figure["data"][0]["y"] == [7, 6, None, 5]
    notes = {note["text"]: note for note in figure["layout"]["annotations"]}
    assert set(notes) == {"China", "Russia", "ends 2022"}
    assert notes["China"]["x"][:4] == notes["Russia"]["x"][:4] == "2019"
    assert notes["China"]["yshift"] > 0 > notes["Russia"]["yshift"]


def test_one_line_alone_is_still_named():
    figure = finance.stock_lines(frame(*stock("CHN", "China", {"2019": 7, "2020": 6})))
    assert [note["text"] for note in figure["layout"]["annotations"]] == ["China", "ends 2020"]


@pytest.mark.parametrize("role", ["pledge", "plan", "contract"])
def test_every_role_of_an_envelope_has_its_symbol(role):
    figure = finance.envelopes(frame(mark(15e9), mark(40e9, role=role)))
    first, second = (trace["marker"]["symbol"][0] for trace in figure["data"])
    assert first != second
    assert figure["layout"]["xaxis"]["type"] == "log" and figure["layout"]["showlegend"] is True
    assert not {"minor", "dtick"} & set(figure["layout"]["xaxis"]), "they drew a comb of a thousand ticks"
