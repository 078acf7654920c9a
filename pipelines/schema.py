"""THE schema: every table's fields, declared once; CSV readers, Parquet, docs and tests derive from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

FieldType = Literal["text", "number", "integer", "flag", "date"]
Form = Literal["moment", "period", "year", "address", "file", "sha256"]
ANYTHING = (float("-inf"), float("inf"))


@dataclass(frozen=True)
class Field:
    """One column: its type, whether it may be empty, and what its values may be.

    `codelist` and `references` name where its values come from (several joined by ';' where `many`; with the form
    "address" an address stands beside references), `one_of` lists them, `form` is how a text is written, `limits` the
    least and the most of a number, `not_below` a column that may not be higher, and `needed` when a cell must be
    filled: where the other column has one of the values, or any at all.
    """

    name: str
    description: str
    type: FieldType = "text"
    required: bool = False
    codelist: str | None = None
    references: str | None = None
    many: bool = False
    one_of: tuple[str, ...] = ()
    form: Form | None = None
    limits: tuple[float, float] = ANYTHING
    not_below: str | None = None
    needed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """A named table: its key, its fields, and what one row stands for."""

    name: str
    row: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]

    @property
    def columns(self) -> list[str]:
        """Names of the columns in order."""
        return [field.name for field in self.fields]

    def field(self, name: str) -> Field:
        """Return the declared field of that name."""
        return next(field for field in self.fields if field.name == name)


_OFFSET = (0.0, ANYTHING[1])
_KNOWN_BASES = ("printed_date", "url_date", "text")

_DIMENSIONS = (
    Field("indicator", "what is measured, valuation included", required=True, codelist="CL_INDICATOR"),
    Field(
        "commodity",
        "product or product group; _T for all goods, empty where no goods are meant",
        codelist="CL_COMMODITY",
    ),
    Field("project_id", "the project, system, fund or format measured", references="projects"),
    Field("ref_area", "who reports, acts or is measured; several joined by ';'", codelist="CL_AREA", many=True),
    Field("counterpart_area", "with whom, where or towards whom; several joined by ';'", codelist="CL_AREA", many=True),
    Field("role", "actual, target, plan and so on", required=True, codelist="CL_ROLE"),
    Field(
        "measure_type",
        "level, flow, stock and so on; never mixed in one series",
        required=True,
        codelist="CL_MEASURE_TYPE",
    ),
)

_CLAIMS = (
    Field("claim_word", "word of the text that claims something of the number, e.g. dominated, average, total"),
    Field(
        "listed_count", "how many items the text then lists, where the figure counts items", "integer", limits=_OFFSET
    ),
    Field("label", "what the text calls the group, where that is not the name of its code"),
    Field("scope", "narrower territory or set than the area code says, e.g. Far East"),
    Field("about", "indicator that a window, a multiple or an average speaks of", codelist="CL_INDICATOR"),
)

SOURCES = Table(
    "sources",
    "one document, press publisher or statistics publisher",
    ("source_id",),
    (
        Field("source_id", "short identifier used everywhere", required=True),
        Field("kind", "what it is", required=True, one_of=("document", "press", "statistics")),
        Field("title", "title of the document, or name of the publication or data set", required=True),
        Field("author", "author where the text states one"),
        Field("publisher", "who published it", required=True),
        Field(
            "published",
            "date as precise as is known: YYYY, YYYY-MM or YYYY-MM-DD",
            form="moment",
            needed={"published_basis": _KNOWN_BASES},
        ),
        Field("published_basis", "how the date is known", required=True, codelist="CL_VINTAGE_BASIS"),
        Field("published_note", "the words or reasoning behind the date, in our words"),
        Field(
            "source_class", "official, press, research, advocacy, company", required=True, codelist="CL_SOURCE_CLASS"
        ),
        Field("url", "address, http or https only", form="address"),
        Field("file_name", "file the document is received as", form="file", needed={"kind": ("document",)}),
        Field("sha256", "SHA-256 of the document file", form="sha256", needed={"kind": ("document",)}),
        Field("licence", "under which terms the figures are used", required=True),
        Field("note", "what a reader must know"),
    ),
)

LEDGER = Table(
    "figures",
    "one figure quoted in a document",
    ("figure_id",),
    (
        Field("figure_id", "source_id and running number", required=True),
        Field(
            "char_start",
            "offset of the figure's first character in the document",
            "integer",
            required=True,
            limits=_OFFSET,
        ),
        Field(
            "char_end",
            "offset behind the figure's last character",
            "integer",
            required=True,
            limits=_OFFSET,
            not_below="char_start",
        ),
        Field("sentence_start", "offset of its sentence's first character", "integer", required=True, limits=_OFFSET),
        Field(
            "sentence_end",
            "offset behind its sentence's last character",
            "integer",
            required=True,
            limits=_OFFSET,
            not_below="sentence_start",
        ),
        Field("as_written", "the figure's own words; the number is read from here", required=True),
        Field("sentence_sha256", "SHA-256 of the sentence's slice in UTF-8", required=True, form="sha256"),
        *_DIMENSIONS,
        Field(
            "time_period",
            "2014, 2020-01/2020-08, 1990/1999, 2013-12-31; empty where the text gives none",
            form="period",
            needed={"period_basis": ("stated", "derived")},
        ),
        Field(
            "period_basis",
            "how the period is known; of a derived one the reason stands in caveats",
            required=True,
            one_of=("stated", "derived", "none"),
        ),
        Field("unit_from_context", "unit the words alone do not give", codelist="CL_UNIT"),
        Field("unit_reason", "why", needed={"unit_from_context": ()}),
        Field("per_from_context", "period of a rate where the words do not say it", one_of=("YEAR", "MONTH")),
        Field("per_reason", "why", needed={"per_from_context": ()}),
        Field("bound_from_context", "bound the words alone do not give", codelist="CL_BOUND"),
        Field("bound_reason", "why", needed={"bound_from_context": ()}),
        Field("sign_from_context", "-1 for a fall the words alone do not show", "integer", one_of=("-1",)),
        Field("sign_reason", "why", needed={"sign_from_context": ()}),
        Field(
            "is_core",
            "false for relative dates and enumerations: true figures that are no data to plot",
            "flag",
            required=True,
        ),
        Field("duplicate_of", "figure_id of the same fact quoted earlier", references="figures"),
        Field("counted", "noun of a count or rank, e.g. project, deal, rail car"),
        *_CLAIMS,
        Field("measures", "what the figure measures, in our words", required=True),
        Field("caveats", "what to know before using it", needed={"period_basis": ("derived",)}),
    ),
)

PRESS = Table(
    "press",
    "one figure as printed by the press or a compilation, with its page address",
    ("figure_id",),
    (
        Field("figure_id", "press-001, supp-001 or claim-001a", required=True),
        Field("source_id", "publisher row in sources.csv", required=True, references="sources"),
        *_DIMENSIONS,
        Field("freq", "A, M, YTD, W, P or N", required=True, codelist="CL_FREQ"),
        Field("time_period", "as in the ledger; empty where the print gives none", form="period"),
        Field("value_as_read", "number as printed", "number", required=True),
        Field("unit_as_read", "unit as printed, e.g. USD bn", required=True),
        Field("bound", "what the wording allows", required=True, codelist="CL_BOUND"),
        Field("provenance", "whose number it is", required=True, one_of=("quoted", "derived")),
        Field("formula", "arithmetic of a derived row", needed={"provenance": ("derived",)}),
        Field("published", "date of the page", form="moment", needed={"vintage_basis": _KNOWN_BASES}),
        Field("vintage_basis", "how that date is known", required=True, codelist="CL_VINTAGE_BASIS"),
        Field("url", "page address, http or https only", form="address"),
        Field("locator", "words to find on the page"),
        Field("said_by", "speaker or maker where it is not the publisher"),
        Field(
            "disagrees_with",
            "what a misprint, other scope or other conversion disagrees with",
            needed={"is_hidden": ("true",)},
        ),
        Field("is_hidden", "true for rows not shown by default", "flag", required=True),
        Field("is_plottable", "false where the period is no date or the row is no observation", "flag", required=True),
        Field("measures", "what the figure measures, in our words", required=True),
        Field("caveats", "what to know before using it"),
    ),
)

ADDED = Table(
    "added",
    "one figure that `bilateral add` took, in its own words",
    ("figure_id",),
    (
        Field("figure_id", "added-001 and so on", required=True),
        PRESS.field("source_id"),
        replace(LEDGER.field("as_written"), description="the source's own words; the number is read from here"),
        LEDGER.field("unit_from_context"),
        *_DIMENSIONS,
        replace(PRESS.field("time_period"), description="as in the ledger; empty where nobody dated it"),
        PRESS.field("published"),
        PRESS.field("vintage_basis"),
        replace(PRESS.field("url"), required=True),
        PRESS.field("locator"),
        PRESS.field("said_by"),
        PRESS.field("measures"),
        PRESS.field("caveats"),
        Field("entered", "day it was entered", "date", required=True),
    ),
)

CANDIDATE = Table(
    "candidate",
    "one new figure, in words or as a number, checked before it enters a ledger; every column but two may be left out",
    ("figure_id",),
    (
        Field("indicator", "what is measured, valuation included", required=True, codelist="CL_INDICATOR"),
        Field("ref_area", "who reports, acts or is measured", required=True, codelist="CL_AREA", many=True),
        Field("as_written", "the figure's own words, e.g. nearly US$9 billion"),
        Field("value_as_read", "in place of words: the number", "number"),
        Field("unit_as_read", "in place of words: the unit as printed, e.g. USD bn"),
        Field("figure_id", "identifier; numbered where empty"),
        Field("source_id", "who says it; figures of one source are checked against each other"),
        *(replace(field, required=False) for field in _DIMENSIONS if field.name not in ("indicator", "ref_area")),
        LEDGER.field("time_period"),
        *(field for field in LEDGER.fields if field.name.endswith("_from_context")),
        replace(PRESS.field("bound"), required=False),
        Field("counted", "noun of a count or rank"),
        *_CLAIMS,
        PRESS.field("published"),
        PRESS.field("said_by"),
        replace(PRESS.field("measures"), required=False),
        PRESS.field("caveats"),
    ),
)

STATISTICS = Table(
    "statistics",
    "one official observation",
    (
        "dataset_id",
        "ref_area",
        "counterpart_area",
        "indicator",
        "commodity",
        "project_id",
        "freq",
        "time_period",
        "edition",
        "counterpart_detail",
    ),
    (
        Field("dataset_id", "data set, a row of sources.csv", required=True, references="sources"),
        Field("ref_area", "who reports", required=True, codelist="CL_AREA"),
        Field("counterpart_area", "with whom", codelist="CL_AREA"),
        Field("indicator", "what is measured, valuation included", required=True, codelist="CL_INDICATOR"),
        Field("commodity", "product", codelist="CL_COMMODITY"),
        Field("project_id", "the system measured", references="projects"),
        Field("measure_type", "flow, stock, level", required=True, codelist="CL_MEASURE_TYPE"),
        Field("freq", "A or M", required=True, codelist="CL_FREQ"),
        Field("time_period", "2014 or 2014-03", required=True, form="moment"),
        Field("value_as_read", "number as published", "number", required=True),
        Field("unit_as_read", "unit as published", required=True, codelist="CL_UNIT"),
        Field("obs_status", "SDMX status", required=True, codelist="CL_OBS_STATUS"),
        Field("edition", "which release", required=True),
        Field("counterpart_detail", "detail where one area code stands for several rows"),
        Field("url", "page the value was printed on, where it is not the publisher's own table", form="address"),
        Field("note", "definition, reference conditions and the like"),
    ),
)

EDITIONS = Table(
    "editions",
    "one release of a data set, and since when it is known",
    ("dataset_id", "edition"),
    (
        Field("dataset_id", "data set, a row of sources.csv", required=True, references="sources"),
        Field("edition", "as in the statistics", required=True),
        Field(
            "published",
            "date of the release; empty where each period has its own first release",
            form="moment",
            needed={"vintage_basis": ("edition", *_KNOWN_BASES)},
        ),
        Field(
            "lag_months",
            "months after the end of a period in which its first release came",
            "integer",
            limits=(0, 60),
            needed={"vintage_basis": ("assumed_lag",)},
        ),
        Field("vintage_basis", "how that is known", required=True, codelist="CL_VINTAGE_BASIS"),
        Field("note", "where the date comes from"),
    ),
)

CHAINS = Table(
    "chains",
    "one part of a composed series",
    ("chain_id", "indicator", "part"),
    (
        Field("chain_id", "name of the composed series", required=True),
        Field("title", "what a legend calls it", required=True),
        Field("part", "running number of the part, in time order", "integer", required=True, limits=(1, 1000)),
        Field("dataset_id", "data set the part comes from", required=True, references="sources"),
        Field(
            "edition",
            "edition; empty takes the newest edition of each period",
        ),
        Field("ref_area", "the one reporter of the chain", required=True, codelist="CL_AREA"),
        Field("counterpart_area", "with whom", required=True, codelist="CL_AREA"),
        Field(
            "indicator",
            "the one indicator of the chain (TRADE_TOTAL may be EXP_FOB + IMP_CIF)",
            required=True,
            codelist="CL_INDICATOR",
        ),
        Field("commodity", "product", codelist="CL_COMMODITY"),
        Field("formula", "empty for values as published; otherwise the sum", one_of=("EXP_FOB + IMP_CIF",)),
        Field("period_from", "first period of the part", required=True, form="moment"),
        Field("period_to", "last period of the part", required=True, form="moment", not_below="period_from"),
        Field(
            "overlap_period",
            "period in which this and the part before both exist",
            form="moment",
            needed={"overlap_difference": ()},
        ),
        Field(
            "overlap_difference",
            "this part over the one before, minus one, in that period",
            "number",
            needed={"overlap_period": ()},
        ),
        Field("reason", "why the parts may be joined", required=True),
    ),
)

COMMITMENTS = Table(
    "commitments",
    "one promise as issued once, measured against one outcome",
    ("commitment_id",),
    (
        Field("commitment_id", "short identifier", required=True),
        Field("genealogy", "promise this issue belongs to; issues of one promise share it", required=True),
        Field("title", "the promise in our words", required=True),
        Field("issuer", "who promised"),
        Field("said_on", "date of issue: YYYY, YYYY-MM or YYYY-MM-DD", form="moment"),
        Field("said_on_basis", "how the date is known", codelist="CL_VINTAGE_BASIS", needed={"said_on": ()}),
        Field(
            "event",
            "what this issue does",
            required=True,
            one_of=("issued", "repeated", "re-dated", "raised", "dropped"),
        ),
        Field("grade", "A, B, C or N", required=True, codelist="CL_GRADE"),
        Field(
            "status",
            "what became of it",
            required=True,
            one_of=("met", "met late", "missed", "open", "undated", "dropped", "no outcome stated", "not comparable"),
        ),
        Field("target_figure_ids", "figures that state the promise, joined by ';'", references="figures", many=True),
        Field("target_value", "promised value in the unit, where no ledger figure states it", "number"),
        Field("target_value_high", "upper end of a promised range", "number"),
        Field("target_bound", "what the wording allows", codelist="CL_BOUND"),
        Field("unit_measure", "unit of the promise", required=True, codelist="CL_UNIT"),
        Field("indicator", "what is promised", required=True, codelist="CL_INDICATOR"),
        Field("ref_area", "who promises or whose series is measured", codelist="CL_AREA", many=True),
        Field("counterpart_area", "with whom", codelist="CL_AREA", many=True),
        Field("project_id", "the system meant", references="projects"),
        Field(
            "deadline",
            "year promised; empty is undated and never missed",
            form="year",
            needed={"status": ("met late", "missed", "open")},
        ),
        Field("actual_figure_ids", "figures that state the outcome, joined by ';'", references="figures", many=True),
        Field("actual_chain_id", "chain whose value is the outcome", references="chains"),
        Field("actual_period", "period of the outcome", form="period"),
        Field(
            "caveat",
            "always printed beside a rate of grade B, and the reason of grades C and N",
            needed={"grade": ("B", "C", "N")},
        ),
        Field(
            "sources",
            "source_ids or page addresses joined by ' ; '",
            required=True,
            references="sources",
            many=True,
            form="address",
        ),
        Field("note", "second issuers, single-source warnings"),
    ),
)

PROJECTS = Table(
    "projects",
    "one system, route, fund, zone, list or format the documents name",
    ("project_id",),
    (
        Field("project_id", "short identifier", required=True),
        Field("name", "name in English", required=True),
        Field("other_names", "spellings and local names joined by ';'"),
        Field(
            "kind",
            "what it is",
            required=True,
            one_of=(
                *("gas pipeline", "oil pipeline", "LNG terminal", "railway", "road", "bridge", "port", "waterway"),
                *("transport route", "logistics", "fund", "bank", "pledge", "programme", "list", "zone"),
                *("organisation", "agreement", "exercise", "rally"),
            ),
        ),
        Field(
            "status",
            "how it stood",
            required=True,
            one_of=(
                *("operating", "under construction", "contracted", "planned", "stalled", "proposed"),
                *("trial", "ended", "dropped"),
            ),
        ),
        Field("status_as_of", "date of that status", required=True, form="moment"),
        Field("status_source", "source_id or figure of the status", required=True, references="sources or figures"),
        Field("areas", "countries joined by ';'", codelist="CL_AREA", many=True),
        Field("start_place", "name of a place or start of the line"),
        Field("start_lat", "latitude", "number", limits=(-90, 90), needed={"start_lon": ()}),
        Field("start_lon", "longitude", "number", limits=(-180, 180), needed={"start_lat": ()}),
        Field("end_place", "end of the line"),
        Field("end_lat", "latitude", "number", limits=(-90, 90), needed={"end_lon": ()}),
        Field("end_lon", "longitude", "number", limits=(-180, 180), needed={"end_lat": ()}),
        Field(
            "place_precision",
            "how exactly the coordinates are known; empty without any",
            one_of=("site", "city", "region", "country"),
            needed={"start_lat": (), "end_lat": ()},
        ),
        Field("date_start", "start of construction, contract or programme", form="moment"),
        Field("date_end", "end of term or programme", form="moment", not_below="date_start"),
        Field(
            "date_basis",
            "how the dates are known; derived ends are dashed in the Gantt",
            one_of=("stated", "derived"),
            needed={"date_start": (), "date_end": ()},
        ),
        Field("capacity", "capacity in words with unit"),
        Field("length_km", "length in km as stated", "number", limits=(0, 1e6)),
        Field("cost", "cost in words with unit"),
        Field("figure_ids", "figures about it, joined by ';'", references="figures", many=True),
        Field("mentioned_in", "source_ids joined by ';'", required=True, references="sources", many=True),
        Field("note", "what happened, in our words"),
    ),
)

EVENTS = Table(
    "events",
    "one dated event the documents mention",
    ("event_id",),
    (
        Field("event_id", "short identifier", required=True),
        Field("date", "YYYY, YYYY-MM or YYYY-MM-DD", required=True, form="moment"),
        Field("title", "what happened, in at most ten of our words", required=True),
        Field("description", "one sentence, in our words"),
        Field("areas", "countries joined by ';'", codelist="CL_AREA", many=True),
        Field(
            "topic",
            "what it is about",
            required=True,
            one_of=("trade", "energy", "finance", "transport", "politics", "military"),
        ),
        Field("on_charts", "true for the few shown as marks on time charts", "flag", required=True),
        Field("source_id", "document", required=True, references="sources"),
        Field("char_start", "offset of the words that date it", "integer", limits=_OFFSET),
        Field(
            "char_end",
            "offset behind them",
            "integer",
            limits=_OFFSET,
            needed={"char_start": ()},
            not_below="char_start",
        ),
        Field("words_sha256", "SHA-256 of that slice", form="sha256", needed={"char_start": ()}),
        Field("note", "disagreements between documents and the like"),
    ),
)

CORRECTIONS = Table(
    "corrections",
    "one known slip of a source",
    ("correction_id",),
    (
        Field("correction_id", "short identifier", required=True),
        Field("source_id", "document", required=True, references="sources"),
        Field("figure_id", "figure concerned, if any", references="figures"),
        Field("char_start", "offset of the slip", "integer", required=True, limits=_OFFSET),
        Field("char_end", "offset behind it", "integer", required=True, limits=_OFFSET, not_below="char_start"),
        Field(
            "words_sha256",
            "SHA-256 of the slip's slice: the condition; when the slice changes the correction has expired",
            required=True,
            form="sha256",
        ),
        Field("action", "what to do about it", required=True, one_of=("note", "ignore", "read as")),
        Field("read_as", "what to read instead", needed={"action": ("read as",)}),
        Field("reason", "why it is a slip", required=True),
    ),
)

FINDINGS = Table(
    "findings",
    "what a person says of one finding",
    ("finding_id",),
    (
        Field("finding_id", "name of the finding as the page prints it", required=True),
        Field("status", "what the person says", required=True, one_of=("explained", "accepted")),
        Field("who", "who says so", required=True),
        Field("why", "reason, in one sentence", required=True),
        Field("date", "date of the opinion", "date", required=True),
    ),
)

OBSERVATIONS = Table(
    "core_observations",
    "one figure or statistic",
    ("observation_id",),
    (
        Field("observation_id", "figure_id, or data set and key of a statistic", required=True),
        Field("figure_id", "which quotation; empty for statistics"),
        Field(
            "series_id",
            "key of the series: its dimensions and unit, and the data set for statistics",
            required=True,
        ),
        Field("source_id", "which document, publisher or data set", required=True, references="sources"),
        Field(
            "source_class", "official, press, research, advocacy, company", required=True, codelist="CL_SOURCE_CLASS"
        ),
        Field("publisher", "who published it", required=True),
        *_DIMENSIONS,
        Field("freq", "A, M, YTD, W, P or N", required=True, codelist="CL_FREQ"),
        Field("time_period", "period in SDMX form; empty where nobody dated it"),
        Field("period_start", "first day", "date"),
        Field("period_end", "last day", "date"),
        Field("period_basis", "stated, derived or none", required=True),
        Field("as_written", "the figure's own words"),
        Field("value_as_read", "number before conversion, sign applied", "number"),
        Field("unit_as_read", "unit before conversion", required=True),
        Field("obs_value", "number in base unit; of a range its midpoint", "number", required=True),
        Field("value_low", "lowest value the wording allows; empty is open", "number"),
        Field("value_high", "highest value the wording allows; empty is open", "number"),
        Field("bound", "what the wording allows", required=True, codelist="CL_BOUND"),
        Field("unit_measure", "base unit", required=True, codelist="CL_UNIT"),
        Field("counted", "noun of a count"),
        *_CLAIMS,
        Field(
            "price_basis",
            "current or constant of a year; empty where not money",
        ),
        Field("obs_status", "SDMX status", required=True, codelist="CL_OBS_STATUS"),
        Field("edition", "which release"),
        Field("vintage", "known since: YYYY, YYYY-MM or YYYY-MM-DD; empty is unknown"),
        Field("vintage_basis", "how that is known", required=True, codelist="CL_VINTAGE_BASIS"),
        Field("provenance", "quoted, derived or statistic", required=True),
        Field("formula", "arithmetic of a derived row"),
        Field("is_core", "false for relative dates and enumerations", "flag", required=True),
        Field("is_hidden", "true for misprints and other scopes", "flag", required=True),
        Field("is_plottable", "false where it must not be drawn as an observation", "flag", required=True),
        Field("duplicate_of", "observation of the same fact quoted earlier"),
        Field("disagrees_with", "what it disagrees with"),
        Field("said_by", "speaker or maker where it is not the publisher"),
        Field("measures", "what it measures, in our words", required=True),
        Field("caveats", "what to know before using it"),
        Field("url", "page address"),
        Field("locator", "words to find on the page"),
        Field("char_start", "offset of the figure in its document", "integer"),
        Field("char_end", "offset behind it", "integer"),
        Field("sentence_start", "offset of its sentence", "integer"),
        Field("sentence_end", "offset behind it", "integer"),
        Field("sentence_sha256", "SHA-256 of the sentence"),
    ),
)

_WHO = (
    Field("ref_area", "who reports", required=True, codelist="CL_AREA", many=True),
    Field("counterpart_area", "with whom", codelist="CL_AREA", many=True),
)

CODES = Table(
    "core_codes",
    "one code of one code list",
    ("codelist", "code"),
    (
        Field("codelist", "name of the list", required=True),
        Field("code", "the code", required=True),
        Field("name", "what a reader sees", required=True),
        Field("description", "definition"),
        Field("symbol", "sign or short unit"),
        Field("topic", "topic of an indicator"),
        Field("base_unit", "base unit of a unit or an indicator"),
        Field("factor", "base units in one unit"),
        Field("dimension", "what a unit measures: money, mass, length and so on"),
        Field("measure_type", "what an indicator usually is: flow, stock and so on"),
        Field("members", "areas of a group, joined by ';'"),
    ),
)

SERIES = Table(
    "out_series",
    "one point of a line that may be drawn",
    ("line_id", "time_period"),
    (
        Field("line_id", "what may be joined: a chain and indicator, or one edition of one data set", required=True),
        Field("title", "what a legend calls it", required=True),
        Field("line_kind", "chain or dataset", required=True),
        *_WHO,
        Field("indicator", "what is measured, valuation included", required=True, codelist="CL_INDICATOR"),
        Field("commodity", "product", codelist="CL_COMMODITY"),
        Field("project_id", "the system measured", references="projects"),
        Field("measure_type", "flow, stock, level", required=True, codelist="CL_MEASURE_TYPE"),
        Field("freq", "A or M", required=True, codelist="CL_FREQ"),
        Field("time_period", "2014 or 2014-03", required=True),
        Field("period_start", "first day", "date", required=True),
        Field("obs_value", "number in base unit", "number", required=True),
        Field("unit_measure", "base unit", required=True, codelist="CL_UNIT"),
        Field("growth", "percent on the period a year before, within the line", "number"),
        Field("obs_status", "SDMX status", required=True, codelist="CL_OBS_STATUS"),
        Field("source_id", "data set", required=True, references="sources"),
        Field("publisher", "who published it", required=True),
        Field("edition", "which release", required=True),
        Field("part", "part of the chain, 1 for a data set", "integer", required=True),
        Field("is_seam", "true for the first point of a later part", "flag", required=True),
        Field("seam_note", "reason and difference at the overlap, at the seam"),
        Field("formula", "arithmetic of a derived value, e.g. EXP_FOB + IMP_CIF"),
        Field("observation_ids", "inputs joined by ' ; '", required=True),
        Field(
            "is_preferred", "true on the line to show by default for its reporter and quantity", "flag", required=True
        ),
        Field("preferred_reason", "why that line"),
    ),
)

MIRROR = Table(
    "out_mirror",
    "one flow in one period as both sides report it",
    ("basis", "flow", "freq", "time_period"),
    (
        Field("pair", "the two areas, e.g. CHN-RUS", required=True),
        Field("flow", "exporter>importer, or total", required=True),
        Field("basis", "official or press", required=True),
        Field("freq", "A, M or YTD", required=True, codelist="CL_FREQ"),
        Field("time_period", "period", required=True),
        Field("reporter_a", "exporter; of a total the first area of the pair", required=True, codelist="CL_AREA"),
        Field("reporter_b", "importer; of a total the second area", required=True, codelist="CL_AREA"),
        Field("value_a", "as reporter_a counts it (exports FOB)", "number", required=True),
        Field("value_b", "as reporter_b counts it (imports CIF)", "number", required=True),
        Field("gap", "value_b minus value_a", "number", required=True),
        Field("asymmetry", "gap over the mean of the two reports", "number", required=True),
        Field("unit_measure", "base unit", required=True, codelist="CL_UNIT"),
        Field("observation_ids_a", "inputs joined by ' ; '", required=True),
        Field("observation_ids_b", "inputs joined by ' ; '", required=True),
        Field("source_a", "source of value_a", required=True),
        Field("source_b", "source of value_b", required=True),
    ),
)

STRUCTURE = Table(
    "out_structure",
    "one part of a stated composition, the remainder included",
    ("composition_id", "commodity"),
    (
        Field("composition_id", "indicator, areas, period and source of the composition", required=True),
        *_WHO,
        Field("indicator", "whose parts", required=True, codelist="CL_INDICATOR"),
        Field("freq", "frequency", required=True, codelist="CL_FREQ"),
        Field("time_period", "period", required=True),
        Field("source_id", "who stated it", required=True, references="sources"),
        Field("commodity", "product group; NOT_DESCRIBED for the remainder", required=True),
        Field("label", "product group in words", required=True),
        Field("share", "percent of the whole", "number", required=True),
        Field("is_remainder", "true for what nobody described", "flag", required=True),
        Field("parts_stated", "how many parts the source states", "integer", required=True),
        Field("observation_id", "the figure; empty for the remainder"),
        Field("bound", "what the wording allows", codelist="CL_BOUND"),
    ),
)

ATTAINMENT = Table(
    "out_attainment",
    "one commitment against one outcome",
    ("commitment_id",),
    (
        Field("commitment_id", "which commitment", required=True),
        Field("grade", "A, B, C or N", required=True, codelist="CL_GRADE"),
        Field("unit_measure", "unit", required=True, codelist="CL_UNIT"),
        Field("target_value", "promised value; of a range its lower end", "number"),
        Field("target_value_high", "upper end of a promised range", "number"),
        Field("target_bound", "what the wording allows", codelist="CL_BOUND"),
        Field("deadline", "year promised"),
        Field("actual_value", "outcome in the deadline's period, or the latest stated", "number"),
        Field("actual_period", "period of the outcome"),
        Field("actual_basis", "chain or quoted figure the outcome comes from"),
        Field("actual_observation_ids", "inputs joined by ' ; '"),
        Field("gap", "target minus actual; grades A and B only", "number"),
        Field("attainment", "actual over target in percent; grades A and B only", "number"),
        Field("gap_high", "the same from the upper end of a range", "number"),
        Field("attainment_high", "the same of the upper end of a range", "number"),
        Field("attainment_bound", "<= where the wording makes the rate an upper bound, and so on", codelist="CL_BOUND"),
        Field(
            "required_cagr",
            "percent a year still needed from the latest preferred value to the deadline, or from the base when past",
            "number",
        ),
        Field("required_cagr_high", "the same to the upper end of a range", "number"),
        Field("base_period", "period the required growth starts from"),
        Field("base_value", "value it starts from", "number"),
        Field("year_reached", "first year the preferred line reaches the target"),
        Field("slippage_years", "year reached minus deadline; negative is early", "integer"),
        Field("year_reached_high", "first year it reaches the upper end of a range"),
        Field("slippage_years_high", "that year minus deadline", "integer"),
        Field(
            "verdict",
            "met early, met, met late, missed, open, undated, not comparable, no outcome stated, dropped",
            required=True,
        ),
        Field("caveat", "to be printed beside a rate"),
    ),
)

SHARES = Table(
    "out_shares",
    "one partner's share of a reporter's trade, computed from two official or printed totals",
    ("ref_area", "counterpart_area", "indicator", "time_period"),
    (
        *_WHO,
        Field("indicator", "TRADE_, EXP_ or IMP_PARTNER_SHARE", required=True, codelist="CL_INDICATOR"),
        Field("time_period", "year", required=True),
        Field("share", "percent", "number", required=True),
        Field("numerator", "trade with the counterpart", "number", required=True),
        Field("denominator", "trade with the world", "number", required=True),
        Field("numerator_ids", "inputs joined by ' ; '", required=True),
        Field("denominator_ids", "inputs joined by ' ; '", required=True),
        Field("source_id", "source of the numerator", required=True),
        Field("world_source_id", "source of the denominator", required=True),
        Field("formula", "the arithmetic", required=True),
    ),
)

YEAR_TO_DATE = Table(
    "out_year_to_date",
    "January to one month of one year, one reporter and flow",
    ("ref_area", "counterpart_area", "indicator", "source_id", "time_period"),
    (
        *_WHO,
        Field("indicator", "what is measured", required=True, codelist="CL_INDICATOR"),
        Field("source_id", "who stated it", required=True),
        Field("year", "calendar year", "integer", required=True),
        Field("months", "number of months from January", "integer", required=True),
        Field("time_period", "the months", required=True),
        Field("obs_value", "number in base unit", "number", required=True),
        Field("unit_measure", "base unit", required=True, codelist="CL_UNIT"),
        Field("growth", "percent on the same months of the year before, same reporter", "number"),
        Field("formula", "sum of months, or as printed", required=True),
        Field("observation_ids", "inputs joined by ' ; '", required=True),
    ),
)

COMPETING = Table(
    "out_competing",
    "one observation of a fact that more than one stated",
    ("fact_id", "observation_id"),
    (
        Field(
            "fact_id", "the measured fact whoever states it: flow or item, period, role, measure type", required=True
        ),
        Field("observation_id", "which observation", required=True),
        Field("obs_value", "number in base unit", "number", required=True),
        Field("unit_measure", "base unit", required=True, codelist="CL_UNIT"),
        Field("source_id", "who states it", required=True),
        Field("ref_area", "who reports"),
        Field("is_preferred", "true on the one we prefer", "flag", required=True),
        Field("preferred_reason", "why", required=True),
        Field("deviation", "percent above or below the preferred value", "number", required=True),
        Field("relation", "preferred, agrees, differs, other reporter, other valuation, hidden", required=True),
    ),
)

COVERAGE = Table(
    "out_coverage",
    "one pair, indicator, year and reporter: what there is, or why there is nothing",
    ("pair", "indicator", "year", "ref_area"),
    (
        Field("pair", "the two areas", required=True),
        Field("ref_area", "who would report", required=True, codelist="CL_AREA"),
        Field("indicator", "what would be measured", required=True, codelist="CL_INDICATOR"),
        Field("year", "calendar year", "integer", required=True),
        Field("state", "official, estimate, press, quoted, none", required=True),
        Field("observations", "how many", "integer", required=True),
        Field("reason", "why the cell is empty or weak"),
    ),
)

OUT_FINDINGS = Table(
    "out_findings",
    "one finding: a set of figures that contradict, strain or confirm each other or the record",
    ("finding_id",),
    (
        Field("finding_id", "rule and a short hash of the observations involved", required=True),
        Field("rule", "name of the rule", required=True),
        Field("verdict", "what was found", required=True, codelist="CL_VERDICT"),
        Field("word", "what the screen says", required=True, codelist="CL_FINDING_WORD"),
        Field("weight", "what matters first has the largest", "number", required=True),
        Field("title", "short headline", required=True),
        Field("arithmetic", "lines as a person writes them on paper, with units", required=True),
        Field("explanation", "what would explain it, and whether it covers the gap"),
        Field("observation_ids", "all observations involved, joined by ' ; '", required=True),
        Field("figure_ids", "the quoted ones among them, joined by ' ; '"),
        Field(
            "odd_one_out",
            "smallest sets whose removal makes the rest consistent: sets joined by ' | ', ids within by ' ; '",
        ),
        Field("record", "what official statistics say of the figure or of the odd ones"),
        Field("picture", "JSON list of label, low, high, value, id and kind in one unit; null is open", required=True),
        Field("unit_measure", "unit of the picture", codelist="CL_UNIT"),
        Field("status", "open, explained or accepted", required=True),
        Field("status_by", "who explained or accepted it; rule where the rule did"),
        Field("status_why", "the reason given"),
        Field("is_slip", "true for editorial slips: dates, nouns, windows", "flag", required=True),
    ),
)

_CODE = (Field("code", "the code", required=True), Field("name", "what a reader sees", required=True))
_DEFINED = (*_CODE, CODES.field("description"))
_FACTOR = Field("factor", "base units in one unit", "number", required=True, limits=(1e-30, 1e30))


def _codelist(name: str, row: str, fields: tuple[Field, ...] = _DEFINED) -> Table:
    return Table(name, row, ("code",), fields)


CODELISTS: Mapping[str, Table] = {
    table.name: table
    for table in (
        _codelist(
            "CL_AREA",
            "an area, or a group of areas",
            (
                *_CODE,
                Field("kind", "country, group and so on", required=True),
                replace(CODES.field("members"), codelist="CL_AREA", many=True),
            ),
        ),
        _codelist("CL_BOUND", "what a wording allows", (*_CODE, CODES.field("symbol"), CODES.field("description"))),
        _codelist("CL_COMMODITY", "a product or product group"),
        _codelist("CL_FINDING_WORD", "a word on screen for a verdict"),
        _codelist("CL_FREQ", "a frequency"),
        _codelist("CL_GRADE", "how comparable promise and outcome are"),
        _codelist(
            "CL_INDICATOR",
            "a quantity, valuation included",
            (
                *_CODE,
                replace(CODES.field("topic"), required=True),
                replace(CODES.field("base_unit"), required=True, codelist="CL_UNIT"),
                replace(CODES.field("measure_type"), required=True, codelist="CL_MEASURE_TYPE"),
                CODES.field("description"),
            ),
        ),
        _codelist("CL_MEASURE_TYPE", "a kind of measure; never mixed in a series"),
        _codelist("CL_OBS_STATUS", "an SDMX status"),
        _codelist(
            "CL_PRINTED_UNIT",
            "a unit as tables print it",
            (_CODE[0], Field("unit", "unit it stands for", required=True, codelist="CL_UNIT"), _FACTOR, _CODE[1]),
        ),
        _codelist("CL_ROLE", "what a figure is: actual, target and so on"),
        _codelist("CL_SOURCE_CLASS", "a class of sources"),
        _codelist(
            "CL_UNIT",
            "a unit",
            (
                *_CODE,
                CODES.field("symbol"),
                replace(CODES.field("base_unit"), required=True, codelist="CL_UNIT"),
                _FACTOR,
                replace(CODES.field("dimension"), required=True),
            ),
        ),
        _codelist("CL_VERDICT", "what a rule finds"),
        _codelist("CL_VINTAGE_BASIS", "how a date is known"),
    )
}

REGISTERS: Mapping[str, Table] = {
    table.name: table
    for table in (
        SOURCES,
        LEDGER,
        PRESS,
        ADDED,
        STATISTICS,
        EDITIONS,
        CHAINS,
        COMMITMENTS,
        PROJECTS,
        EVENTS,
        CORRECTIONS,
        FINDINGS,
    )
}

STORED: Mapping[str, Table] = {
    table.name if table.name.startswith(("core_", "out_")) else f"core_{table.name}": table
    for table in (
        OBSERVATIONS,
        SOURCES,
        EDITIONS,
        CHAINS,
        COMMITMENTS,
        PROJECTS,
        EVENTS,
        CORRECTIONS,
        FINDINGS,
        CODES,
        SERIES,
        MIRROR,
        STRUCTURE,
        ATTAINMENT,
        SHARES,
        YEAR_TO_DATE,
        COMPETING,
        COVERAGE,
        OUT_FINDINGS,
    )
}
