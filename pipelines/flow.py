"""The only module that wires stages together: datasets in, store out, tables for one state of knowledge."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import pandas as pd

from pipelines.analyse.attainment import attain
from pipelines.analyse.coverage import cover, told_later
from pipelines.analyse.shares import partner_shares
from pipelines.analyse.structure import compose
from pipelines.analyse.year_to_date import same_months
from pipelines.checks.candidate import find_with, read_candidates
from pipelines.checks.search import READS, check_opinions, find
from pipelines.codelists import CodeLists, read_codelists
from pipelines.errors import DataError, raise_all
from pipelines.extract.ledger import read_printed, read_quantities
from pipelines.gate import Gate, pass_gate
from pipelines.normalise.figures import observe_added, observe_ledger, observe_press
from pipelines.normalise.statistics import observe_statistics
from pipelines.normalise.units import refuse_strange_units
from pipelines.reconcile.lines import check_chains, draw_lines
from pipelines.reconcile.mirror import pair_mirror
from pipelines.reconcile.preferred import compare_figures
from pipelines.reconcile.vintages import known, known_commitments, known_projects, known_rows, known_sources
from pipelines.registers import check_references, empty_register, read_register
from pipelines.schema import ADDED, CODES, LEDGER, PRESS, REGISTERS, STATISTICS, STORED
from pipelines.store import REMEDY, find_damage, has_store, lock_text, read_pointer, read_tables, write_store
from pipelines.tables import LATEST, AsKnown, Tables

Frames = dict[str, pd.DataFrame]
NO_LEDGERS = ("press.csv", "added.csv")
FIRST_YEAR = 1992
_PLAIN = ("sources", "editions", "chains", "commitments", "projects", "events", "corrections", "findings")


@dataclass(frozen=True)
class Step:
    """One stage as data: which frames it reads, which one it writes, and the pure function that does it."""

    writes: str
    reads: tuple[str, ...]
    run: Callable[..., pd.DataFrame]


def _names(codes: pd.DataFrame, codelist: str) -> dict[str, str]:
    rows = codes[codes["codelist"] == codelist]
    return dict(zip(rows["code"], rows["name"], strict=True))


def _last_year(series: pd.DataFrame) -> int:
    return FIRST_YEAR if series.empty else max(FIRST_YEAR, int(series["period_start"].dt.year.max()))


ANALYSES: tuple[Step, ...] = (
    Step("out_series", ("core_observations", "core_chains"), draw_lines),
    Step("out_mirror", ("out_series", "core_observations"), pair_mirror),
    Step("out_competing", ("core_observations", "out_series"), compare_figures),
    Step(
        "out_structure",
        ("core_observations", "core_codes"),
        lambda observations, codes: compose(observations, _names(codes, "CL_COMMODITY")),
    ),
    Step("out_shares", ("out_series", "core_observations"), partner_shares),
    Step("out_year_to_date", ("core_observations", "out_series"), same_months),
    Step("out_attainment", ("core_commitments", "core_observations", "out_series"), attain),
    Step(
        "out_coverage",
        ("core_observations", "out_series", "core_sources"),
        lambda observations, series, sources: cover(observations, series, sources, FIRST_YEAR, _last_year(series)),
    ),
    Step("out_findings", tuple(READS.values()), find),
)


def read_datasets(folder: Path) -> Frames:
    """Read and check every register under datasets/: codes, keys, types, references; returns frames by table name."""
    if not folder.is_dir():
        raise DataError(f"the folder {folder} is missing. Set [paths] datasets in settings.toml.")
    lists = read_codelists(folder / "codelists")
    frames = {name: read_register(folder / f"{name}.csv", REGISTERS[name], lists) for name in _PLAIN}
    frames["figures"] = _read_all(_ledger_files(folder), LEDGER.name, lists)
    frames["press"] = read_register(folder / "figures" / "press.csv", PRESS, lists)
    frames["added"] = _read_added(folder / "figures" / "added.csv", lists)
    frames["statistics"] = _read_all(sorted((folder / "statistics").glob("*.csv")), STATISTICS.name, lists)
    _refuse_missing(frames)
    check_references({name: frames[name] for name in REGISTERS}, REGISTERS, _keys(frames))
    check_chains(frames["chains"])
    frames["figures"] = frames["figures"].rename(columns={"file": "source_id"})
    frames["codes"] = _codes(lists)
    return frames


def observe(frames: Frames, lists: CodeLists) -> pd.DataFrame:
    """Return core_observations of everything read: documents, press, statistics."""
    sources, ledgers, added = (frames[name] for name in ("sources", "figures", "added"))
    observed = [
        observe_ledger(ledgers, read_quantities(ledgers, folder="datasets/figures"), sources, lists),
        observe_press(frames["press"], read_printed(frames["press"], _printed_units(lists)), sources, lists),
        observe_statistics(frames["statistics"], frames["editions"], sources, lists),
    ]
    if len(added):
        observed.append(observe_added(added, read_quantities(added, folder="datasets/figures"), sources, lists))
    typed = [
        frame.astype({field.name: _DTYPES[field.type] for field in STORED["core_observations"].fields})
        for frame in observed
    ]
    observations = pd.concat(typed, ignore_index=True)
    refuse_strange_units(observations, lists)
    return observations


def analyse(core: Mapping[str, pd.DataFrame]) -> Frames:
    """Run every analysis on the core tables; returns the out tables."""
    frames = dict(core)
    for step in ANALYSES:
        result = step.run(*(frames[name] for name in step.reads))
        frames[step.writes] = _typed(result, step.writes)
    return {step.writes: frames[step.writes] for step in ANALYSES}


def build_frames(datasets: Path) -> Frames:
    """Return every table of the store, built from datasets/ only."""
    inputs = read_datasets(datasets)
    core = {f"core_{name}": _typed(inputs[name], f"core_{name}") for name in (*_PLAIN, "codes")}
    core["core_observations"] = observe(inputs, read_codelists(datasets / "codelists"))
    out = analyse(core)
    check_opinions(out["out_findings"], core["core_findings"])
    return core | out


def observe_all(datasets: Path) -> pd.DataFrame:
    """Return core_observations of everything under datasets/, without any analysis."""
    return observe(read_datasets(datasets), read_codelists(datasets / "codelists"))


def build_tables(datasets: Path) -> Tables:
    """Return the tables of a build that writes nothing."""
    return _tables(build_frames(datasets), "", LATEST)


def check_candidates(datasets: Path, path: Path) -> pd.DataFrame:
    """Return the findings in which a figure of a CSV of new figures has a part; nothing is written."""
    lists = read_codelists(datasets / "codelists")
    candidates = read_candidates(path, lists, read_register(datasets / "sources.csv", REGISTERS["sources"], lists))
    return find_with(build_tables(datasets), candidates)


def build(
    datasets: Path,
    store: Path,
    *,
    force: bool = False,
    gate: Gate | None = None,
    warn: Callable[[str], object] = lambda _: None,
) -> tuple[dict[str, object], bool]:
    """Bring the store up to date; returns its pointer and whether anything was built.

    Unchanged inputs (every file of datasets/ and of the pipelines) are not rebuilt unless forced. A damaged store is
    built anew and `warn` told which file it was. Behind a gate a store whose changes nobody accepted is refused, and
    the last one stays as it is.
    """
    inputs = inputs_digest(datasets)
    damage = ""
    if not force:
        pointer, damage = _usable(store, inputs)
        if pointer is not None:
            return pointer, False
    frames = build_frames(datasets)
    if gate is not None:
        pass_gate(store, frames, gate)
    written = write_store(store, frames, STORED, inputs)
    if damage:
        warn(f"{damage} The store was built anew from {datasets}; its figures are whole.")
    return written, True


def _usable(store: Path, inputs: str) -> tuple[dict[str, object] | None, str]:
    """Return the pointer of a store that is up to date and whole, or why a store that is there is not whole."""
    if not has_store(store):
        return None, ""
    try:
        pointer = read_pointer(store)
    except DataError as error:
        return None, str(error).removesuffix(f" {REMEDY}")
    if pointer.get("inputs") != inputs:
        return None, ""
    damage = find_damage(store, pointer)
    return (None if damage else pointer), damage


def inputs_digest(datasets: Path) -> str:
    """Return the SHA-256 over every file that decides what the store holds."""
    hasher = hashlib.sha256()
    code = Path(__file__).parent
    files = [path for path in sorted(datasets.rglob("*.csv")) if "store" not in path.relative_to(datasets).parts]
    stages = [path for path in sorted(code.rglob("*.py")) if path.parent.name not in ("forecast", "outlook")]
    for path in (*files, *stages):
        hasher.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return hasher.hexdigest()


def update_lock(datasets: Path, pointer: Mapping[str, object]) -> bool:
    """Bring datasets/store.lock up to date; returns whether it changed. A read-only folder keeps its lock."""
    path, text = datasets / "store.lock", lock_text(pointer)
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    try:
        path.write_text(text, encoding="utf-8")
    except OSError:
        return False
    return True


def load_tables(store: Path, as_known: AsKnown = LATEST) -> Tables:
    """Return the tables of the last good store in one state of knowledge (see `AsKnown`)."""
    return _load(store, str(read_pointer(store)["digest"]), as_known)


@lru_cache(maxsize=16)
def _load(store: Path, digest: str, as_known: AsKnown) -> Tables:
    if as_known.today is not None and as_known.mode == "latest":
        return replace(_load(store, digest, LATEST), as_known=as_known)
    if as_known.mode == "latest":
        return _tables(read_tables(store, STORED), digest, as_known)
    latest = _load(store, digest, LATEST)
    registers = ("core_chains", "core_codes", "core_findings")
    return as_of(latest, as_known, read_tables(store, {name: STORED[name] for name in registers}))


def as_of(latest: Tables, as_known: AsKnown, registers: Frames) -> Tables:
    """Return the tables as they were known, recomputed from the observations that count."""
    mode, date = as_known.mode, as_known.date
    core = registers | {
        "core_observations": known(latest.observations, mode, date),
        "core_commitments": known_commitments(latest.commitments, latest.sources, mode, date),
        "core_events": known_rows(latest.events, "date", mode, date),
        "core_editions": known_rows(latest.editions, "published", mode, date),
        "core_corrections": latest.corrections,
    }
    ids = core["core_observations"]["observation_id"].tolist()
    core["core_projects"] = known_projects(latest.projects, latest.sources, ids, mode, date)
    named = core["core_observations"]["source_id"].tolist()
    core["core_sources"] = sources = known_sources(latest.sources, named, mode, date)
    for name in ("core_events", "core_corrections"):
        core[name] = core[name][core[name]["source_id"].isin(sources["source_id"])]
    core["core_chains"] = _usable_chains(core["core_chains"], core["core_observations"])
    out = analyse(core)
    out["out_coverage"] = told_later(out["out_coverage"], latest.coverage)
    verdicts = out["out_attainment"].set_index("commitment_id")["verdict"].replace("met early", "met")
    promises = core["core_commitments"]
    core["core_commitments"] = promises.assign(status=promises["commitment_id"].map(verdicts))
    return _tables(core | out, latest.digest, as_known)


def _usable_chains(chains: pd.DataFrame, observations: pd.DataFrame) -> pd.DataFrame:
    """Keep the parts that still have values; a seam whose overlap is not known yet states no difference."""
    held = observations.loc[observations["provenance"] == "statistic"]
    keep = [
        bool(
            (
                (held["source_id"] == part["dataset_id"])
                & (held["ref_area"] == part["ref_area"])
                & (held["counterpart_area"] == part["counterpart_area"])
                & held["time_period"].between(part["period_from"], part["period_to"])
                & (held["edition"] == part["edition"] if isinstance(part["edition"], str) else True)
            ).any()
        )
        for part in chains.to_dict("records")
    ]
    return chains[keep].assign(overlap_difference=float("nan"))


def _tables(frames: Mapping[str, pd.DataFrame], digest: str, as_known: AsKnown) -> Tables:
    codes = frames["core_codes"]
    return Tables(
        observations=frames["core_observations"],
        sources=frames["core_sources"],
        commitments=frames["core_commitments"],
        projects=frames["core_projects"],
        events=frames["core_events"],
        corrections=frames["core_corrections"],
        editions=frames["core_editions"],
        chains=frames["core_chains"],
        codes={str(name): rows.set_index("code", drop=False) for name, rows in codes.groupby("codelist")},
        **{step.writes.removeprefix("out_"): frames[step.writes] for step in ANALYSES},
        digest=digest,
        as_known=as_known,
    )


def _ledger_files(folder: Path) -> list[Path]:
    return [path for path in sorted((folder / "figures").glob("*.csv")) if path.name not in NO_LEDGERS]


def _read_all(paths: list[Path], table: str, lists: CodeLists) -> pd.DataFrame:
    """Read the files of one table; the column `file` says which one a row stands in."""
    frames = [read_register(path, REGISTERS[table], lists).assign(file=path.stem) for path in paths]
    if not frames:
        raise DataError(f"datasets/ has no file of {table}. Restore it from the repository.")
    whole = pd.concat(frames, ignore_index=True)
    key = list(REGISTERS[table].key)
    twice = whole[whole.duplicated(key, keep=False)].groupby(key, dropna=False)["file"].agg(", ".join)
    raise_all(
        [
            f"{table}: the key {' / '.join(map(str, name)) if isinstance(name, tuple) else name} stands in {files}. "
            "Delete one of them."
            for name, files in twice.items()
        ]
    )
    return whole


def _read_added(path: Path, lists: CodeLists) -> pd.DataFrame:
    """Read the figures added one by one; there need be none."""
    return (read_register(path, ADDED, lists) if path.exists() else empty_register(ADDED)).assign(file=path.stem)


def _refuse_missing(frames: Frames) -> None:
    """Refuse a document without its ledger, a data set without values, and a figure in another document's ledger."""
    problems: list[str] = []
    for kind, table, file in (
        ("document", "figures", "figures/{}.csv"),
        ("statistics", "statistics", "statistics/*.csv"),
    ):
        held = set(frames[table]["file" if table == "figures" else "dataset_id"])
        names = frames["sources"].loc[frames["sources"]["kind"] == kind, "source_id"]
        problems += [
            f"datasets/sources.csv names {name}, but datasets/{file.format(name)} has no row of it. "
            "Restore the file from the repository, or delete the row of the source."
            for name in names[~names.isin(held)]
        ]
    figures = frames["figures"][["figure_id", "file"]].itertuples(index=False)
    problems += [
        f"datasets/figures/{file}.csv: figure_id {name!r} does not begin with {file!r}. Rename or move it."
        for name, file in figures
        if not name.startswith(f"{file}-")
    ]
    raise_all(problems)


