"""Crude oil for China: tonnes and shares, a contract and a pipeline, price against volume."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import pandas as pd

from components import labels
from components.charts import oil
from components.charts.base import Figure, Rows, records
from components.charts.panels import series_of
from components.charts.segments import REST, hundred_bars
from components.marks import (
    absent,
    compute,
    computed_marks,
    draw_line,
    drawn_by,
    gather,
    on_row,
    pick,
    quote,
    told,
    values_by_period,
    without,
)
from components.views import Exhibit
from pipelines.analyse.growth import index_to
from pipelines.analyse.implied import BARRELS_PER_TONNE, implied_values
from pipelines.tables import Tables

ORIGINS: Mapping[str, str] = {
    "RUS": "Crude oil from Russia",
    "CIS_OTHER": "Crude oil from the other CIS countries",
    "W00": "All crude oil imports",
}


@drawn_by(oil.crude_in_tonnes)
def crude_in_tonnes(tables: Tables) -> Exhibit:
    """Return China's crude imports from Russia and from all, in tonnes, and Russia's share."""
    title = "Crude oil from Russia in China's imports"
    russia, total = _crude(tables, "RUS", "russia"), _crude(tables, "W00", "total")
    if russia.empty:
        return without(title, absent(tables, "weight of crude oil China imported from Russia"))
    printed = quote(_printed_crude(tables), "printed")
    marks = gather(total, russia, printed, _crude_shares(russia, total))
    return told(
        title,
        marks,
        [_crude_sentence(marks)],
        [
            "Each year comes from its own edition of the Statistical Review, so columns and no line; the shares are "
            "computed within one edition.",
            "An open triangle is a customs weight as the press printed it, where the Review at hand has no year.",
        ],
    )


def _crude(tables: Tables, area: str, series: str) -> pd.DataFrame:
    return draw_line(tables, series, ORIGINS[area], indicator="CRUDE_IMP", ref_area="CHN", counterpart_area=area)


def _printed_crude(tables: Tables) -> pd.DataFrame:
    rows = pick(tables, indicator="CRUDE_IMP", ref_area="CHN", counterpart_area="RUS", freq="A", unit_measure="T")
    known = set(_crude(tables, "RUS", "russia")["time_period"])
    return rows[(rows["provenance"] != "statistic") & ~rows["time_period"].isin(known)].sort_values("time_period")


def _crude_shares(russia: pd.DataFrame, total: pd.DataFrame) -> pd.DataFrame:
    whole = {row[0]: row[1:] for row in total[["time_period", "obs_value", "observation_id"]].to_numpy()}
    parts = russia[["time_period", "obs_value", "observation_id", "source_id", "source_class"]].to_numpy()
    return computed_marks(
        [
            {
                "ids": [part_id, whole[year][1]],
                "source_id": [source_id],
                "source_class": [source_class],
                "series": "share",
                "label": "Russia's share of China's crude imports by weight",
                "obs_value": 100 * part / whole[year][0],
                "formula": f"{part / 1e6:.1f} / {whole[year][0] / 1e6:.1f} Mt × 100",
                "unit_measure": "PERCENT",
                "measure_type": "share",
                "time_period": year,
                "freq": "A",
            }
            for year, part, part_id, source_id, source_class in parts
            if year in whole
        ]
    )


def _crude_sentence(marks: pd.DataFrame) -> str:
    russia, share = series_of(marks, "russia"), series_of(marks, "share")
    first, last = russia[0], russia[-1]
    said = f"China imported {labels.value(last['obs_value'], 'T')} of crude oil from Russia in {last['time_period']}"
    if len(russia) > 1:
        said += f", {labels.value(first['obs_value'], 'T')} in {first['time_period']}"
    if len(share) < 2:
        return f"{said}."
    return (
        f"{said}; Russia's share of the weight went from {labels.number(round(share[0]['obs_value'], 1))} to "
        f"{labels.number(round(share[-1]['obs_value'], 1))} %."
    )


@drawn_by(oil.crude_by_role)
def crude_by_role(tables: Tables) -> Exhibit:
    """Return a contract's mean and a pipeline's flow beside China's imports: the same unit, not the same thing."""
    title = "Crude oil a year: a contract, a pipeline, imports"
    contract, pipeline = _contract_mean(tables), _atasu(tables)
    imports = gather(_imports_row(tables, "RUS", pipeline), _imports_row(tables, "CIS_OTHER", pipeline))
    marks = gather(contract, pipeline, imports)
    if marks.empty:
        return without(title, absent(tables, "volume of an oil contract or pipeline to China"))
    return told(
        title,
        marks,
        [_oil_roles_sentence(marks)],
        [
            "The contract's mean spreads its volume evenly over its term; no delivery under it is stated here.",
            "Kazakh pipeline and Russian contract are different suppliers: they stand side by side for scale only.",
            _other_origin(marks),
        ],
    )


