"""Lines: which official values may be joined, and the chains that alone may cross editions or publishers."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from pipelines.errors import raise_all
from pipelines.schema import SERIES
from pipelines.wording import NBSP

Row = Mapping[Hashable, Any]

_WHERE = ["ref_area", "counterpart_area"]
_WHAT = [*_WHERE, "commodity", "freq", "time_period", "source_id", "edition"]
_DERIVED: Mapping[str, tuple[str, float]] = {
    "TRADE_TOTAL": ("EXP_FOB + IMP_CIF", 1.0),
    "TRADE_BALANCE": ("EXP_FOB − IMP_CIF", -1.0),
}
_NAN_KEY = "_Z"
_CARRIED = [
    *_WHAT,
    "indicator",
    "project_id",
    "measure_type",
    "period_start",
    "obs_value",
    "unit_measure",
    "obs_status",
    "publisher",
    "vintage",
    "formula",
    "observation_ids",
]
_QUANTITY = ["source_id", *_WHERE, "indicator"]
_PLACED = ("time_period", "vintage", "edition", "commodity")


def draw_lines(observations: pd.DataFrame, chains: pd.DataFrame) -> pd.DataFrame:
    """Return out_series: one line per edition of a data set and quantity, and one per chain and indicator.

    Turnover and balance are added where one edition states both directions. A chain's parts must not overlap; its
    stated difference at a seam must be what the values give (to 4 decimals); otherwise DataError names the chain.
    """
    values = _values(observations[observations["provenance"] == "statistic"])
    single = _dataset_lines(values)
    composed = _chain_lines(values, chains)
    _refuse_mixed_units(pd.concat([composed, single]))
    lines = _prefer(pd.concat([composed, _balances(composed), single, _annual_sums(single)], ignore_index=True))
    lines["growth"] = _growth(lines)
    return lines.reindex(columns=SERIES.columns).sort_values(["line_id", "period_start"], ignore_index=True)


def check_chains(chains: pd.DataFrame) -> None:
    """Refuse a chain of two reporters, partners or products, and parts out of order in number or time.

    One chain and indicator is one line: never across two reporters or two valuations.
    """
    lines: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for part in chains.sort_values("part").to_dict("records"):
        lines[str(part["chain_id"]), str(part["indicator"])].append(part)
    raise_all(
        [problem for (chain, what), parts in sorted(lines.items()) for problem in _disorder(f"{chain} {what}", parts)]
    )


def _disorder(chain: str, parts: Sequence[Row]) -> Iterator[str]:
    name = f"datasets/chains.csv: {chain}"
    for column in (*_WHERE, "commodity", "title"):
        found = list(dict.fromkeys(str(part[column]) for part in parts))
        if len(found) > 1:
            yield f"{name} has two of {column}: {' and '.join(found)}. A chain has one; name another chain."
    if [int(part["part"]) for part in parts] != [*range(1, len(parts) + 1)]:
        yield f"{name}: its parts are not numbered 1 to {len(parts)}. Number them in time order."
    ends = [str(part[end]) for part in parts for end in ("period_from", "period_to")]
    if ends != sorted(ends):
        yield f"{name}: its parts do not follow each other in time. Correct period_from and period_to."


def _refuse_mixed_units(lines: pd.DataFrame) -> None:
    units = lines[["line_id", "unit_measure"]].drop_duplicates()
    mixed = units[units.duplicated("line_id", keep=False)].groupby("line_id")["unit_measure"].agg(" and ".join)
    raise_all(
        [
            f"the line {line} would mix {both}. Correct unit_as_read in datasets/statistics/."
            for line, both in mixed.items()
        ]
    )


def _values(statistics: pd.DataFrame) -> pd.DataFrame:
    """Official values plus turnover and balance computed where one edition has exports and imports."""
    rows = statistics.assign(formula=None, observation_ids=statistics["observation_id"])[_CARRIED]
    flows = [rows[rows["indicator"] == name] for name in ("EXP_FOB", "IMP_CIF")]
    both = flows[0].merge(flows[1], on=_WHAT, suffixes=("", "_m"), validate="one_to_one")
    printed = rows.loc[rows["indicator"] == "TRADE_TOTAL", _WHAT].assign(printed=True)
    computed = []
    for indicator, (formula, sign) in _DERIVED.items():
        derived = both.assign(
            indicator=indicator,
            obs_value=both["obs_value"] + sign * both["obs_value_m"],
            formula=formula,
            obs_status=both["obs_status"].where(both["obs_status_m"] == "A", both["obs_status_m"]),
            observation_ids=both["observation_ids"] + " ; " + both["observation_ids_m"],
        )
        if indicator == "TRADE_TOTAL":
            derived = derived.merge(printed, on=_WHAT, how="left", validate="one_to_one")
            derived = derived[derived["printed"].isna()]
        computed.append(derived[[*rows.columns]])
    return pd.concat([rows, *computed], ignore_index=True)


def _dataset_lines(values: pd.DataFrame) -> pd.DataFrame:
    key = ["source_id", *_WHERE, "indicator", "commodity", "project_id", "freq", "edition"]
    parts = values[key].astype("object").fillna(_NAN_KEY)
    slug = parts["edition"].str.lower().str.replace(r"[^a-z0-9]+", "-", regex=True)
    line_id = parts["source_id"]
    for name in (*_WHERE, "indicator", "commodity", "project_id", "freq"):
        line_id = line_id + "." + parts[name]
    return values.assign(
        line_id=line_id + "@" + slug,
        title=values["publisher"] + " (" + values["edition"] + ")",
        line_kind="dataset",
        part=1,
        is_seam=False,
        seam_note=None,
    )


def _chain_lines(values: pd.DataFrame, chains: pd.DataFrame) -> pd.DataFrame:
    """Every chain's parts in order: rows are chosen as plain records and taken from the values once."""
    problems: list[str] = []
    points = _points(values)
    drawn: list[_Drawn] = []
    for _, parts in chains.sort_values(["chain_id", "indicator", "part"]).groupby(["chain_id", "indicator"], sort=True):
        drawn += _chain(points, parts.to_dict("records"), problems)
    raise_all(problems)
    rows = [point.row for one in drawn for point in one.kept]
    columns = zip(*(cells for one in drawn for cells in _labels(one)), strict=True)
    names = ("line_id", "title", "line_kind", "part", "is_seam", "seam_note")
    filled = dict(zip(names, map(list, columns), strict=True)) if rows else dict.fromkeys(names)
    return values.iloc[rows].reset_index(drop=True).assign(**filled)


