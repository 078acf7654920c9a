"""What the command line orders: one view as a file, the list of views, the check of an exported file."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from components.desk import Desk
from exports.exhibits import SIZES, list_views
from exports.render import Engine
from exports.single import FORMATS, check_export, export_view, write_whole
from exports.verify import verify
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