def _keys(frames: Frames) -> dict[str, set[str]]:
    """What other rows may refer to, by the name the schema gives it."""
    sources, figures = set(frames["sources"]["source_id"]), set(frames["figures"]["figure_id"])
    figures |= set(frames["press"]["figure_id"]) | set(frames["added"]["figure_id"])
    chains = frames["chains"]
    return {
        "sources": sources,
        "figures": figures,
        "projects": set(frames["projects"]["project_id"]),
        "chains": {*chains["chain_id"], *(chains["chain_id"] + "." + chains["indicator"])},
        "sources or figures": sources | figures,
    }


def _codes(lists: CodeLists) -> pd.DataFrame:
    rows = [
        frame.reset_index(drop=True).assign(codelist=name) for name, frame in lists.items() if name != "CL_PRINTED_UNIT"
    ]
    return pd.concat(rows, ignore_index=True).reindex(columns=CODES.columns)


def _printed_units(lists: CodeLists) -> dict[str, str]:
    printed = lists["CL_PRINTED_UNIT"]
    return dict(zip(printed["code"], printed["unit"], strict=True))


_DTYPES = {"text": "str", "number": "float64", "integer": "Int64", "flag": "bool", "date": "datetime64[us]"}


def _typed(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    return frame.reindex(columns=STORED[name].columns).astype(
        {field.name: _DTYPES[field.type] for field in STORED[name].fields}
    )
