"""The Parquet store: the only module that reads or writes Parquet; a store is written whole or not at all."""

import hashlib
import io
import itertools
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.errors import StoreError
from pipelines.schema import Field, Table

POINTER = "current.json"
_ARROW: Mapping[str, pa.DataType] = {
    "text": pa.string(),
    "number": pa.float64(),
    "integer": pa.int64(),
    "flag": pa.bool_(),
    "date": pa.timestamp("us"),
}
REMEDY = "Run `bilateral build --force`."


def arrow_schema(table: Table) -> pa.Schema:
    """Return the Arrow schema of a declared table; required fields are not nullable."""
    return pa.schema([pa.field(field.name, _ARROW[field.type], nullable=not field.required) for field in table.fields])


def write_store(
    folder: Path, frames: Mapping[str, pd.DataFrame], tables: Mapping[str, Table], inputs: str
) -> dict[str, object]:
    """Write every frame as Parquet in a new generation and point to it last; return what the pointer says.

    Each file is flushed to disk before the pointer is replaced, so that an interruption at any moment leaves the
    generation before. Refuses a frame that does not fit its declared table.
    """
    arrow = {name: _arrow(frame, tables[name]) for name, frame in frames.items()}
    described = {name: {"rows": table.num_rows, "digest": _digest(table)} for name, table in arrow.items()}
    digest = hashlib.sha256(json.dumps(described, sort_keys=True).encode()).hexdigest()
    generation = _unused(folder, f"{digest[:16]}-{os.getpid()}")
    try:
        sums = _write_generation(folder / generation, arrow)
        pointer: dict[str, object] = {
            "generation": generation,
            "digest": digest,
            "inputs": inputs,
            "tables": described,
            "sums": sums,
        }
        _replace_text(folder / POINTER, json.dumps(pointer, indent=1, sort_keys=True) + "\n")
    except OSError as error:
        shutil.rmtree(folder / generation, ignore_errors=True)
        raise StoreError(
            f"the store in {folder} cannot be written: {error.strerror}. "
            "Make the folder writable, free the disk, or set another [paths] store in settings.toml."
        ) from error
    _remove_others(folder, generation)
    return pointer


def _unused(folder: Path, name: str) -> str:
    """Return a name no generation has: in a container every build may have the same process number."""
    return next(one for count in itertools.count() if not (folder / (one := f"{name}-{count}")).exists())


def has_store(folder: Path) -> bool:
    """Tell whether a store was ever written in the folder."""
    return (folder / POINTER).exists()


def read_pointer(folder: Path) -> dict[str, object]:
    """Return the pointer of the last good store; a file that was not replaced is read once."""
    path = os.path.join(folder, POINTER)  # noqa: PTH118 - every question to the dashboard asks this
    try:
        found = os.stat(path)  # noqa: PTH116
        return dict(_parse_pointer(path, (found.st_ino, found.st_mtime_ns, found.st_size)))
    except FileNotFoundError:
        raise StoreError(f"there is no store in {folder}. Run `bilateral build`.") from None
    except (OSError, ValueError) as error:
        raise StoreError(f"{path} is damaged ({error}). {REMEDY}") from error


def find_damage(folder: Path, pointer: Mapping[str, object]) -> str:
    """Say which files of the generation are missing or hold other bytes than were written; else nothing."""
    sums = pointer.get("sums")
    if not isinstance(sums, dict) or sums.keys() != pointer["tables"].keys():  # type: ignore[attr-defined]
        return f"{POINTER} in {folder} is damaged (it holds no sums of its files)."
    generation = folder / str(pointer["generation"])
    broken = [f"{name}.parquet" for name, known in sums.items() if _sum(generation / f"{name}.parquet") != known]
    return f"{', '.join(broken)} in {folder} {'is' if len(broken) == 1 else 'are'} damaged." if broken else ""


