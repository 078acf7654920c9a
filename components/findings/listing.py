"""The list of findings: what is counted, which are shown, what is folded away below."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from dash import html
from dash.development.base_component import Component

from components.elements import aria, data
from components.findings import filters
from components.findings.cards import finding_card, word_tag
from components.findings.reading import Finding, Index, index
from components.views import Parameter, Selection
from pipelines.tables import Tables

STEP = 20
SHOW = Parameter("show", "How many", str(STEP), "number", low=STEP, high=1000, hidden=True)
FINDING = Parameter("finding", "The finding followed", "", "text", hidden=True)
PARAMETERS = (*filters.PARAMETERS, SHOW, FINDING)


def finding_list(tables: Tables, selection: Selection) -> Component:
    """Return the findings a selection asks for: the one followed first, then by weight, editorial slips folded away."""
    known = index(tables)
    if not known.findings:
        return html.P(_why_nothing(tables), className="message is-shown", role="status")
    followed = [finding for finding in known.findings if finding.finding_id == selection["finding"]]
    found = [one for one in filters.chosen(tables, known.findings, selection) if one not in followed]
    main, slips = ([one for one in found if one.is_slip is is_slip] for is_slip in (False, True))
    return html.Div(
        [
            *_counted(known),
            *_followed(tables, followed, selection["finding"]),
            *_main(tables, main, int(float(selection["show"])), opens=not followed, has_slips=bool(slips)),
            *_slips(tables, slips),
        ],
        className="findings",
    )


def _why_nothing(tables: Tables) -> str:
    state = tables.as_known
    if state.mode == "latest":
        return "No rule finds anything in these data. Build the store again with `bilateral build`."
    limit = "was published by" if state.mode == "published" else "covers the years up to"
    return f"No two figures of what {limit} {state.date} can be set against each other. Show everything to see more."


def _counted(known: Index) -> Iterator[Component]:
    """Yield how many findings there are of each word; each opens its list."""
    counts = Counter(finding.word for finding in known.findings if not finding.is_slip)
    items = [
        html.Li(
            html.Button(
                [word_tag(word), f" {counts[word]}"], type="button", className="count", **data(set=f"word={word}")
            )
        )
        for word in ("conflict", "caution", "agrees", "none")
        if counts[word]
    ]
    yield html.Ul(items, className="counts", **aria(label="Findings by word"))


def _followed(tables: Tables, followed: Sequence[Finding], wanted: str) -> Iterator[Component]:
    if not wanted:
        return
    off = html.Button("Take it off", type="button", className="action", **data(set="finding="))
    if not followed:
        text = f"No finding {wanted[:60]!r} in this state of knowledge: the figures may have been corrected. "
        yield html.P([text, off], className="notice", role="status")
        return
    yield html.Div(
        [html.P(["The finding you followed ", off], className="quiet"), finding_card(tables, followed[0], opened=True)],
        className="followed",
    )


def _main(tables: Tables, found: Sequence[Finding], show: int, *, opens: bool, has_slips: bool) -> Iterator[Component]:
    """Yield the first findings, the very first of them unfolded so that a reader sees what is in one."""
    if not found:
        beyond = " Only editorial slips are left, below." if has_slips else ""
        yield html.P(
            f"No finding answers to these filters.{beyond} Take one off.", className="message is-shown", role="status"
        )
        return
    cards = [finding_card(tables, one, opened=opens and place == 0) for place, one in enumerate(islice(found, show))]
    yield html.Div(cards, className="finding-list")
    left = len(found) - len(cards)
    if left:
        more = min(left, STEP)
        yield html.Button(
            f"Show {more} more{f' of {left}' if left > more else ''}",
            type="button",
            className="button",
            **data(set=f"show={len(cards) + STEP}"),
        )


def _slips(tables: Tables, slips: Sequence[Finding]) -> Iterator[Component]:
    if not slips:
        return
    title = f"Editorial slips ({len(slips)}): dates, nouns, stated windows"
    cards = [finding_card(tables, one) for one in slips]
    yield html.Details([html.Summary(title), html.Div(cards, className="finding-list")], className="more slips")


def top_findings(tables: Tables, count: int = 3) -> tuple[Finding, ...]:
    """Return the weightiest findings that matter and that nobody accepted."""
    matters = (
        finding
        for finding in index(tables).findings
        if finding.word in filters.MATTERS and not finding.is_slip and finding.status != "accepted"
    )
    return tuple(islice(matters, count))