def _other_origin(marks: pd.DataFrame) -> str:
    """Say so where the pipeline carries more than all crude counted from the countries it could come from."""
    imports = values_by_period(series_of(marks, "CIS_OTHER"))
    both = {year: v for year, v in values_by_period(series_of(marks, "pipeline")).items() if year in imports}
    if not both or any(value <= imports[year] for year, value in both.items()):
        return ""
    return (
        f"The pipeline's {labels.value(next(iter(both.values())), 'T')} exceed all crude counted from the other CIS "
        "countries in that year, so part of what it carries must be counted under another origin."
    )


def _contract_mean(tables: Tables) -> pd.DataFrame:
    where = {"project_id": "ROSNEFT_CNPC", "role": "contract"}
    volume = pick(tables, indicator="CONTRACT_VOLUME", **where).head(1)
    term = pick(tables, indicator="CONTRACT_TERM", **where).head(1)
    if volume.empty or term.empty:
        return gather()
    tonnes, years = float(volume["obs_value"].iloc[0]), float(term["obs_value"].iloc[0])
    marks = compute(
        gather(quote(volume, ""), quote(term, "")),
        series="contract",
        label="Rosneft–CNPC contract, mean a year",
        obs_value=tonnes / years,
        formula=f"{tonnes / 1e6:g} Mt / {years:g} years",
        unit_measure="T",
        time_period=str(volume["time_period"].iloc[0]),
        role="contract",
        indicator="CONTRACT_VOLUME",
    )
    words = f"{tonnes / years / 1e6:g} Mt, computed: {tonnes / 1e6:g} Mt over {years:g} years"
    return on_row(marks, "Rosneft–CNPC: mean of the contract", "contract", words, "RUS")


def _atasu(tables: Tables) -> pd.DataFrame:
    flow = pick(tables, indicator="OIL_PIPELINE_FLOW", project_id="ATASU_ALASHANKOU").head(1)
    words = "".join(f"{v / 1e6:g} Mt in {p}, as quoted" for v, p in flow[["obs_value", "time_period"]].to_numpy())
    return on_row(quote(flow, "pipeline"), "Atasu–Alashankou pipeline: flow", "quoted", words, "KAZ")


def _imports_row(tables: Tables, area: str, beside: pd.DataFrame) -> pd.DataFrame:
    """The imports of the year of the pipeline's flow, or the last ones known."""
    line = _crude(tables, area, area)
    years = set(beside["time_period"]) & set(line["time_period"])
    rows = line[line["time_period"].isin(years)] if years else line.tail(1)
    words = "".join(f"{v / 1e6:.1f} Mt in {p}, Review" for v, p in rows[["obs_value", "time_period"]].to_numpy())
    name = "Russia" if area == "RUS" else "other CIS countries"
    return on_row(rows, f"Imports from {name}", "counted", words, area)