def _sum(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return "not to be read"


@lru_cache(maxsize=16)
def _parse_pointer(path: str, _version: tuple[int, int, int]) -> dict[str, object]:
    read = json.loads(Path(path).read_text(encoding="utf-8"))
    if not isinstance(read, dict):
        raise ValueError("it is no JSON object")
    names = [read.get(name) for name in ("generation", "digest")]
    if not all(isinstance(name, str) and Path(name).name == name for name in names):
        raise ValueError("it names no generation and digest")
    tables = read.get("tables")
    if not isinstance(tables, dict) or not all(isinstance(one, dict) and "rows" in one for one in tables.values()):
        raise ValueError("it counts no tables")
    return read


def read_tables(folder: Path, tables: Mapping[str, Table]) -> dict[str, pd.DataFrame]:
    """Read the named tables of the last good store; refuse a damaged file or one that does not fit its schema."""
    generation = read_pointer(folder)["generation"]
    try:
        return {name: _read(folder / str(generation) / f"{name}.parquet", table) for name, table in tables.items()}
    except StoreError:
        if read_pointer(folder)["generation"] == generation:
            raise
        return read_tables(folder, tables)  # a build replaced the store while we read


def read_columns(folder: Path, tables: Mapping[str, Sequence[str]]) -> dict[str, pd.DataFrame]:
    """Read some columns of the last good store, whatever its schema else; refuse a damaged file or a missing column."""
    generation = folder / str(read_pointer(folder).get("generation"))
    try:
        return {name: _narrow(generation / f"{name}.parquet", list(columns)) for name, columns in tables.items()}
    except (OSError, pa.ArrowException) as error:
        raise StoreError(f"{generation.name} is damaged: {str(error).splitlines()[0]} {REMEDY}") from error


def _narrow(path: Path, columns: list[str]) -> pd.DataFrame:
    frame: pd.DataFrame = pq.read_table(path, columns=columns).to_pandas()
    missing = sorted(set(columns) - set(frame.columns))
    if missing:
        raise StoreError(f"{path.name} has no column {', '.join(missing)}. {REMEDY}")
    return frame


def parquet_bytes(frame: pd.DataFrame, table: Table) -> bytes:
    """Return one frame as a Parquet file, for downloads."""
    return _parquet(_arrow(frame, table))


def rows_parquet(frame: pd.DataFrame) -> bytes:
    """Return rows of no declared table as a Parquet file, for downloads; mixed columns become text."""
    rows = frame.copy()
    for name in rows.select_dtypes("object"):
        rows[name] = rows[name].map(_text_or_none)
    return _parquet(pa.Table.from_pandas(rows, preserve_index=False).replace_schema_metadata(None))


def with_parquet_notes(body: bytes, notes: Mapping[str, str]) -> bytes:
    """Return the Parquet file with notes in its schema."""
    return _parquet(pq.read_table(io.BytesIO(body)).replace_schema_metadata(dict(notes)))


def parquet_notes(body: bytes) -> tuple[dict[str, str], str]:
    """Return the notes in the schema of a Parquet file, and the digest of its content."""
    try:
        table = pq.read_table(io.BytesIO(body))
    except (OSError, pa.ArrowException) as error:
        raise StoreError(f"this is no whole Parquet file: {str(error).splitlines()[0]}") from error
    notes = {key.decode(): text.decode() for key, text in (table.schema.metadata or {}).items()}
    return notes, _digest(table)


def _parquet(table: pa.Table) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd", write_page_checksum=True)
    return buffer.getvalue()


def _text_or_none(cell: object) -> str | None:
    return None if cell is None or cell is pd.NA or cell != cell else str(cell)  # noqa: PLR0124 - NaN is not itself


def lock_text(pointer: Mapping[str, object]) -> str:
    """Return the text of store.lock: row counts and content digests, the same on every machine."""
    return json.dumps({"digest": pointer["digest"], "tables": pointer["tables"]}, indent=1, sort_keys=True) + "\n"


def _arrow(frame: pd.DataFrame, table: Table) -> pa.Table:
    if list(frame.columns) != table.columns:
        raise StoreError(
            f"{table.name}: columns {sorted(set(frame.columns) ^ set(table.columns))} do not fit schema.py."
        )
    for field in table.fields:
        if field.required and frame[field.name].isna().any():
            keys = frame.loc[frame[field.name].isna(), list(table.key)].head(3).to_dict("records")
            raise StoreError(f"{table.name}: required column {field.name} is empty at {keys}.")
    twice = frame[frame.duplicated(list(table.key))]
    if len(twice):
        raise StoreError(
            f"{table.name}: the key {table.key} stands twice, e.g. {twice[list(table.key)].head(3).to_dict('records')}."
        )
    return pa.table([_column(frame[field.name], field) for field in table.fields], schema=arrow_schema(table))


def _column(cells: pd.Series, field: Field) -> pa.Array:
    if field.type == "text":
        if cells.dtype == "str":
            return pa.array(cells.array, type=pa.large_string()).cast(pa.string())
        return pa.array([None if pd.isna(cell) else str(cell) for cell in cells], type=pa.string())
    try:
        return pa.Array.from_pandas(cells, type=_ARROW[field.type])
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise StoreError(f"column {field.name} holds what is no {field.type}: {error}.") from error


def _digest(table: pa.Table) -> str:
    """Hash the content and not the file: numbers with 12 significant digits, so that it is the same everywhere."""
    hasher = hashlib.sha256()
    for name, column in zip(table.column_names, table.columns, strict=True):
        cells = column.to_pylist()
        text = [
            cell if isinstance(cell, str) else f"{cell:.12g}" if isinstance(cell, float) else str(cell)
            for cell in cells
        ]
        hasher.update("\x1f".join([name, *text]).encode() + b"\x1e")
    return hasher.hexdigest()


def _write_generation(folder: Path, arrow: Mapping[str, pa.Table]) -> dict[str, str]:
    """Write one file a table, each page with a checksum; returns the SHA-256 of each."""
    sums = {}
    folder.mkdir(parents=True)
    for name, table in arrow.items():
        body = _parquet(table)
        with (folder / f"{name}.parquet").open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        sums[name] = hashlib.sha256(body).hexdigest()
    _sync_folder(folder)
    return sums


def _replace_text(path: Path, text: str) -> None:
    temporary = path.with_name(f".tmp-{path.name}-{os.getpid()}")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_others(folder: Path, generation: str) -> None:
    for path in folder.iterdir():
        if path.is_dir() and path.name != generation:
            shutil.rmtree(path, ignore_errors=True)
        elif path.name.startswith(".tmp-"):
            path.unlink(missing_ok=True)


def _read(path: Path, table: Table) -> pd.DataFrame:
    try:
        arrow = pq.read_table(path, page_checksum_verification=True)
    except FileNotFoundError:
        raise StoreError(f"{path.name} is missing in the store. {REMEDY}") from None
    except (OSError, pa.ArrowException) as error:
        raise StoreError(f"{path.name} is damaged: {str(error).splitlines()[0]} {REMEDY}") from error
    if not arrow.schema.equals(arrow_schema(table)):
        raise StoreError(f"{path.name} does not fit schema.py. {REMEDY}")
    frame: pd.DataFrame = arrow.to_pandas()
    return frame.astype({field.name: _PANDAS[field.type] for field in table.fields})


_PANDAS: Mapping[str, str] = {
    "text": "str",
    "number": "float64",
    "integer": "Int64",
    "flag": "bool",
    "date": "datetime64[us]",
}
