"""What the command line orders: one view as a file, the list of views, the check of an exported file."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from components.desk import Desk
from exports.papers.report import Order, export_page, export_report
from exports.pictures.exhibits import SIZES, list_views
from exports.pictures.render import Engine
from exports.pictures.single import FORMATS, check_export, export_view, write_whole
from exports.pictures.verify import verify
from pipelines.errors import DataError, raise_all

LISTS = ("table", "json")


@dataclass(frozen=True)
class Answer:
    """What to print, and whether the order succeeded."""

    text: str
    is_good: bool = True


def order_view(desk: Desk, view: str, params: Sequence[str], *, fmt: str | None, size: str, out: Path | None) -> Answer:
    """Write a view to a file; wrong parameters, values, sizes and formats are refused all at once.

    The format is that of the file's name where none is given.
    """
    fmt = fmt or (out.suffix.removeprefix(".").lower() if out else "") or "png"
    raw, problems = read_parameters(params)
    try:
        check_export(desk, view, raw, fmt=fmt, size=size)
    except DataError as error:
        problems.append(str(error))
    raise_all(problems)
    path = out or Path(f"{view}-{size}.{fmt}" if fmt in ("png", "svg", "pdf") else f"{view}.{fmt}")
    with Engine() as engine:
        body = export_view(desk, engine, view, raw, fmt=fmt, size=size)
    write_whole(path, body)
    return Answer(f"{path}: {len(body):,} bytes")


def order_report(
    desk: Desk, report: str, params: Sequence[str], out: Path | None, today: dt.date, order: Order
) -> Answer:
    """Write a report, by its name or its TOML file, as a pack; the answer names whatever is missing and is bad then."""
    parameters, problems = read_parameters(params)
    raise_all(problems)
    folder = out or Path(Path(report).stem)
    with Engine() as engine:
        wanted = replace(order, parameters=parameters)
        pack = export_report(report, folder, desk, engine=engine, today=today, order=wanted)
    files = [f"  {path.relative_to(folder)}: {path.stat().st_size:,} bytes" for path in pack.files]
    missing = [f"  MISSING {problem}" for problem in pack.problems]
    state = "complete" if pack.complete else "not complete"
    return Answer("\n".join([f"{folder}: {state}, {len(pack.items)} figures", *files, *missing]), pack.complete)


def order_page(desk: Desk, page: str, params: Sequence[str], out: Path | None, today: dt.date, fmt: str) -> Answer:
    """Write a page, as it is under these parameters, as one file made like a report."""
    raw, problems = read_parameters(params)
    raise_all(problems)
    path = out or Path(f"{page}.{fmt}")
    with Engine() as engine:
        made = export_page(page, raw, desk, engine=engine, today=today, fmt=fmt)
    if not made.files[0].delivered:
        raise_all(made.problems)
    write_whole(path, made.files[0].body)
    missing = [f"  MISSING {problem}" for problem in made.problems]
    return Answer("\n".join([f"{path}: {len(made.files[0].body):,} bytes", *missing]), made.complete)


def read_parameters(params: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Return `name=value` words as parameters, and what is wrong with those that are not.

    >>> read_parameters(["pair=RUS-CHN", "from"])
    ({'pair': 'RUS-CHN'}, ["--param 'from' is not of the form name=value."])
    """
    pairs = [text.partition("=") for text in params]
    problems = [
        f"--param {name + sign!r} is not of the form name=value." for name, sign, _ in pairs if not name or not sign
    ]
    return {name: entry for name, sign, entry in pairs if name and sign}, problems


def order_list(desk: Desk, style: str | None) -> Answer:
    """List every view with its parameters and their defaults, then sizes and formats."""
    if style not in (None, *LISTS):
        raise DataError(f"The list of views is printed as {' or '.join(LISTS)}, not as {style!r}.")
    views = list_views(desk)
    if style == "json":
        sizes = {size.name: [size.width, size.height] for size in SIZES.values()}
        return Answer(json.dumps({"views": views, "sizes": sizes, "formats": FORMATS}, ensure_ascii=False, indent=1))
    lines = [line for view in views for line in _listed(view)]
    sizes_line = ", ".join(
        f"{size.name} ({size.width} × {size.height or 'as tall as needed'})" for size in SIZES.values()
    )
    return Answer("\n".join([*lines, "", f"sizes: {sizes_line}", f"formats: {', '.join(FORMATS)}"]))


def _listed(view: Mapping[str, Any]) -> list[str]:
    also = f" (also: {view['also']})" if view["also"] else ""
    lines = [f"{view['view']}{also}: {view['title']}"]
    for parameter in view["parameters"]:
        values = parameter["values"] if isinstance(parameter["values"], str) else " | ".join(parameter["values"])
        lines.append(f"    {parameter['name']}={parameter['default']}    {values}")
    return lines


def order_verify(desk: Desk, path: Path) -> Answer:
    """Say whether an exported file or pack is current, its data revised since, or altered; only the first is good."""
    if not path.exists():
        raise DataError(f"there is no {path} to verify.")
    verdict = verify(path, desk)
    return Answer(verdict.text, verdict.state == "current")