def _oil_roles_sentence(marks: pd.DataFrame) -> str:
    contract, pipeline, russia = (series_of(marks, name) for name in ("contract", "pipeline", "RUS"))
    said = []
    if contract:
        said.append(f"The Rosneft–CNPC contract means {labels.value(contract[0]['obs_value'], 'T')} a year")
    if pipeline:
        carried = labels.value(pipeline[0]["obs_value"], "T")
        said.append(f"Atasu–Alashankou carried {carried} in {pipeline[0]['time_period']}")
    if russia:
        imported = labels.value(russia[0]["obs_value"], "T")
        said.append(f"China imported {imported} from Russia in {russia[0]['time_period']}")
    return f"{'; '.join(said)}." if said else ""


def _levels_or_index(rows: Rows) -> Figure:
    is_index = records(rows)[0]["unit_measure"] == "PERCENT"
    return oil.price_and_volume_index(rows) if is_index else oil.price_and_volume(rows)


@drawn_by(_levels_or_index, "price_as")
def price_and_volume(tables: Tables, price_as: str) -> Exhibit:
    """Return crude from Russia, Brent, and the value they imply, as levels or with the first year as 100."""
    title = "Russian crude in China: price against volume"
    volume = _crude(tables, "RUS", "volume")
    price = draw_line(tables, "price", "Brent crude, mean of the year", indicator="BRENT_PRICE")
    price = price[price["time_period"].isin(volume["time_period"])]
    implied = _implied(volume, price)
    if implied.empty:
        return without(title, absent(tables, "year with both a weight of Russian crude and a price of Brent"))
    stated = _customs_values(tables)
    index = price_as == "index"
    return told(
        title,
        _indexed(gather(volume, price, implied)) if index else gather(volume, price, implied, stated),
        [_price_sentence(volume, price, implied), "" if index else _check_sentence(implied, stated)],
        [
            f"Implied value = tonnes × {BARRELS_PER_TONNE} barrels a tonne (a convention) × yearly mean of Brent. "
            "Russian crude need not sell at that price, and freight is not in it.",
            "Each volume comes from its own edition of the Statistical Review.",
        ],
    )


def _implied(volume: pd.DataFrame, price: pd.DataFrame) -> pd.DataFrame:
    inputs = {
        year: (ids, sources, classes)
        for year, *cells in _pairs(volume, price)
        for ids, sources, classes in (zip(*cells, strict=True),)
    }
    return computed_marks(
        [
            {
                "ids": inputs[value["time_period"]][0],
                "source_id": inputs[value["time_period"]][1],
                "source_class": inputs[value["time_period"]][2],
                "series": "implied",
                "label": "Crude from Russia × Brent, implied value",
                "obs_value": value["obs_value"],
                "formula": value["formula"],
                "unit_measure": "USD",
                "time_period": value["time_period"],
                "role": "estimate",
                "freq": "A",
                "indicator": "IMP_CIF",
                "commodity": "CRUDE_OIL",
            }
            for value in implied_values(volume, price).to_dict("records")
        ]
    )


