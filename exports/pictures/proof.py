"""Whether a picture shows what it should: it is decoded and looked at, and a blank one is never a success."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal
from xml.etree import ElementTree as ET

import numpy as np
from PIL import Image
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from exports.pictures.exhibits import Line, Sheet

Format = Literal["png", "svg", "pdf"]
PAPER = 250
LEAST_INK = 0.002
LEAST_WORDS = 0.02
_SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Drawn:
    """A picture as the browser made it, and how many traces stand in it."""

    body: bytes
    format: Format
    traces: int


def inspect_picture(drawn: Drawn, sheet: Sheet) -> list[str]:
    """Return what is wrong with a picture: its size, its traces, its ink, its title; nothing when all is right."""
    expected = sum(trace.get("visible", True) is True for trace in sheet.figure.get("data", []))
    problems = [] if drawn.traces == expected else [f"{drawn.traces} of {expected} traces are drawn"]
    try:
        return problems + _LOOK[drawn.format](drawn.body, sheet)
    except (OSError, SyntaxError, ValueError, ET.ParseError, PyPdfError) as error:
        return [*problems, f"the {drawn.format.upper()} cannot be read: {error}"]


def _look_at_png(body: bytes, sheet: Sheet) -> list[str]:
    with Image.open(io.BytesIO(body), formats=["PNG"]) as image:
        pixels = np.asarray(image.convert("L"))
    height, width = pixels.shape
    if (width, height) != sheet.pixels:
        return [f"it is {width} × {height} pixels and not {sheet.pixels[0]} × {sheet.pixels[1]}"]
    scale = width / sheet.width
    plot = _ink(pixels, sheet.top * scale, (sheet.top + sheet.plot_height) * scale, 0, width)
    problems = [] if plot >= LEAST_INK else [f"its figure is blank ({plot:.2%} ink)"]
    unseen = [line.text for line in sheet.lines if _line_ink(pixels, line, scale) < LEAST_WORDS]
    return problems + [f"the words {text[:60]!r} are not seen" for text in unseen]


def _line_ink(pixels: np.ndarray, line: Line, scale: float) -> float:
    wide = min(len(line.text) * line.size * 0.4, 200.0)
    return _ink(pixels, (line.y - line.size) * scale, line.y * scale, line.x * scale, (line.x + wide) * scale)


def _ink(pixels: np.ndarray, top: float, bottom: float, left: float, right: float) -> float:
    """Return the share of the pixels of a box that are darker than paper."""
    box = pixels[max(int(top), 0) : int(bottom), int(left) : int(right)]
    return float((box < PAPER).mean()) if box.size else 0.0


def _look_at_svg(body: bytes, sheet: Sheet) -> list[str]:
    root = ET.fromstring(body)  # noqa: S314 - our own drawing
    size = tuple(float(root.get(name, 0)) for name in ("width", "height"))
    problems = [] if size == sheet.shown else [f"it is {size} and not {sheet.shown} in size"]
    said = " ".join("".join(text.itertext()) for text in root.iter(f"{_SVG}text"))
    paths = sum(1 for _ in root.iter(f"{_SVG}path"))
    return problems + ([] if paths else ["its figure is blank"]) + _untold(said, sheet)


def _look_at_pdf(body: bytes, sheet: Sheet) -> list[str]:
    reader = PdfReader(io.BytesIO(body))
    problems = [] if len(reader.pages) == 1 else [f"it has {len(reader.pages)} pages and not one"]
    box = reader.pages[0].mediabox
    shape = float(box.width) / float(box.height), sheet.shown[0] / sheet.shown[1]
    problems += [] if abs(shape[0] / shape[1] - 1) < 0.02 else [f"its page is {box.width} × {box.height} points"]
    contents = reader.pages[0].get_contents()
    problems += [] if contents is not None and len(contents.get_data()) > 200 else ["its page is blank"]
    return problems + _untold(reader.pages[0].extract_text(), sheet)


def _untold(said: str, sheet: Sheet) -> list[str]:
    """Return the title's words that are missing; spaces do not count, for PDF text has its own."""
    found = "".join(said.split())
    missing = [line.text for line in sheet.lines[:1] if "".join(line.text.split()) not in found]
    return [f"the title {text[:60]!r} is missing" for text in missing]


_LOOK: Mapping[str, Callable[[bytes, Sheet], list[str]]] = {
    "png": _look_at_png,
    "svg": _look_at_svg,
    "pdf": _look_at_pdf,
}
