from typing import Any

import pytest

from components.asked import problem_of

CALLBACKS: dict[str, dict[str, Any]] = {
    "exhibit-trade.data": {"inputs": [{"id": "sel-trade"}], "state": []},
    "results.children": {"inputs": [{"id": "words"}], "state": [{"id": "known"}]},
}
MARK = {"mark": "paper-1", "view": "", "raw": {"as_of": "2016"}, "near": {"paper-2": "US$62 bn"}, "at": 1.5}


def question(value: object, prop: str = "data", **changes: object) -> dict[str, object]:
    given = {"id": "sel-trade", "property": prop, "value": value}
    return {"output": "exhibit-trade.data", "outputs": {"id": "x"}, "inputs": [given], "changedPropIds": []} | changes


@pytest.mark.parametrize("value", [None, {}, {"axis": "log"}, {"path": "/", "raw": {"axis": "log"}}, MARK])
def test_what_a_page_asks_is_let_through(value: object) -> None:
    assert problem_of(question(value), CALLBACKS) == ""


def test_words_ids_and_patterns_are_let_through() -> None:
    known = {"id": "known", "property": "value", "value": None}
    words = {"id": "words", "property": "value", "value": "gas"}
    asked = {"output": "results.children", "outputs": {}, "inputs": [words], "state": [known]}
    assert problem_of(asked, CALLBACKS) == ""
    pattern = [{"id": {"type": "charts"}, "property": "id", "value": {"type": "charts"}}]
    assert problem_of(question("") | {"inputs": [pattern]}, CALLBACKS) == ""


@pytest.mark.parametrize("body", [None, [], "x", 5])
def test_a_body_that_is_no_object_is_refused(body: object) -> None:
    assert "not a JSON object" in problem_of(body, CALLBACKS)


@pytest.mark.parametrize("output", [None, 5, {"a": 1}, "exhibit-none.data", "<script>"])
def test_an_unknown_callback_is_refused(output: object) -> None:
    assert "there is no callback" in problem_of(question({}, output=output), CALLBACKS)


@pytest.mark.parametrize("inputs", [None, {}, [], [{}, {}], "x"])
def test_a_wrong_number_of_inputs_is_refused(inputs: object) -> None:
    assert "must be a list of 1" in problem_of(question({}, inputs=inputs), CALLBACKS)


@pytest.mark.parametrize(
    "value",
    [5, "x", [1], True, {"axis": 5}, {"axis": {"a": 1}}, {"raw": "x"}, {"raw": {"as_of": [1]}}, {"near": ["a"]}, {"near": {"a": 1}}, {"mark": ["a"]}, {"at": "x", "b": {}}],
)  # fmt: skip
def test_values_of_another_kind_are_refused(value: object) -> None:
    assert "a value of another kind" in problem_of(question(value), CALLBACKS)


@pytest.mark.parametrize("value", [5, ["a"], {"a": 1}])
def test_texts_of_another_kind_are_refused(value: object) -> None:
    assert "a value of another kind" in problem_of(question(value, "value"), CALLBACKS)


@pytest.mark.parametrize("changes", [{"outputs": None}, {"outputs": "x"}, {"changedPropIds": "x"}])
def test_outputs_of_another_kind_are_refused(changes: dict[str, object]) -> None:
    assert "not those of a callback" in problem_of(question({}, **changes), CALLBACKS)
