"""Which findings a reader asks for: by word, verdict, rule, status, pair, source and any words."""

from collections.abc import Callable, Iterator, Mapping

from components.findings.cards import verdict_words
from components.findings.reading import Finding
from components.shelves import by_ids
from components.views import Choice, Parameter, Selection
from pipelines.checks.finding import WORDS
from pipelines.checks.rules import RULES
from pipelines.tables import Tables

ANY = Choice("any", "Any")
MATTERS = ("conflict", "caution")

WORD = Parameter(
    "word",
    "Show",
    "matters",
    choices=(
        Choice("matters", "Conflicts and cautions"),
        Choice("conflict", "Conflicts"),
        Choice("caution", "Cautions"),
        Choice("agrees", "Agrees"),
        Choice("none", "Nothing to compare"),
        Choice("all", "All"),
    ),
)
PAIR = Parameter(
    "pair",
    "About",
    "any",
    choices=(
        ANY,
        Choice("CHN-RUS", "Russia–China"),
        Choice("CHN-KAZ", "China–Kazakhstan"),
        Choice("KAZ-RUS", "Russia–Kazakhstan"),
        Choice("other", "Others"),
    ),
)
TEXT = Parameter("text", "Words", "", "text", help="In title, arithmetic, figures or publishers.")
VERDICT = Parameter(
    "verdict",
    "Verdict",
    "any",
    choices=(ANY, *(Choice(verdict, verdict_words(verdict).capitalize()) for verdict in WORDS)),
    advanced=True,
)
RULE = Parameter("rule", "Rule", "any", choices=(ANY, *(Choice(rule.name, rule.name) for rule in RULES)), advanced=True)
STATUS = Parameter(
    "status",
    "Status",
    "any",
    choices=(ANY, Choice("open", "Open"), Choice("explained", "Explained"), Choice("accepted", "Accepted")),
    advanced=True,
)
SOURCE = Parameter(
    "source", "Source or publisher", "", "text", advanced=True, help="For instance valdai, IMF, Gazprom."
)
PARAMETERS = (WORD, PAIR, TEXT, VERDICT, RULE, STATUS, SOURCE)
KNOWN_PAIRS = tuple(choice.value for choice in PAIR.choices[1:-1])


def chosen(tables: Tables, findings: tuple[Finding, ...], selection: Selection) -> tuple[Finding, ...]:
    """Return the findings a selection asks for, in their order."""
    tests = list(_tests(tables, selection))
    return tuple(finding for finding in findings if all(test(finding) for test in tests))


def _tests(tables: Tables, selection: Selection) -> Iterator[Callable[[Finding], bool]]:
    """Yield what each filter that is set demands of a finding; words are sought last, for they cost most."""
    word = selection["word"]
    if word != "all":
        words = MATTERS if word == "matters" else (word,)
        yield lambda finding: finding.word in words
    for name in ("verdict", "rule", "status"):
        if selection[name] != "any":
            yield _is(name, selection[name])
    if selection["pair"] != "any":
        yield lambda finding: _is_about(tables, finding, selection["pair"])
    if selection["source"].strip():
        yield lambda finding: _holds(_sources(tables, finding), selection["source"])
    if selection["text"].strip():
        yield lambda finding: _holds(_haystack(tables, finding), selection["text"])


def _is(name: str, value: str) -> Callable[[Finding], bool]:
    return lambda finding: getattr(finding, name) == value


def _holds(haystack: str, words: str) -> bool:
    return all(word in haystack for word in words.casefold().split())


def _cells(tables: Tables, finding: Finding) -> list[Mapping[str, str]]:
    rows = by_ids(tables.observations, list(finding.observation_ids))
    names = ["source_id", "publisher", "said_by", "measures", "as_written", "ref_area", "counterpart_area"]
    return [{str(n): c if isinstance(c, str) else "" for n, c in row.items()} for row in rows[names].to_dict("records")]


def _is_about(tables: Tables, finding: Finding, pair: str) -> bool:
    pairs = {"-".join(sorted((row["ref_area"], row["counterpart_area"]))) for row in _cells(tables, finding)}
    return not pairs & set(KNOWN_PAIRS) if pair == "other" else pair in pairs


def _sources(tables: Tables, finding: Finding) -> str:
    rows = _cells(tables, finding)
    return " ".join(f"{row['source_id']} {row['publisher']} {row['said_by']}" for row in rows).casefold()


def _haystack(tables: Tables, finding: Finding) -> str:
    own = (finding.title, finding.arithmetic, finding.explanation, finding.record, finding.rule, finding.finding_id)
    figures = [f"{row['as_written']} {row['measures']}" for row in _cells(tables, finding)]
    told = " ".join((*own, *finding.observation_ids, *figures, _sources(tables, finding)))
    return " ".join(told.replace("\u00a0", " ").split()).casefold()
