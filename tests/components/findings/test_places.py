from components.charts import base
from components.desk import Desk
from components.findings.places import drawn_ids, place_links, places_of
from components.pages.findings import chart_links
from components.views import Choice, Exhibit, Page, Parameter, Selection, View
from pipelines.errors import DataError
from pipelines.tables import AsKnown, Tables

PAIR = Parameter("pair", "Pair", "one", choices=(Choice("one", "One"), Choice("two", "Two")))
PRESET = Parameter("preset", "Look at", "a", choices=(Choice("a", "A"), Choice("b", "B")))


def draw(tables: Tables, selection: Selection) -> Exhibit:
    wanted = "paper-2016-001" if selection["pair"] == "one" else "paper-2016-002"
    rows = tables.observations[tables.observations["observation_id"] == wanted]
    return Exhibit("T", {"data": [{"type": "bar", "y": [1], "customdata": base.keys(rows)}]}, rows, "S.")


def refuse(tables: Tables, selection: Selection) -> Exhibit:
    raise DataError("nothing here")


def shown(selection: Selection) -> tuple[str, ...]:
    return ("first", "broken") if selection["preset"] == "a" else ("second",)


VIEWS = (
    View("first", "First", "?", draw, (PAIR,)),
    View("second", "Second", "?", draw, (PAIR,)),
    View("broken", "Broken", "?", refuse, (PAIR,)),
)
PAGE = Page("/p", "Page", "", VIEWS, (PAIR, PRESET), shown=shown)


def test_each_chart_that_draws_a_figure_is_linked_with_what_makes_it_draw_it(few: Tables) -> None:
    desk = Desk(lambda known: few, [PAGE])
    found = {
        one: [place.address for place in places_of(desk, {}, [one])] for one in ("paper-2016-001", "paper-2016-002")
    }
    assert found == {
        "paper-2016-001": ["/p#card-first", "/p?preset=b#card-second"],
        "paper-2016-002": ["/p?pair=two#card-first", "/p?pair=two&preset=b#card-second"],
    }
    assert len(places_of(desk, {}, found)) == 2
    assert places_of(desk, {}, ["paper-2016-003"]) == ()
    assert "no chart draws" in str(place_links(()))


def test_charts_are_looked_for_once_for_the_same_data(few: Tables) -> None:
    asked: list[str] = []

    def counted(tables: Tables, selection: Selection) -> Exhibit:
        asked.append(selection["pair"])
        return draw(tables, selection)

    desk = Desk(lambda known: few, [Page("/p", "P", "", (View("v", "V", "?", counted, (PAIR,)),), (PAIR,))])
    for _ in range(3):
        places_of(desk, {}, ["paper-2016-001"])
    assert asked == ["one", "two"]


def test_a_sum_of_many_is_not_about_one_of_them(few: Tables) -> None:
    rows = few.observations
    keys = ["a ; b", " ; ".join("cdefgh"), ["i", "more"], None, "=label@2014"]
    found = Exhibit("T", {"data": [{"customdata": keys}, {"y": [1]}]}, rows, "")
    assert drawn_ids(found) == {"a", "b", "i", "=label@2014"}


def test_every_finding_of_the_page_gets_its_charts_or_the_reason(found: Tables) -> None:
    desk = Desk(lambda known: found, [PAGE])
    first, second = chart_links(desk, ["fall-1", "series-1"], {})
    assert "/p#card-first" in str(first) and "no chart draws" in str(second)
    refused = Desk(lambda known: Tables(**{**vars(found), "as_known": AsKnown()}), [PAGE])
    assert chart_links(refused, ["fall-1"], {"as_of": "soon"}) == [
        "as_of='soon' is not a date. Write a year such as 2016, a month 2016-05 or a day 2016-05-31."
    ]
