"""Is this number right: a reader's figure, what others said, what the record says, and what it would contradict."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import dash_mantine_components as dmc
import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from components import labels
from components.elements import aria, mark_button
from components.findings.cards import finding_card, word_tag
from components.findings.reading import read_findings
from components.views import Choice, Parameter, Selection
from pipelines.checks.ask import Answer, ask
from pipelines.tables import Tables

Row = Mapping[str, Any]
Cells = tuple[Component | str, ...]
OTHER = "other"
MINE = "against-the-record"
SAID_HEAD = ("Said", "By", "Reporter", "Known since", "Yours")
RECORD_HEAD = ("Value", "Publisher, edition", "Reporter", "Known since", "Yours against it")


@dataclass(frozen=True)
class Subject:
    """What a reader may ask about without knowing a code."""

    code: str
    label: str
    typed: Mapping[str, str] = field(default_factory=dict)


def _of(indicator: str, ref_area: str, counterpart_area: str = "", **more: str) -> dict[str, str]:
    return {"indicator": indicator, "ref_area": ref_area, "counterpart_area": counterpart_area, **more}


SUBJECTS: Mapping[str, Subject] = {
    subject.code: subject
    for subject in (
        Subject("trade-rus-chn", "Russia–China trade", _of("TRADE_TOTAL", "CHN", "RUS")),
        Subject(
            "growth-rus-chn", "Russia–China trade, growth in %", _of("TRADE_TOTAL", "CHN", "RUS", measure_type="growth")
        ),
        Subject("exports-chn-rus", "China's exports to Russia", _of("EXP_FOB", "CHN", "RUS")),
        Subject("exports-rus-chn", "Russia's exports to China", _of("EXP_FOB", "RUS", "CHN")),
        Subject("share-rus-chn", "Russia's share of China's trade, %", _of("TRADE_PARTNER_SHARE", "CHN", "RUS")),
        Subject("share-chn-rus", "China's share of Russia's trade, %", _of("TRADE_PARTNER_SHARE", "RUS", "CHN")),
        Subject("trade-chn-kaz", "China–Kazakhstan trade", _of("TRADE_TOTAL", "CHN", "KAZ")),
        Subject("exports-chn-kaz", "China's exports to Kazakhstan", _of("EXP_FOB", "CHN", "KAZ")),
        Subject("trade-rus-kaz", "Russia–Kazakhstan trade", _of("TRADE_TOTAL", "KAZ", "RUS")),
        Subject("exports-eu-rus", "EU exports to Russia", _of("EXP_FOB", "EU27", "RUS")),
        Subject("exports-eu-kaz", "EU exports to Kazakhstan", _of("EXP_FOB", "EU27", "KAZ")),
        Subject(
            "gas-siberia",
            "Gas through Power of Siberia",
            _of("GAS_DELIVERY", "RUS", "CHN", project_id="POWER_OF_SIBERIA"),
        ),
        Subject("gas-imports", "China's gas imports", _of("GAS_IMP", "CHN", "W00")),
        Subject("gas-kaz-chn", "Gas by pipeline from Kazakhstan to China", _of("GAS_IMP_PIPELINE", "CHN", "KAZ")),
        Subject("gas-tkm-chn", "Gas by pipeline from Turkmenistan to China", _of("GAS_IMP_PIPELINE", "CHN", "TKM")),
        Subject("crude-rus-chn", "Crude oil from Russia to China", _of("CRUDE_IMP", "CHN", "RUS")),
        Subject("fdi-chn-kaz", "Chinese direct investment in Kazakhstan, stock", _of("FDI_STOCK_INWARD", "KAZ", "CHN")),
        Subject(OTHER, "Something else …"),
    )
}
ROLES = ("actual", "target", "plan", "pledge", "contract", "capacity", "estimate")

ASK = Parameter("ask", "The figure, in its own words", "", "text", hidden=True, high=80)
PERIOD = Parameter("ask_period", "Period", "", "text", hidden=True, high=21)
WHAT = Parameter(
    "ask_what", "What it is", "trade-rus-chn", hidden=True,
    choices=tuple(Choice(subject.code, subject.label) for subject in SUBJECTS.values()),
)  # fmt: skip
ROLE = Parameter(
    "ask_role", "Said as", "actual", hidden=True, choices=tuple(Choice(role, role.capitalize()) for role in ROLES)
)
INDICATOR = Parameter("ask_indicator", "Quantity", "", "text", hidden=True)
AREA = Parameter("ask_area", "Area", "", "text", hidden=True)
PARTNER = Parameter("ask_partner", "With, in or towards", "", "text", hidden=True)
PARAMETERS = (ASK, PERIOD, WHAT, ROLE, INDICATOR, AREA, PARTNER)
CODED = {"ask_indicator": "CL_INDICATOR", "ask_area": "CL_AREA", "ask_partner": "CL_AREA"}


def typed_of(selection: Selection) -> dict[str, str]:
    """Return what a selection asks as a candidate figure; empty where no figure is typed."""
    if not selection["ask"].strip():
        return {}
    subject = SUBJECTS[selection["ask_what"]].typed
    if selection["ask_what"] == OTHER:
        subject = _of(selection["ask_indicator"], selection["ask_area"], selection["ask_partner"])
    typed = {"as_written": selection["ask"].strip(), "time_period": selection["ask_period"].strip(), **subject}
    return {name: said for name, said in (typed | {"role": selection["ask_role"]}).items() if said}


def box(tables: Tables, selection: Selection) -> Component:
    """Return the form, filled in from the selection; its answer is put where `ask-answer` stands."""
    return html.Details(
        [
            html.Summary("Is this number right?"),
            html.P(
                "Type a figure as you read it, its period and what it is: you get the range its words allow, what "
                "others said, what the record says, and what it would contradict.",
                className="quiet",
            ),
            html.Div(
                list(_form(tables, selection)), className="controls-row", role="group", **aria(label="Your figure")
            ),
            dcc.Store(id="ask-raw"),
            dcc.Store(id="ask-names", data=[parameter.name for parameter in PARAMETERS]),
            html.Div("Checking …" if selection["ask"] else None, id="ask-answer", role="status", className="answer"),
        ],
        open=bool(selection["ask"]),
        className="card ask",
    )


def control(parameter: Parameter) -> str:
    """Return the id of a control of the form."""
    return f"box-{parameter.name}"


def _form(tables: Tables, selection: Selection) -> Iterator[Component]:
    yield _entry(ASK, selection, "nearly US$95 billion", 230)
    yield _entry(PERIOD, selection, "2014 or 2020-01/2020-08", 190)
    yield _pick(WHAT, selection, [{"value": c.value, "label": c.label} for c in WHAT.choices], 330)
    yield _pick(ROLE, selection, [{"value": c.value, "label": c.label} for c in ROLE.choices], 130)
    yield html.Button("Check", id="box-go", type="button", className="button", n_clicks=0)
    others = [
        _pick(parameter, selection, _codes(tables, CODED[parameter.name]), width)
        for parameter, width in ((INDICATOR, 330), (AREA, 200), (PARTNER, 200))
    ]
    yield html.Details(
        [html.Summary("If it is something else"), html.Div(others, className="controls-row")],
        open=selection["ask_what"] == OTHER,
        className="more",
    )


def _entry(parameter: Parameter, selection: Selection, example: str, width: int) -> Component:
    entry: Component = dmc.TextInput(
        id=control(parameter),
        label=parameter.label,
        placeholder=example,
        value=selection[parameter.name],
        w=width,
        size="sm",
    )
    return entry


def _pick(parameter: Parameter, selection: Selection, data: Sequence[Mapping[str, str]], width: int) -> Component:
    chosen: Component = dmc.Select(
        id=control(parameter),
        label=parameter.label,
        data=list(data),
        value=selection[parameter.name] or None,
        w=width,
        maw="100%",
        size="sm",
        searchable=len(data) > 12,
        allowDeselect=False,
    )
    return chosen


def _codes(tables: Tables, codelist: str) -> list[dict[str, str]]:
    rows = tables.codes[codelist]
    return [{"value": str(c), "label": str(n)} for c, n in zip(rows["code"], rows["name"], strict=True)]


def answer(tables: Tables, selection: Selection) -> Component:
    """Return what was said and what the record says of the figure asked about; what cannot be read is refused."""
    typed = typed_of(selection)
    if not typed:
        return html.Span()
    return html.Div(list(_answered(tables, ask(typed, tables))))


def _answered(tables: Tables, found: Answer) -> Iterator[Component]:
    yield html.P([word_tag(found.word), " ", html.Strong(found.title)])
    yield html.P(f"Read as {found.read}.", className="quiet")
    if found.arithmetic:
        yield html.Pre(found.arithmetic, className="arithmetic", tabIndex=0, **aria(label="The arithmetic"))
    if found.explanation:
        yield html.P(found.explanation)
    names = labels.words(tables.codes)
    said = [_said_cells(row, names) for row in _rows(found.said)]
    record = [_record_cells(row, names) for row in _rows(found.record)]
    yield from _listed("What was said", SAID_HEAD, said, "Nobody at hand said it for this period in this role.")
    yield from _listed("What the record says", RECORD_HEAD, record, "No publisher at hand counts this for the period.")
    others = [finding for finding in read_findings(found.findings) if finding.rule != MINE]
    yield html.H3("Findings it would take part in")
    if others:
        yield html.Div([finding_card(tables, finding, kept=False) for finding in others], className="finding-list")
    else:
        yield html.P("None: no rule sets it against another figure.", className="quiet")


def _rows(frame: pd.DataFrame) -> list[Row]:
    return [{str(name): cell for name, cell in row.items()} for row in frame.to_dict("records")]


def _listed(title: str, head: Sequence[str], rows: Sequence[Cells], nothing: str) -> Iterator[Component]:
    yield html.H3(title)
    yield _table(head, rows, title) if rows else html.P(nothing, className="quiet")


def _said_cells(row: Row, names: labels.Words) -> Cells:
    written = " ".join(_text(row, "as_written").split())
    speaker = dict.fromkeys((_text(row, "said_by"), _text(row, "publisher")))
    return (
        mark_button(_text(row, "observation_id"), f"“{written}”" if written else _value(row)),
        ", ".join(filter(None, speaker)),
        names.area(_text(row, "ref_area")),
        _known(row),
        {"hidden": "held back as a misprint or another scope"}.get(row["relation"], str(row["relation"])),
    )


def _record_cells(row: Row, names: labels.Words) -> Cells:
    return (
        mark_button(_text(row, "observation_ids"), _value(row)),
        ", ".join(filter(None, (_text(row, "publisher"), _text(row, "edition")))),
        names.area(_text(row, "ref_area")),
        _known(row),
        "fits" if row["fits"] else _deviation(row),
    )


def _text(row: Row, name: str) -> str:
    return str(row[name]) if isinstance(row[name], str) else ""


def _value(row: Row) -> str:
    return labels.value(float(row["obs_value"]), _text(row, "unit_measure"), fine=True)


def _known(row: Row) -> str:
    return labels.period(_text(row, "vintage")) if _text(row, "vintage") else "unknown"


def _deviation(row: Row) -> str:
    unit = "points" if _text(row, "unit_measure") == "PERCENT" else "%"
    return f"{'+' if row['deviation'] > 0 else ''}{labels.number(round(float(row['deviation']), 1))}{labels.NBSP}{unit}"


def _table(head: Sequence[str], rows: Sequence[Cells], title: str) -> Component:
    titles = html.Thead(html.Tr([html.Th(name, scope="col") for name in head]))
    body = html.Tbody([html.Tr([html.Td(cell) for cell in cells]) for cells in rows])
    return html.Div(
        html.Table([titles, body]), className="table-scroll", tabIndex=0, role="region", **aria(label=title)
    )
