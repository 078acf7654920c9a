"""Makes packs: a report, a page or a collection of charts as files with a manifest, whole or not at all."""

import datetime as dt
import logging
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from components.desk import Desk
from exports.files.archive import bundle
from exports.files.record import embed
from exports.papers.compose import Composer
from exports.papers.definition import Definition, adjusted, load_definition, pack_definition, page_definition
from exports.papers.document import document
from exports.papers.manifest import NAME, Written, is_complete, manifest, manifest_bytes, pack_record
from exports.papers.paper import Item, Paper
from exports.papers.slides import slides
from exports.papers.typeset import typeset
from exports.papers.webfile import web_file
from exports.papers.workbook import workbook
from exports.pictures.exhibits import Framed, Sheet
from exports.pictures.proof import Format
from exports.pictures.render import NoBrowser
from pipelines.errors import DataError, nearest

LOG = logging.getLogger(__name__)
FORMATS = ("pdf", "html", "xlsx", "docx", "pptx", "png")
VECTOR, RASTER = ("pdf",), ("docx", "pptx")
DENSITY = 2.2


class Draws(Protocol):
    """What draws a sheet: the engine, or a stand-in in tests."""

    def image(self, what: Framed | Sheet, fmt: Format) -> bytes:
        """Return the checked picture of a sheet."""
        ...


@dataclass(frozen=True)
class Order:
    """How a pack is wanted; what is empty stays as the definition says."""

    formats: tuple[str, ...] = ("pdf",)
    parameters: Mapping[str, str] = field(default_factory=dict)
    paper: str = ""
    language: str = ""
    mode: str = ""
    as_of: str = ""

    @property
    def changes(self) -> dict[str, str]:
        """Return what of a definition the order changes."""
        return {"paper": self.paper, "language": self.language, "mode": self.mode, "as_of": self.as_of}


@dataclass(frozen=True)
class Made:
    """A pack in memory: its paper and its files, the manifest last."""

    paper: Paper
    files: tuple[Written, ...]

    @property
    def complete(self) -> bool:
        """Say whether nothing is missing."""
        return is_complete(self.paper, self.files)

    @property
    def manifest(self) -> dict[str, Any]:
        """Return the manifest."""
        return manifest(self.paper, self.files)

    @property
    def problems(self) -> list[str]:
        """Return what is missing, in words."""
        items = [
            f"figure {item.number} ({item.view_id}): {item.problem}"
            for item in self.paper.items
            if item.status == "failed"
        ]
        return items + [f"{entry.name}: {entry.problem}" for entry in self.files if entry.problem]

    def members(self) -> list[tuple[str, bytes]]:
        """Return every file by its name, with the manifest."""
        files = [(entry.name, entry.body) for entry in self.files if entry.delivered]
        return [*files, (NAME, manifest_bytes(self.manifest))]


@dataclass(frozen=True)
class Pack:
    """A pack on disk: its folder, files, manifest, what is missing, and whether anything is."""

    folder: Path
    files: tuple[Path, ...]
    items: tuple[Item, ...]
    manifest: Path
    problems: tuple[str, ...]
    complete: bool


def export_report(
    report: Path | str, out: Path, desk: Desk, *, engine: Draws, today: dt.date, order: Order | None = None
) -> Pack:
    """Write a report that comes with the product, or one of a TOML file, into the folder `out`, whole or not at all."""
    wanted = order or Order()
    definition = adjusted(load_definition(report, desk), desk, wanted.changes, wanted.parameters)
    return write_pack(make_pack(definition, desk, engine, today, wanted.formats), out)


def export_pack(
    views: Sequence[tuple[str, Mapping[str, str]]],
    out: Path,
    desk: Desk,
    *,
    engine: Draws,
    today: dt.date,
    order: Order | None = None,
) -> Pack:
    """Write the views given, each with its parameters, in their order, into the folder `out`."""
    wanted = order or Order()
    definition = adjusted(pack_definition(views, desk), desk, wanted.changes, wanted.parameters)
    return write_pack(make_pack(definition, desk, engine, today, wanted.formats), out)


def export_page(
    slug: str, raw: Mapping[str, str], desk: Desk, *, engine: Draws, today: dt.date, fmt: str = "pdf"
) -> Made:
    """Return the views a page shows under these parameters as one file, made like a report."""
    return make_pack(page_definition(slug, raw, desk), desk, engine, today, (fmt,))


def make_pack(definition: Definition, desk: Desk, engine: Draws, today: dt.date, formats: Sequence[str]) -> Made:
    """Return a pack in memory; a figure or file that fails is named in it, and the rest is made."""
    refuse_formats(formats)
    paper = Composer(definition, desk, today).paper()
    pictures = _Pictures(engine, formats)
    paper = pictures.of(paper)
    files = [entry for fmt in dict.fromkeys(formats) for entry in _files(paper, pictures, fmt, today)]
    return Made(paper, tuple(files))


def refuse_formats(formats: Sequence[str]) -> None:
    """Refuse formats no pack comes in, all at once."""
    wrong = [f"{fmt[:20]!r}{nearest(fmt, FORMATS)}" for fmt in formats if fmt not in FORMATS]
    if wrong or not formats:
        raise DataError(
            f"A report does not come as {', '.join(wrong) or 'nothing'}. Choose from: {', '.join(FORMATS)}."
        )


