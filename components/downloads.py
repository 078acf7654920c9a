"""Files a reader takes away: the whole data set with its dictionary."""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence

import pandas as pd
from flask import Flask, Response, request

from components.desk import Desk
from pipelines.errors import DataError, nearest, raise_all
from pipelines.query import csv_bytes
from pipelines.schema import STORED, Table
from pipelines.store import parquet_bytes
from pipelines.tables import AsKnown, Tables

EPOCH = (1980, 1, 1, 0, 0, 0)
# What people say of a finding stands in the findings themselves (status, status_by, status_why).
TOLD_ELSEWHERE = ("core_findings",)
CODES_NAME = "core_codes"
STATE = ("mode", "as_of")


def add_downloads(server: Flask, desk: Desk) -> None:
    """Answer /download/bilateral.zip in the state of knowledge of the page."""

    @server.get("/download/bilateral.zip")
    def whole_data() -> Response:
        raw = request.args.to_dict()
        try:
            refuse_unknown(raw, STATE)
            tables = desk.tables(raw)
        except DataError as error:
            return refusal(error)
        return attachment(dataset_zip(tables), f"bilateral-{tables.digest[:12]}.zip", "application/zip")


def attachment(body: bytes, name: str, mimetype: str) -> Response:
    """Return a file to be saved under a name."""
    return Response(body, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def refusal(error: DataError) -> Response:
    """Return what is wrong as plain text."""
    return Response(f"{error}\n", status=400, mimetype="text/plain")


def state_query(known: AsKnown) -> dict[str, str]:
    """Return the parameters by which an address asks for a state of knowledge; none for everything known.

    >>> state_query(AsKnown("cut", "2016"))
    {'mode': 'cut', 'as_of': '2016'}
    """
    return {} if known.mode == "latest" else {"mode": known.mode, "as_of": known.date}


def refuse_unknown(raw: Mapping[str, str], known: Sequence[str]) -> None:
    """Refuse parameters a download does not take: what was asked for would silently not be done."""
    raise_all(
        [
            f"{name[:40]!r} is no parameter of this download{nearest(name, known)}. It takes: {', '.join(known)}."
            for name in raw
            if name not in known
        ]
    )


def dataset_zip(tables: Tables) -> bytes:
    """Return every table as CSV and Parquet with a data dictionary; the same data gives the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in _members(tables):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), body, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _members(tables: Tables) -> Iterator[tuple[str, bytes]]:
    yield "README.txt", readme(tables).encode()
    yield "data_dictionary.csv", csv_bytes(dictionary())
    for name, table in STORED.items():
        if name not in (*TOLD_ELSEWHERE, CODES_NAME):
            rows = getattr(tables, name.removeprefix("core_").removeprefix("out_"))
            yield f"csv/{name}.csv", csv_bytes(rows)
            yield f"parquet/{name}.parquet", parquet_bytes(rows, table)
    for name, codes in sorted(tables.codes.items()):
        yield f"csv/codelists/{name}.csv", csv_bytes(codes.dropna(axis="columns", how="all"))


def dictionary() -> pd.DataFrame:
    """Return one row for every column of every table: what it holds, its type, where its values come from.

    The code lists are one table, `core_codes`, which goes as one file a list under `csv/codelists/`.
    """
    told = ((name, table) for name, table in STORED.items() if name not in TOLD_ELSEWHERE)
    return pd.DataFrame([row for table in told for row in _fields(*table)])


def _fields(name: str, table: Table) -> Iterator[dict[str, object]]:
    for field in table.fields:
        yield {
            "table": name,
            "one_row_is": table.row,
            "column": field.name,
            "type": field.type,
            "required": field.required,
            "key": field.name in table.key,
            "code_list": field.codelist or "",
            "refers_to": field.references or "",
            "description": field.description,
        }


def readme(tables: Tables) -> str:
    """Return what the archive is, which version, in which state of knowledge, and how to cite it."""
    known = tables.as_known
    state = {
        "latest": "everything known",
        "published": f"what was published by {known.date}",
        "cut": f"cut at {known.date}",
    }
    return (
        "Bilateral: quoted and official figures on Russia, China and Kazakhstan, with provenance\n\n"
        f"Version (digest of the data): {tables.digest}\nState of knowledge: {state[known.mode]}\n\n"
        f"Cite as: Bilateral data set, version {tables.digest[:12]}, with the source of each figure (core_sources).\n"
        "Licence: each figure under the terms its source states (column licence of core_sources).\n"
        "Columns: data_dictionary.csv; code lists, its table core_codes, are the files under csv/codelists.\n"
        "In CSV files a text cell that could be read as a formula starts with an apostrophe.\n"
    )
