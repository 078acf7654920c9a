import pytest

from components import theme
from components.pages import energy
from pipelines.analyse.implied import implied_value

VIEWS = {view.view_id: view for view in energy.PAGE.views}


def draw(tables, view_id, **selection):
    return VIEWS[view_id].exhibit(tables, selection)


def rows_of(drawn, series):
    return drawn.frame[drawn.frame["series"] == series]


def test_each_number_of_a_route_is_drawn_in_its_role(tables):
    drawn = draw(tables, "energy-roles")
    looks = drawn.frame.set_index("row")[["look", "obs_value"]]
    assert looks.loc["Power of Siberia: capacity, extension"].to_numpy().tolist() == [
        ["capacity", 38.0],
        ["plan", 22.0],
    ]
    assert looks.loc["Power of Siberia: flow"].tolist() == ["counted", 38.8]
    assert looks.loc["Power of Siberia: plan"].tolist() == ["plan", 44.0]
    assert looks.loc["Power of Siberia 2: plan"].tolist() == ["plan", 50.0]
    assert looks.loc["Kazakh gas: aim"].tolist() == ["target", 10.0]
    extension = drawn.frame[drawn.frame["label"] == "Extension thought possible"].iloc[0]
    assert (extension["start"], extension["formula"]) == (38.0, "≈60 − 38 bcm a year")


def test_former_sales_to_europe_are_implied_and_labelled_so(tables):
    drawn = draw(tables, "energy-roles")
    implied = rows_of(drawn, "implied").iloc[0]
    assert implied["obs_value"] == 100.0
    assert implied["bound"] == ">"
    assert implied["observation_ids"] == "rpta-2024-bri-013 ; rpta-2024-bri-014"
    assert implied["formula"] == "50 bcm a year / just under 50 %"
    assert "(implied)" in implied["row"]
    assert {shape["x0"] for shape in drawn.figure["layout"]["shapes"]} == {100.0}


def test_unplottable_memoranda_stay_out(tables):
    assert {"press-254", "press-255", "press-256"}.isdisjoint(draw(tables, "energy-roles").frame["observation_id"])


def test_suppliers_and_lng_add_to_the_edition_of_the_year(tables):
    drawn = draw(tables, "energy-suppliers")
    parts = drawn.frame[drawn.frame["series"] != "total"]
    for year, rows in parts.groupby("time_period"):
        assert rows["edition"].nunique() == 1, year
    piped = parts[parts["indicator"] == "GAS_IMP_PIPELINE"].groupby("time_period")["obs_value"].sum()
    world = tables.series.query("line_id == 'CHN_GAS_IMPORTS_WORLD.GAS_IMP_PIPELINE'").set_index("time_period")
    assert piped.tolist() == pytest.approx(world.loc[piped.index, "obs_value"].tolist(), rel=2e-3)
    assert drawn.figure["layout"]["barmode"] == "stack"


def test_totals_of_another_edition_are_marks_and_their_distance_is_told(tables):
    drawn = draw(tables, "energy-suppliers")
    total = next(trace for trace in drawn.figure["data"] if trace["name"] == "total in the 2024 edition")
    assert total["mode"] == "markers"
    sums = drawn.frame[drawn.frame["series"] != "total"].groupby("time_period")["obs_value"].sum()
    totals = rows_of(drawn, "total").set_index("time_period")["obs_value"]
    away = (totals / sums - 1).abs().mul(100)
    assert any(f"at most {away.max():.1f} %, in {away.idxmax()}" in caveat for caveat in drawn.caveats)


def test_shares_of_suppliers_sum_to_one_hundred(tables):
    drawn = draw(tables, "energy-suppliers", gas_as="share")
    sums = drawn.frame.groupby("time_period")["obs_value"].sum()
    assert sums.tolist() == pytest.approx([100.0] * len(sums), abs=0.2)
    assert set(drawn.frame["unit_measure"]) == {"PERCENT"}
    assert "total" not in set(drawn.frame["series"])
    assert drawn.frame["formula"].str.endswith("bcm × 100").all()


def test_the_long_table_shows_where_one_edition_ends(tables):
    layout = draw(tables, "energy-suppliers", split="kind").figure["layout"]
    assert [shape["x0"] for shape in layout["shapes"]] == ["2017-01-01"]
    assert [note["text"] for note in layout["annotations"]] == ["2024<br>edition", "one edition<br>a year"]
    assert draw(tables, "energy-suppliers").figure["layout"].get("shapes", []) == []


def test_russias_part_counts_pipeline_and_lng(tables):
    summary = draw(tables, "energy-suppliers").summary
    assert "Russia sent 21.3 by pipeline and 11 as LNG, together 20.3 % of all" in summary


def test_the_quoted_total_equals_central_asian_pipeline_gas(tables):
    drawn = draw(tables, "energy-scope")
    sums = drawn.frame.groupby("row", sort=False)["obs_value"].sum()
    assert sums.iloc[0] == pytest.approx(36.2)
    assert sums["Pipeline gas from Central Asia"] == pytest.approx(36.124)
    assert sums["All pipeline gas"] == pytest.approx(39.41)
    assert sums["All gas imports, LNG included"] == pytest.approx(92.829)
    assert "(36.1)" in drawn.summary and "92.8" in drawn.summary
    assert "34.1 % of those" in drawn.summary
    assert any("31.7 + 5 = 36.7" in caveat for caveat in drawn.caveats)