class _Point(NamedTuple):
    """One official value with what decides its place on a chain; `row` is its position among the values."""

    period: str
    vintage: str
    edition: str
    row: int
    value: float
    commodity: object


class _Drawn(NamedTuple):
    part: Row
    kept: list[_Point]


def _points(values: pd.DataFrame) -> dict[tuple[str, ...], list[_Point]]:
    """Values of each data set, pair and indicator, the newest edition last."""
    columns = [values[name].astype("object").where(values[name].notna(), "").tolist() for name in _QUANTITY]
    cells = [values[name].astype("object").where(values[name].notna(), "").tolist() for name in _PLACED]
    points: defaultdict[tuple[str, ...], list[_Point]] = defaultdict(list)
    for row, (key, (period, vintage, edition, commodity), value) in enumerate(
        zip(zip(*columns, strict=True), zip(*cells, strict=True), values["obs_value"].tolist(), strict=True)
    ):
        points[key].append(_Point(period, vintage, edition, row, value, commodity))
    return {key: sorted(found, key=lambda point: point[:4]) for key, found in points.items()}


def _chain(points: Mapping[tuple[str, ...], list[_Point]], parts: Sequence[Row], problems: list[str]) -> list[_Drawn]:
    drawn: list[_Drawn] = []
    before: dict[str, float] = {}
    earlier: Mapping[str, _Point] = {}
    times: Counter[str] = Counter()
    for part in parts:
        every = _part_values(points, part)
        problems += _silent_overlap(part, every, earlier)
        problems += _seam_problems(part, every, before)
        kept = [point for name, point in every.items() if part["period_from"] <= name <= part["period_to"]]
        if not kept:
            problems.append(
                f"datasets/chains.csv: part {part['part']} of {part['chain_id']} {part['indicator']} has no values. "
                "Correct its data set, edition or periods."
            )
        drawn.append(_Drawn(part, kept))
        earlier = every
        before = {point.period: point.value for point in kept} | before
        times.update(point.period for point in kept)
    twice = [name for name, count in times.items() if count > 1]
    if twice:
        name = f"{parts[0]['chain_id']}.{parts[0]['indicator']}"
        problems.append(f"datasets/chains.csv: parts of {name} overlap in {', '.join(twice)}. Correct their periods.")
    return drawn


def _balances(composed: pd.DataFrame) -> pd.DataFrame:
    """Exports less imports of every chain that has both, year by year."""
    chain = composed["line_id"].str.rsplit(".", n=1).str[0]
    flows = [composed.assign(chain=chain)[composed["indicator"] == name] for name in ("EXP_FOB", "IMP_CIF")]
    both = flows[0].merge(flows[1], on=["chain", "time_period"], suffixes=("", "_m"), validate="one_to_one")
    formula, _ = _DERIVED["TRADE_BALANCE"]
    balances = both.assign(
        line_id=both["chain"] + ".TRADE_BALANCE",
        indicator="TRADE_BALANCE",
        obs_value=both["obs_value"] - both["obs_value_m"],
        formula=formula,
        observation_ids=both["observation_ids"] + " ; " + both["observation_ids_m"],
    )
    return balances[[*composed.columns]]


def _annual_sums(single: pd.DataFrame) -> pd.DataFrame:
    """Yearly sums of monthly lines, of years with all twelve months only."""
    months = single[single["freq"] == "M"]
    months = months.assign(time_period=months["time_period"].str[:4])
    group = months.groupby(["line_id", "time_period"], as_index=False, sort=True)
    first = group.first(skipna=False)
    sums = group.agg(total=("obs_value", "sum"), months=("obs_value", "size"), ids=("observation_ids", " ; ".join))
    whole = first.assign(
        obs_value=sums["total"],
        observation_ids=sums["ids"],
        freq="A",
        formula="sum of twelve months",
        title=first["title"] + ", summed",
        line_id=first["line_id"].str.replace(".M@", ".A@", regex=False) + "-summed",
    )
    return whole[sums["months"] == 12]


