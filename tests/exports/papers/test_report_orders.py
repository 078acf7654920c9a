"""What the command line answers to an order of a report or a page: what was written, what is missing, good or bad."""

import datetime as dt
from pathlib import Path

import pytest

from components.desk import Desk
from exports import orders
from exports.papers.report import Order
from pipelines.errors import DataError

DAY = dt.date(2026, 11, 25)


def test_a_complete_pack_is_good_and_lists_its_files(desk: Desk, tmp_path: Path) -> None:
    answer = orders.order_report(desk, "sheet", [], tmp_path / "out", DAY, Order(formats=("xlsx",)))
    assert answer.is_good
    assert "complete, 4 figures" in answer.text
    assert "sheet.xlsx" in answer.text
    assert (tmp_path / "out" / "manifest.json").is_file()


def test_a_pack_that_lacks_a_file_is_bad_and_says_which(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "none"))
    answer = orders.order_report(desk, "sheet", [], tmp_path / "out", DAY, Order(formats=("xlsx", "pdf")))
    assert not answer.is_good
    assert "MISSING sheet.pdf: Pictures need a browser" in answer.text
    assert (tmp_path / "out" / "sheet.xlsx").is_file()


def test_wrong_orders_write_nothing(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="'pear' is a parameter of no view"):
        orders.order_report(desk, "sheet", ["pear=1"], tmp_path / "out", DAY, Order())
    with pytest.raises(DataError, match="not of the form name=value"):
        orders.order_page(desk, "trade", ["pair"], tmp_path / "trade.pdf", DAY, "pdf")
    with pytest.raises(DataError, match="There is no page"):
        orders.order_page(desk, "../etc", [], tmp_path / "x.pdf", DAY, "pdf")
    assert list(tmp_path.iterdir()) == []
