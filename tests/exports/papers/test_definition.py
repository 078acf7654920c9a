"""A report definition is refused at once with everything that is wrong in it."""

from pathlib import Path

import pytest

from components.desk import Desk
from exports.papers.definition import (
    PLACEHOLDER,
    adjusted,
    built_in_names,
    load_definition,
    pack_definition,
    page_definition,
)
from pipelines.errors import DataError

GOOD = 'title = "Mine"\n[[section]]\ntitle = "Trade"\n[[section.view]]\nview = "trade-level"\n'


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refused(folder: Path, text: str, desk: Desk) -> list[str]:
    with pytest.raises(DataError) as caught:
        load_definition(written(folder, text), desk)
    return str(caught.value).split("\n")


def test_both_reports_of_the_product_are_good(desk: Desk) -> None:
    assert built_in_names() == ["briefing", "sheet"]
    briefing, sheet = (load_definition(name, desk) for name in built_in_names())
    assert (briefing.layout, sheet.layout, sheet.most_pages) == ("document", "sheet", 1)
    titles = [part.title for part in briefing.parts]
    assert titles[:4] == ["In brief", "Trade", "Structure", "Targets and gaps"]
    assert {"Energy", "Investment and finance", "Projects", "Outlook", "Findings"} < set(titles)
    assert {part.title for part in briefing.parts if part.optional} == {"Outlook", "Findings"}


def test_every_problem_is_named_with_its_place_and_remedy(desk: Desk, tmp_path: Path) -> None:
    text = (
        'langage = "de"\nlanguage = "klingon"\npaper = "a5"\nas_of = "soon"\n'
        '[[section]]\ntext = "{trade-levl.summary} {trade-level.colour}"\nregister = "promisses"\n'
        '[[section.view]]\nview = "trade-levle"\n'
        '[[section.view]]\nview = "trade-level"\nparameters = { pair = "RUS-CHM", fast = "yes" }\nrows = "many"\n'
    )
    problems = refused(tmp_path, text, desk)
    assert all(problem.startswith("mine.toml: ") for problem in problems)
    told = "\n".join(problems)
    for words in (
        "'langage' is no key of the report (did you mean 'language'?)",
        "title is missing. Add a line such as",
        "paper = 'a5' is not offered",
        "language = 'klingon' is not known",
        "as_of='soon' is not a date",
        "[[section]] 1 (without a title): title is missing",
        "register = 'promisses' is not offered (did you mean 'promises'?)",
        "placeholder {trade-levl.summary}: There is no chart 'trade-levl' (did you mean 'trade-level'?)",
        "placeholder {trade-level.colour}: only title and summary",
        "[[section.view]] 1: There is no chart 'trade-levle' (did you mean 'trade-level'?)",
        "trade-level has no parameter 'fast'",
        "pair='RUS-CHM' is not offered (did you mean 'RUS-CHN'?)",
        "rows of a view must be a whole number",
    ):
        assert words in told, words


def test_a_report_without_sections_or_toml_is_refused(desk: Desk, tmp_path: Path) -> None:
    assert "no [[section]]" in refused(tmp_path, 'title = "Empty"\n', desk)[0]
    assert "not valid TOML" in refused(tmp_path, "title = ", desk)[0]
    with pytest.raises(DataError, match=r"There is no report 'briefin' \(did you mean 'briefing'\?\)"):
        load_definition("briefin", desk)
    with pytest.raises(DataError, match=r"There is no file none\.toml"):
        load_definition(tmp_path / "none.toml", desk)


def test_an_order_changes_paper_language_date_and_parameters(desk: Desk, tmp_path: Path) -> None:
    mine = load_definition(written(tmp_path, GOOD), desk)
    changed = adjusted(mine, desk, {"paper": "letter", "language": "de", "as_of": "2016"}, {"pair": "CHN-KAZ"})
    assert (changed.paper, changed.language, changed.known) == ("letter", "de", {"as_of": "2016"})
    assert changed.parts[0].views[0].parameters == {"pair": "CHN-KAZ"}
    with pytest.raises(DataError) as caught:
        adjusted(mine, desk, {"language": "xx"}, {"pear": "1", "pair": "nobody"})
    assert {"pear", "nobody", "xx"} <= {word.strip("'=,") for word in str(caught.value).replace("=", " ").split()}


def test_a_pack_keeps_the_order_and_refuses_all_wrong_views_at_once(desk: Desk) -> None:
    pack = pack_definition([("energy-siberia", {}), ("trade-level", {"pair": "RUS-KAZ"}), ("energy-siberia", {})], desk)
    assert [part.views[0].view_id for part in pack.parts] == ["energy-siberia", "trade-level", "energy-siberia"]
    with pytest.raises(DataError, match=r"(?s)view 1: There is no chart.*view 3: trade-level has no parameter"):
        pack_definition([("no-such", {}), ("trade-level", {}), ("trade-level", {"x": "1"})], desk)
    with pytest.raises(DataError, match="holds no view"):
        pack_definition([], desk)


def test_a_page_becomes_a_report_of_what_it_shows(desk: Desk) -> None:
    page = page_definition("trade", {"preset": "balance", "pair": "RUS-KAZ"}, desk)
    assert [ask.view_id for ask in page.parts[0].views] == ["trade-balance", "trade-flows"]
    assert page.parts[0].views[0].parameters["pair"] == "RUS-KAZ"
    assert page_definition("today", {}, desk).parts[0].headlines == "/"
    with pytest.raises(DataError, match="There is no page"):
        page_definition("trad", {}, desk)


def test_placeholders_are_found_in_text() -> None:
    assert PLACEHOLDER.findall("So {trade-level.summary} and {outlook_fan.title}.") == [
        ("trade-level", "summary"),
        ("outlook_fan", "title"),
    ]


def test_a_missing_file_is_said_in_words_with_the_reports_there_are(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        load_definition(tmp_path / "nope.toml", desk)
    assert str(caught.value) == "There is no file nope.toml. Check its name, or name a report: briefing, sheet."