def _part_values(points: Mapping[tuple[str, ...], list[_Point]], part: Row) -> dict[str, _Point]:
    """All values by period of one part's data set and quantity, of its edition or the newest edition of each period."""
    key = (part["dataset_id"], part["ref_area"], part["counterpart_area"], part["indicator"])
    asked = [name for name in ("commodity", "edition") if isinstance(part[name], str)]
    return {
        point.period: point
        for point in points.get(key, ())
        if all(part[name] == getattr(point, name) for name in asked)
    }


def _labels(drawn: _Drawn) -> Iterator[tuple[object, ...]]:
    """What a chain adds to each of its values: line, title, kind, part, whether it opens a part and why."""
    part, number = drawn.part, int(str(drawn.part["part"]))
    line, title, note = f"{part['chain_id']}.{part['indicator']}", str(part["title"]), _seam_note(part)
    for at in range(len(drawn.kept)):
        is_seam = at == 0 and number > 1
        yield line, title, "chain", number, is_seam, note if is_seam else None


def _seam_note(part: Row) -> str:
    difference = part["overlap_difference"]
    if isinstance(difference, float) and not pd.isna(difference):
        side = "above" if difference > 0 else "below"
        apart = f"{abs(100 * difference):.1f}{NBSP}%"
        near = "equals the one before to a tenth of a percent"
        lies = near if apart.startswith("0.0") else f"lies {apart} {side} the one before"
        return f"{part['reason']} In {part['overlap_period']} this part {lies}."
    return str(part["reason"])


def _silent_overlap(part: Row, every: Mapping[str, _Point], earlier: Mapping[str, _Point]) -> list[str]:
    """Two parts that both have a value of some period must say by how much they differ there."""
    shared = sorted(set(every) & set(earlier))
    if not shared or isinstance(part["overlap_period"], str):
        return []
    name = f"datasets/chains.csv: {part['chain_id']} {part['indicator']} part {part['part']}"
    return [f"{name} has a value of {shared[-1]}, as the part before. State overlap_period and overlap_difference."]


def _seam_problems(part: Row, every: Mapping[str, _Point], before: Mapping[str, float]) -> list[str]:
    stated = part["overlap_difference"]
    period = part["overlap_period"]
    name = f"datasets/chains.csv: {part['chain_id']} {part['indicator']} part {part['part']}"
    if not before or not isinstance(stated, float) or pd.isna(stated):
        return []
    if period not in every or period not in before:
        return [f"{name}: no two values at the overlap {period}. Correct overlap_period."]
    found = every[period].value / before[period] - 1
    return (
        []
        if abs(found - stated) < 6e-5
        else [f"{name} states {stated} at {period}, the values give {found:.4f}. Correct it."]
    )


def _prefer(lines: pd.DataFrame) -> pd.DataFrame:
    """Mark one line for each reporter and quantity.

    A chain before a data set, reported before estimated, as published before summed, then the newest period and the
    longest line.
    """
    key = ["ref_area", "counterpart_area", "indicator", "commodity", "project_id", "freq"]
    lines[key] = lines[key].astype("object")
    facts = (
        lines.assign(**{name: lines[name].fillna(_NAN_KEY) for name in key})
        .groupby("line_id", sort=True)
        .agg(
            **{name: (name, "first") for name in key},
            line_kind=("line_kind", "first"),
            status=("obs_status", "max"),
            formula=("formula", "first"),
            newest=("time_period", "max"),
            length=("time_period", "size"),
        )
    )
    facts["is_chain"] = facts["line_kind"] == "chain"
    facts["is_reported"] = facts["status"] != "E"
    facts["is_published"] = facts["formula"] != "sum of twelve months"
    order = ["is_chain", "is_reported", "is_published", "newest", "length"]
    best = facts.sort_values(order, ascending=False).reset_index().drop_duplicates(key)
    is_best = lines["line_id"].isin(best["line_id"])
    why = lines["line_kind"].map(
        {"chain": "declared chain of comparable parts", "dataset": "newest and longest single edition"}
    )
    return lines.assign(is_preferred=is_best, preferred_reason=why.where(is_best, None))


def _growth(lines: pd.DataFrame) -> pd.Series:
    """Percent on the same period a year before within the line; empty where that is missing or not positive."""
    earlier = lines[["line_id", "period_start", "obs_value"]].assign(
        period_start=lines["period_start"] + pd.DateOffset(years=1), before=lines["obs_value"]
    )
    joined = lines.merge(
        earlier[["line_id", "period_start", "before"]],
        on=["line_id", "period_start"],
        how="left",
        validate="one_to_one",
    )
    is_relative = (joined["before"] > 0) & (joined["obs_value"] > 0) & ~lines["indicator"].eq("TRADE_BALANCE")
    return ((joined["obs_value"] / joined["before"] - 1) * 100).where(is_relative).set_axis(lines.index)
