"""One finding as a reader sees it: verdict word, headline, figures, arithmetic, picture, record, status, charts."""

from collections.abc import Iterator, Mapping, Sequence

from dash import dcc, html
from dash.development.base_component import Component

from components import labels
from components.elements import aria, mark_button
from components.findings.number_line import number_line
from components.findings.reading import Finding
from components.shelves import by_ids
from pipelines.checks.rules import RULES
from pipelines.tables import Tables

SENTENCES: Mapping[str, str] = {rule.name: rule.sentence for rule in RULES}
# Beside each word stands a sign, so that colour is never the only difference.
SIGNS: Mapping[str, str] = {"conflict": "!", "caution": "?", "agrees": "=", "none": "·"}
WORDS: Mapping[str, str] = {"none": "nothing to compare"}
FIRST = 8
TYPED = "candidate-"
FIGURE_WORDS = ("publisher", "as_written", "counted", "unit_measure", "bound", "time_period", "provenance")


def word_tag(word: str) -> Component:
    """Return the verdict word of a finding with its sign."""
    sign = html.Span(SIGNS.get(word, ""), className="word-sign", **aria(hidden="true"))
    return html.Span([sign, WORDS.get(word, word)], className=f"word is-{word}")


def verdict_words(verdict: str) -> str:
    """Return a verdict as it is read.

    >>> verdict_words("no_counterpart")
    'no counterpart'
    """
    return verdict.replace("_", " ")


def finding_card(tables: Tables, finding: Finding, *, opened: bool = False, kept: bool = True) -> Component:
    """Return a finding as a line that unfolds; its place on the page bears its name.

    One that is not `kept` is about a figure just typed: no chart draws it, and no link would lead to it.
    """
    summary = html.Summary(
        [
            word_tag(finding.word),
            html.Span(finding.title, className="finding-title"),
            html.Span(_aside(finding), className="finding-aside"),
        ]
    )
    return html.Details(
        [summary, html.Div(list(_body(tables, finding, kept=kept)), className="finding-body")],
        id=finding.anchor,
        className=f"finding is-{finding.word}",
        open=opened,
    )


def _aside(finding: Finding) -> str:
    status = "" if finding.status == "open" else f", {finding.status}"
    verdict = verdict_words(finding.verdict)
    return f"{verdict if verdict != finding.word else ''}{status}".removeprefix(", ")


def _body(tables: Tables, finding: Finding, *, kept: bool) -> Iterator[Component]:
    picture = number_line(finding.picture, finding.unit_measure)
    sums = html.Pre(finding.arithmetic, className="arithmetic", tabIndex=0, **aria(label="The arithmetic"))
    yield html.Div([sums, *([picture] if picture is not None else [])], className="finding-sums")
    if finding.explanation:
        yield html.P(finding.explanation)
    told = [*_facts(tables, finding), *(_ways(finding) if kept else ())]
    yield html.Dl([cell for term, said in told for cell in (html.Dt(term), html.Dd(said))],
                  className="facts")  # fmt: skip


def _facts(tables: Tables, finding: Finding) -> Iterator[tuple[str, Component | str]]:
    yield "Figures", figure_list(tables, finding.observation_ids)
    if finding.odd_one_out:
        yield "Odd one out", _odd_ones(tables, finding)
    if finding.record:
        yield "The record", html.Span(finding.record, className="lines")
    yield "Status", status_words(finding)
    if finding.rule in SENTENCES:
        yield "Rule", f"{SENTENCES[finding.rule]} ({finding.rule})"


def _ways(finding: Finding) -> Iterator[tuple[str, Component | str]]:
    """Yield where a finding leads: to the charts that draw its figures, and to itself."""
    yield "Charts", html.Span("Looking for the charts that draw these figures …", id=charts_id(finding))
    yield "Link", dcc.Link("this finding", href=finding.address)


def charts_id(finding: Finding) -> dict[str, str]:
    """Return the id of the place where the charts of a finding are listed once they are known."""
    return {"type": "finding-charts", "finding": finding.finding_id}


def figure_list(tables: Tables, observation_ids: Sequence[str]) -> Component:
    """Return the figures involved, each behind its mark; beyond the first few they are folded away."""
    return folded([html.Li(figure_button(tables, one)) for one in observation_ids], "figures")


def folded(items: Sequence[Component], kind: str, most: int = FIRST) -> Component:
    """Return a list of a kind; beyond the first few its items are folded away."""
    if len(items) <= most:
        return html.Ul(list(items), className=kind)
    rest = html.Details([html.Summary(f"{len(items) - most} more"), html.Ul(list(items[most:]), className=kind)])
    return html.Div([html.Ul(list(items[:most]), className=kind), rest])


def figure_button(tables: Tables, observation_id: str) -> Component:
    """Return the button of an observation or a dated event; its id alone where the tables lack it."""
    if observation_id.startswith(TYPED):
        return html.Strong("the figure you typed")
    events = tables.events[tables.events["event_id"] == observation_id]
    if len(events):
        event = events.iloc[0]
        return mark_button(f"event:{observation_id}", f"{labels.period(event['date'])}: {event['title']}")
    return mark_button(observation_id, figure_words(tables, observation_id))


def figure_words(tables: Tables, observation_id: str) -> str:
    """Return an observation in words: as written where somebody said it, else its value; period and publisher."""
    row = by_ids(tables.observations, [observation_id]).iloc[0]
    cell = {name: row[name] if isinstance(row[name], str) else "" for name in FIGURE_WORDS}
    if not cell["publisher"]:
        return observation_id
    written = " ".join(cell["as_written"].split())
    shown = labels.bounded(float(row["obs_value"]), cell["unit_measure"], cell["bound"], counted=cell["counted"])
    quoted = f"“{written}”" if written and cell["provenance"] == "quoted" else shown
    return f"{quoted}, {labels.period(cell['time_period'])} ({cell['publisher']})"


def _odd_ones(tables: Tables, finding: Finding) -> Component:
    """Return the smallest sets without which the rest holds: one mark, or several of which each set will do."""
    parts: list[Component | str] = []
    for place, together in enumerate(finding.odd_one_out):
        parts += ["; or "] if place else []
        for number, one in enumerate(together):
            parts += [" and "] if number else []
            parts.append(figure_button(tables, one))
    return html.Span([*parts, html.Span(": without it the rest is consistent", className="quiet")])


def status_words(finding: Finding) -> str:
    """Return whether a finding is open, or who explained or accepted it and why."""
    if finding.status == "open":
        return "open: nobody has explained it yet"
    who = "by the rule itself" if finding.status_by == "rule" else f"by {finding.status_by}"
    why = "" if finding.status_why in ("", finding.explanation) else f": {finding.status_why}"
    return f"{finding.status} {who}{why}"


def finding_links(findings: Sequence[Finding]) -> Component:
    """Return findings as a list of words and links to their place; beyond the first few they are folded away."""
    return folded(
        [html.Li([word_tag(f.word), " ", dcc.Link(f.title, href=f.address)]) for f in findings], "finding-links"
    )