class _Pictures:
    """Draws the figures of a paper once for each kind the formats need; what fails is said of its item."""

    def __init__(self, engine: Draws, formats: Sequence[str]) -> None:
        self._engine = engine
        self._kinds: list[Format] = []
        self._kinds += ["svg"] if set(formats) & set(VECTOR) else []
        self._kinds += ["png"] if set(formats) & set(RASTER) else []
        self._framed = "png" in formats
        self.svg: dict[int, str] = {}
        self.png: dict[int, bytes] = {}
        self.framed: dict[int, bytes] = {}
        self.missing = ""

    def of(self, paper: Paper) -> Paper:
        """Return the paper with the items marked whose picture failed."""
        sections = tuple(
            replace(section, items=tuple(self._item(item) for item in section.items)) for section in paper.sections
        )
        return replace(paper, sections=sections)

    def _item(self, item: Item) -> Item:
        if not item.drawn or self.missing:
            return item
        try:
            self._draw(item)
        except NoBrowser as error:
            self.missing = str(error)
        except DataError as error:
            return replace(item, status="failed", problem=str(error))
        except Exception as error:
            LOG.exception("the picture of %s failed", item.view_id)
            return replace(item, status="failed", problem=f"Its picture raised {type(error).__name__}; see the log.")
        return item

    def _draw(self, item: Item) -> None:
        sheet = sheet_of(item)
        if "svg" in self._kinds:
            self.svg[item.number] = self._engine.image(sheet, "svg").decode()
        if "png" in self._kinds:
            self.png[item.number] = self._engine.image(sheet, "png")
        if self._framed and item.framed is not None:
            body = self._engine.image(item.framed, "png")
            self.framed[item.number] = embed(body, "png", item.framed.record)


def sheet_of(item: Item) -> Sheet:
    """Return the figure of an item as a sheet without words around it, for they stand in the report."""
    layout = item.figure["layout"]
    width, height = int(layout["width"]), int(layout["height"])
    return Sheet(item.view_id, item.title, dict(item.figure), width, height, shown=(width, height), png_scale=DENSITY)


def _files(paper: Paper, pictures: _Pictures, fmt: str, today: dt.date) -> list[Written]:
    name = f"{paper.name}.{fmt}"
    if pictures.missing and fmt in (*VECTOR, *RASTER, "png"):
        return [Written(name, fmt, problem=pictures.missing)]
    if fmt == "png":
        return [_picture(item, pictures) for item in paper.items if item.drawn]
    try:
        return [WRITERS[fmt](paper, pictures, name, today)]
    except DataError as error:
        return [Written(name, fmt, problem=str(error))]
    except Exception as error:
        LOG.exception("%s could not be written", name)
        return [Written(name, fmt, problem=f"Writing it raised {type(error).__name__}; see the log.")]


def _picture(item: Item, pictures: _Pictures) -> Written:
    name = f"pictures/{item.number:02d}-{item.view_id}.png"
    return Written(name, "png", pictures.framed.get(item.number, b""), of_item=item.number)


def _pdf(paper: Paper, pictures: _Pictures, name: str, today: dt.date) -> Written:
    made = typeset(paper, pictures.svg, pack_record(paper), today)
    too_long = f"it has {made.pages} pages and may have {paper.most_pages}: ask for fewer or shorter sections."
    return Written(name, "pdf", made.body, too_long if made.pages > paper.most_pages else "", made.pages, made.places)


def _html(paper: Paper, _pictures: _Pictures, name: str, _today: dt.date) -> Written:
    return Written(name, "html", embed(web_file(paper), "html", pack_record(paper)))


def _xlsx(paper: Paper, _pictures: _Pictures, name: str, today: dt.date) -> Written:
    return Written(name, "xlsx", embed(workbook(paper, today), "xlsx", pack_record(paper)))


def _docx(paper: Paper, pictures: _Pictures, name: str, today: dt.date) -> Written:
    return Written(name, "docx", embed(document(paper, pictures.png, today), "docx", pack_record(paper)))


def _pptx(paper: Paper, pictures: _Pictures, name: str, today: dt.date) -> Written:
    made = slides(paper, pictures.png, today)
    return Written(name, "pptx", embed(made.body, "pptx", pack_record(paper)), "", made.count, made.places)


WRITERS: Mapping[str, Callable[[Paper, _Pictures, str, dt.date], Written]] = {
    "pdf": _pdf,
    "html": _html,
    "xlsx": _xlsx,
    "docx": _docx,
    "pptx": _pptx,
}


def write_pack(made: Made, out: Path) -> Pack:
    """Write a pack into the folder `out`, whole or not at all; an older pack there is replaced.

    Refuses a folder that holds anything but a pack, and a disk that is full: then nothing of the pack stays.
    """
    _refuse_other_folder(out)
    members = made.members()
    folder: Path | None = None
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
        for name, body in members:
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(body)
        folder.chmod(0o755)
        _put_in_place(folder, out)
    except OSError as error:
        raise DataError(f"the pack could not be written to {out}: {error.strerror}. Nothing of it was kept.") from error
    finally:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
    paths = tuple(out / name for name, _ in members if name != NAME)
    return Pack(out, paths, made.paper.items, out / NAME, tuple(made.problems), made.complete)


def _refuse_other_folder(out: Path) -> None:
    if out.exists() and not (out.is_dir() and ((out / NAME).is_file() or not any(out.iterdir()))):
        raise DataError(f"{out} exists and is no pack. Choose another folder for --out.")


def _put_in_place(folder: Path, out: Path) -> None:
    """Rename the new folder to its name; an older pack steps aside first and is removed after."""
    if not out.exists():
        folder.rename(out)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{out.name}-old-", dir=out.parent))
    out.rename(old / "pack")
    folder.rename(out)
    shutil.rmtree(old, ignore_errors=True)


def zipped(made: Made) -> bytes:
    """Return a pack with its manifest as one zip."""
    return bundle(made.members())