def _pairs(volume: pd.DataFrame, price: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """Yield each year both have, with the id, source and class of either input."""
    names = ["observation_id", "source_id", "source_class"]
    prices = dict(zip(price["time_period"], price[names].to_numpy(), strict=True))
    for year, cells in zip(volume["time_period"], volume[names].to_numpy(), strict=True):
        if year in prices:
            yield year, cells, prices[year]


def _customs_values(tables: Tables) -> pd.DataFrame:
    where = {"ref_area": "CHN", "counterpart_area": "RUS", "commodity": "CRUDE_OIL", "freq": "A", "unit_measure": "USD"}
    return quote(pick(tables, indicator="IMP_CIF", **where).sort_values("time_period"), "stated")


def _indexed(marks: pd.DataFrame) -> pd.DataFrame:
    """Every series as percent of its first year."""
    placed = [
        rows.assign(
            formula=[f"{value:g} / {rows['obs_value'].iloc[0]:g} × 100" for value in rows["obs_value"]],
            observation_ids=rows["observation_ids"].where(rows["observation_id"].isna(), rows["observation_id"]),
            obs_value=index_to(rows["obs_value"].tolist(), float(rows["obs_value"].iloc[0])),
            unit_measure="PERCENT",
            measure_type="ratio",
        )
        for _, rows in marks.groupby("series", sort=False)
    ]
    return gather(*placed)


def _price_sentence(volume: pd.DataFrame, price: pd.DataFrame, implied: pd.DataFrame) -> str:
    if len(implied) < 2:
        value = implied.iloc[-1]
        return f"At Brent, Russian crude implied {labels.value(value['obs_value'], 'USD')} in {value['time_period']}."
    first, last = str(implied["time_period"].iloc[0]), str(implied["time_period"].iloc[-1])
    times = [values[last] / values[first] for values in map(values_by_period, (volume, price, implied))]
    return (
        f"From {first} to {last} the weight of Russian crude grew {times[0]:.1f}-fold, Brent {times[1]:.1f}-fold, and "
        f"what they imply {times[2]:.1f}-fold, to {labels.value(implied['obs_value'].iloc[-1], 'USD')}."
    )


def _check_sentence(implied: pd.DataFrame, stated: pd.DataFrame) -> str:
    computed = values_by_period(implied)
    said = [
        f"{labels.value(value, 'USD')} in {period} where the formula gives {labels.value(computed[period], 'USD')}"
        for period, value in zip(stated["time_period"], stated["obs_value"], strict=True)
        if period in computed
    ]
    return f"Customs counted {labels.join_words(said)}." if said else ""


@drawn_by(partial(hundred_bars, title="% of each supply of its own"))
def supply_shares(tables: Tables) -> Exhibit:
    """Return Russia's quoted shares of China's oil and of its gas as two bars that have nothing in common."""
    title = "Russia's part in China's oil and in its gas, as quoted"
    shares = pick(tables, indicator="SUPPLY_SHARE", ref_area="CHN", counterpart_area="RUS")
    if shares.empty:
        return without(title, absent(tables, "share of Russia in China's oil or gas supply"))
    names = labels.words(tables.codes)
    marks = gather(*(_share_row(shares.iloc[[n]], names) for n in range(len(shares))))
    said = [
        f"{labels.value(row['obs_value'], 'PERCENT')} of China's {row['row'].removeprefix('Supply of ')}"
        for row in series_of(marks, "part")
    ]
    return told(
        title,
        marks,
        [f"Russia is quoted with {labels.join_words(said)}: two separate totals, in 2016 or before."],
        [
            "Whether supply means consumption or imports is not said, and no year is given.",
            *_computed_shares(tables),
        ],
    )


def _share_row(share: pd.DataFrame, names: labels.Words) -> pd.DataFrame:
    commodity = names.name("CL_COMMODITY", str(share["commodity"].iloc[0])).lower()
    row, percent = f"Supply of {commodity}", float(share["obs_value"].iloc[0])
    rest = compute(
        share, series=REST, label="Other supply", obs_value=100 - percent, formula=f"100 − {percent:g}",
        unit_measure="PERCENT", measure_type="share",
    )  # fmt: skip
    return gather(
        on_row(quote(share, "part"), row, "quoted", f"{percent:g} % Russia", "RUS"),
        on_row(rest, row, REST, f"{100 - percent:g} % all others", "W00", percent),
    )


def _computed_shares(tables: Tables) -> list[str]:
    """What the Statistical Review gives for imports in the first year it is held, for comparison."""
    crude = _crude_shares(_crude(tables, "RUS", "russia"), _crude(tables, "W00", "total"))
    if crude.empty:
        return []
    first = crude.iloc[0]
    return [
        "By the Statistical Review Russia's share of crude imports was "
        f"{labels.number(round(first['obs_value'], 1))} % in {first['time_period']}, another base and another year."
    ]