def test_what_nobody_named_is_grey_and_computed(tables):
    rest = rows_of(draw(tables, "energy-scope"), "rest").iloc[0]
    assert (rest["look"], rest["formula"], rest["obs_status"]) == ("rest", "36.2 − 31.7 bcm", "D")
    assert rest["obs_value"] == pytest.approx(4.5)
    assert rest["start"] == 31.7


def test_shares_of_crude_are_computed_within_one_edition(tables):
    drawn = draw(tables, "energy-crude")
    russia, total, share = (rows_of(drawn, name).set_index("time_period") for name in ("russia", "total", "share"))
    expected = 100 * russia["obs_value"] / total["obs_value"]
    assert share["obs_value"].tolist() == pytest.approx(expected.loc[share.index].tolist())
    assert (russia["edition"] == total["edition"].loc[russia.index]).all()
    assert "from 14.2 to 19 %" in drawn.summary
    assert set(rows_of(drawn, "printed")["time_period"]) == {"2024"}


def test_the_mean_of_a_contract_is_derived_and_hatched(tables):
    drawn = draw(tables, "energy-crude-roles")
    contract = rows_of(drawn, "contract").iloc[0]
    assert contract["obs_value"] == pytest.approx(14.4e6)
    assert contract["formula"] == "360 Mt / 25 years"
    marker = next(t["marker"] for t in drawn.figure["data"] if t["name"] == "contract")
    assert marker["pattern"]["shape"] == "-"
    assert rows_of(drawn, "pipeline")["obs_value"].tolist() == [12.2e6]
    assert any("exceed all crude counted from the other CIS" in caveat for caveat in drawn.caveats)
    assert rows_of(drawn, "CIS_OTHER")["label"].tolist() == ["Crude oil from the other CIS countries"]


def test_implied_values_follow_the_stated_formula(tables):
    drawn = draw(tables, "energy-price")
    volume, price, implied = (rows_of(drawn, name).set_index("time_period") for name in ("volume", "price", "implied"))
    for year, row in implied.iterrows():
        tonnes, dollars = volume.loc[year, "obs_value"], price.loc[year, "obs_value"]
        assert row["obs_value"] == pytest.approx(implied_value(tonnes, dollars))
        assert "7.33" in row["formula"]
    assert set(implied["role"]) == {"estimate"}
    assert "Customs counted US$40.3\xa0bn in 2021 where the formula gives US$41.4\xa0bn" in drawn.summary
    assert "grew 1.8-fold, Brent 1.5-fold" in drawn.summary


def test_an_index_starts_at_one_hundred(tables):
    drawn = draw(tables, "energy-price", price_as="index")
    first = drawn.frame.groupby("series").head(1)
    assert first["obs_value"].tolist() == [100.0] * 3
    assert rows_of(drawn, "volume")["obs_value"].iloc[-1] == pytest.approx(178.97, abs=0.01)
    lines = [trace["name"] for trace in drawn.figure["data"] if "lines" in trace["mode"]]
    assert lines == ["volume, extract ends 2023", "Brent"]


def test_oil_and_gas_are_two_wholes(tables):
    drawn = draw(tables, "energy-shares")
    sums = drawn.frame.groupby("row")["obs_value"].sum()
    assert sums.tolist() == [100.0, 100.0]
    parts = rows_of(drawn, "part").set_index("commodity")["obs_value"]
    assert parts.to_dict() == {"CRUDE_OIL": 6.0, "NATURAL_GAS": 4.0}
    assert drawn.figure["layout"]["barmode"] == "overlay"
    assert "two separate totals" in drawn.summary


def test_hidden_figures_appear_on_request_only(tables):
    assert len(draw(tables, "energy-siberia", otherwise="on").frame) - len(draw(tables, "energy-siberia").frame) == 2


@pytest.mark.parametrize(
    "view_id", ["energy-siberia", "energy-roles", "energy-suppliers", "energy-scope", "energy-kazakh-gas"]
)
def test_gas_axes_name_their_standard(tables, view_id):
    layout = draw(tables, view_id).figure["layout"]
    titles = [axis["title"]["text"] for name, axis in layout.items() if "axis" in name and axis.get("title")]
    assert any("15 °C" in title for title in titles)


def test_customs_values_have_the_shape_and_colour_of_who_quotes_them_and_the_legend_names_both(tables):
    stated = [
        trace for trace in draw(tables, "energy-price").figure["data"] if trace["name"].startswith("customs value")
    ]
    assert [(trace["name"], set(trace["marker"]["symbol"])) for trace in stated] == [
        ("customs value, quoted, research", {"circle-open"}),
        ("customs value, quoted, press", {"triangle-up-open"}),
    ]
    assert all(trace["marker"]["color"] != theme.WARNING and trace.get("showlegend", True) for trace in stated)
