"""What a report definition in TOML may say, checked at once with place and remedy."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from components.desk import Desk, as_known
from components.views import Page, select
from exports.papers.numerals import known_language
from pipelines.errors import DataError, nearest, raise_all

BUILT_IN = Path(__file__).parent / "reports"
LAYOUTS = ("document", "sheet")
PAPERS = ("a4", "letter")
REGISTERS = ("promises", "projects", "findings")
PLACEHOLDER = re.compile(r"\{([\w-]+)\.(\w+)\}")
PLACEHOLDER_FIELDS = ("title", "summary")


@dataclass(frozen=True)
class Ask:
    """One view asked for: its parameters, the words beside it, how many of its rows are listed below it."""

    view_id: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    rows: int = 0


@dataclass(frozen=True)
class Part:
    """One section: words, a prompt for whoever writes the commentary, headlines, a register, views in order.

    `optional` sections are left out when nothing in them can be shown.
    """

    title: str
    text: str = ""
    prompt: str = ""
    headlines: str = ""
    register: str = ""
    most: int = 0
    optional: bool = False
    views: tuple[Ask, ...] = ()


@dataclass(frozen=True)
class Definition:
    """A report as asked for; `most_pages` says how long it may be."""

    name: str
    title: str
    parts: tuple[Part, ...]
    subtitle: str = ""
    layout: str = "document"
    paper: str = "a4"
    language: str = "en"
    mode: str = ""
    as_of: str = ""
    most_pages: int = 400

    @property
    def known(self) -> dict[str, str]:
        """Return the parameters of the state of knowledge."""
        asked = {"mode": self.mode, "as_of": self.as_of}
        return {name: entry for name, entry in asked.items() if entry}


SECTION_KEYS = ("title", "text", "prompt", "headlines", "register", "most", "optional", "view")
VIEW_KEYS = ("view", "parameters", "text", "rows")
REPORT_KEYS = ("title", "subtitle", "layout", "paper", "language", "mode", "as_of", "most_pages", "section")
KINDS: Mapping[str, type] = {"rows": int, "most": int, "optional": bool, "parameters": dict, "most_pages": int}


def built_in_names() -> list[str]:
    """Return the names of the reports that come with the product."""
    return sorted(path.stem for path in BUILT_IN.glob("*.toml"))


def load_definition(report: Path | str, desk: Desk) -> Definition:
    """Return a report that comes with the product by its name, or one read from a TOML file.

    Refuses, all problems at once with their place: unknown keys, views, parameters, languages, papers and placeholders,
    a missing title, a wrong date.
    """
    path = _find(report)
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        known = ", ".join(built_in_names())
        raise DataError(f"There is no file {path.name}. Check its name, or name a report: {known}.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path.name} cannot be read: {error}.") from error
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{path.name} is not valid TOML: {error}.") from error
    problems = [f"{path.name}: {problem}" for problem in _problems(values, desk)]
    raise_all(problems)
    return _definition(path.stem, values)


def _find(report: Path | str) -> Path:
    if isinstance(report, str) and report in built_in_names():
        return BUILT_IN / f"{report}.toml"
    path = Path(report)
    if path.suffix != ".toml":
        known = built_in_names()
        raise DataError(
            f"There is no report {str(report)[:60]!r}{nearest(str(report), known)}. "
            f"Known are {', '.join(known)}; or give a file ending in .toml."
        )
    return path


def adjusted(
    definition: Definition, desk: Desk, changes: Mapping[str, Any], parameters: Mapping[str, str]
) -> Definition:
    """Return the definition with the paper, language or date of an order; parameters go to every view that has them.

    A parameter no view of the report has is refused, and so is a value one of them does not offer.
    """
    changed = replace(definition, **{name: entry for name, entry in changes.items() if entry})
    parts = tuple(
        replace(part, views=tuple(_with_parameters(desk, ask, parameters) for ask in part.views))
        for part in changed.parts
    )
    names = {name for part in parts for ask in part.views for name in _names(desk, ask.view_id)}
    problems = [
        f"{name!r} is a parameter of no view of {definition.name}{nearest(name, names)}."
        for name in parameters
        if name not in names
    ]
    problems += [
        problem for part in parts for ask in part.views for problem in _wrong_view(desk, ask.view_id, ask.parameters)
    ]
    problems += list(_wrong_frame(_frame(changed)))
    raise_all(list(dict.fromkeys(problems)))
    return replace(changed, parts=parts)


def _frame(definition: Definition) -> dict[str, Any]:
    names = ("title", "layout", "paper", "language", "mode", "as_of")
    return {name: entry for name in names if (entry := getattr(definition, name))}


def _with_parameters(desk: Desk, ask: Ask, parameters: Mapping[str, str]) -> Ask:
    names = _names(desk, ask.view_id)
    return replace(ask, parameters={**ask.parameters, **{n: v for n, v in parameters.items() if n in names}})


def pack_definition(
    views: Sequence[tuple[str, Mapping[str, str]]], desk: Desk, title: str = "A pack of charts"
) -> Definition:
    """Return a report of the views given, in their order; wrong views or parameters are refused, all at once."""
    problems = [
        f"view {number}: {problem}"
        for number, (view_id, parameters) in enumerate(views, 1)
        for problem in _wrong_view(desk, view_id, parameters)
    ]
    raise_all(problems if views else ["the pack holds no view. Add one."])
    parts = [Part(title=desk.view(view_id).title, views=(Ask(view_id, parameters),)) for view_id, parameters in views]
    return Definition(name="pack", title=title, parts=tuple(parts))


def page_definition(slug: str, raw: Mapping[str, str], desk: Desk) -> Definition:
    """Return a report of the views a page shows under these parameters."""
    path = "/" if slug in ("home", "today") else f"/{slug}"
    page = desk.page(path)
    raise_all([f"{name[:40]!r} is no parameter of this page." for name in raw if name not in _page_names(page)])
    selection = select(page.all_parameters(), raw)
    state = as_known(raw)
    mode = state.mode if state.date else ""
    asks = tuple(Ask(name, _own(desk, name, raw)) for name in page.visible(selection))
    headlines = path if "cards" in page.extra else ""
    register = {"/targets": "promises", "/projects": "projects", "/findings": "findings"}.get(path, "")
    part = Part(title=page.title, text=page.intro, headlines=headlines, register=register, views=asks)
    return Definition(name=slug, title=page.title, subtitle=page.intro, parts=(part,), mode=mode, as_of=state.date)


def _page_names(page: Page) -> list[str]:
    return [*(parameter.name for parameter in page.all_parameters()), "mode", "as_of"]


def _own(desk: Desk, view_id: str, raw: Mapping[str, str]) -> dict[str, str]:
    return {name: raw[name] for name in _names(desk, view_id) if name in raw}


def _names(desk: Desk, view_id: str) -> list[str]:
    return [*(parameter.name for parameter in desk.parameters(view_id)), "mode", "as_of"]


def _problems(values: Mapping[str, Any], desk: Desk) -> Iterator[str]:
    yield from _unknown(values, REPORT_KEYS, "the report")
    yield from _wrong_kinds(values, "the report")
    yield from _wrong_frame(values)
    sections = values.get("section", [])
    if not isinstance(sections, list) or not sections:
        yield "no [[section]]: a report needs at least one."
        return
    for number, section in enumerate(sections, 1):
        place = f"[[section]] {number} ({str(section.get('title', 'without a title'))[:40]})"
        yield from (f"{place}: {problem}" for problem in _wrong_section(section, desk))


def _wrong_frame(values: Mapping[str, Any]) -> Iterator[str]:
    if not str(values.get("title", "")).strip():
        yield 'title is missing. Add a line such as title = "Quarterly briefing".'
    for name, allowed in (("layout", LAYOUTS), ("paper", PAPERS)):
        entry = str(values.get(name, allowed[0]))
        if entry not in allowed:
            yield f"{name} = {entry[:40]!r} is not offered{nearest(entry, allowed)}. Choose {' or '.join(allowed)}."
    language = str(values.get("language", "en"))
    if not known_language(language):
        yield f"language = {language[:20]!r} is not known. Write a code such as en, de, fr, ru, kk or zh."
    try:
        as_known({name: str(values[name]) for name in ("mode", "as_of") if values.get(name)})
    except DataError as error:
        yield str(error)


def _wrong_section(section: Mapping[str, Any], desk: Desk) -> Iterator[str]:
    yield from _unknown(section, SECTION_KEYS, "a section")
    yield from _wrong_kinds(section, "a section")
    if not str(section.get("title", "")).strip():
        yield 'title is missing. Add a line such as title = "Trade".'
    register = str(section.get("register", ""))
    if register and register not in REGISTERS:
        near = nearest(register, REGISTERS)
        yield f"register = {register[:40]!r} is not offered{near}. Choose one of: {', '.join(REGISTERS)}."
    if section.get("headlines"):
        yield from _wrong_headlines(str(section["headlines"]), desk)
    yield from _wrong_text(str(section.get("text", "")), desk)
    for number, asked in enumerate(section.get("view", []), 1):
        yield from (f"[[section.view]] {number}: {problem}" for problem in _wrong_ask(asked, desk))


def _wrong_headlines(path: str, desk: Desk) -> Iterator[str]:
    pages = [page.path for page in desk.pages if "cards" in page.extra]
    if path not in pages:
        yield f"headlines = {path[:40]!r} names no page with headlines. Choose one of: {', '.join(pages)}."


def _wrong_ask(asked: Mapping[str, Any], desk: Desk) -> Iterator[str]:
    yield from _unknown(asked, VIEW_KEYS, "a view")
    yield from _wrong_kinds(asked, "a view")
    yield from _wrong_text(str(asked.get("text", "")), desk)
    parameters = asked.get("parameters", {})
    if isinstance(parameters, dict):
        yield from _wrong_view(desk, str(asked.get("view", "")), parameters)


def _wrong_view(desk: Desk, view_id: str, parameters: Mapping[str, Any]) -> list[str]:
    return desk.problems(view_id, {name: str(entry) for name, entry in parameters.items()})


def _wrong_text(text: str, desk: Desk) -> Iterator[str]:
    for view_id, name in PLACEHOLDER.findall(text):
        if name not in PLACEHOLDER_FIELDS:
            near = nearest(name, PLACEHOLDER_FIELDS)
            yield f"placeholder {{{view_id}.{name}}}: only {' and '.join(PLACEHOLDER_FIELDS)} can be filled in{near}."
        yield from (f"placeholder {{{view_id}.{name}}}: {problem}" for problem in _wrong_view(desk, view_id, {}))


def _unknown(values: Mapping[str, Any], known: tuple[str, ...], what: str) -> Iterator[str]:
    for key in values:
        if key not in known:
            yield f"{key!r} is no key of {what}{nearest(key, known)}. Known are: {', '.join(known)}."


def _wrong_kinds(values: Mapping[str, Any], what: str) -> Iterator[str]:
    for key, kind in KINDS.items():
        if key in values and (not isinstance(values[key], kind) or (kind is int and isinstance(values[key], bool))):
            yield f"{key} of {what} must be {_KIND_WORDS[kind]}."


_KIND_WORDS: Mapping[type, str] = {
    int: "a whole number",
    bool: "true or false",
    dict: 'a table such as { pair = "RUS-CHN" }',
}


def _definition(name: str, values: Mapping[str, Any]) -> Definition:
    frame = {key: entry for key, entry in values.items() if key != "section"}
    return Definition(name=name, parts=tuple(_part(section) for section in values["section"]), **frame)


def _part(section: Mapping[str, Any]) -> Part:
    asks = tuple(_ask(asked) for asked in section.get("view", []))
    return Part(**{key: entry for key, entry in section.items() if key != "view"}, views=asks)


def _ask(asked: Mapping[str, Any]) -> Ask:
    parameters = {name: str(entry) for name, entry in asked.get("parameters", {}).items()}
    return Ask(asked["view"], parameters, str(asked.get("text", "")), int(asked.get("rows", 0)))
