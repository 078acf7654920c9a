"""The words a quantity may be made of."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from pipelines.extract.tokens import tokenise

Kind = Literal[
    "digits", "small", "scale", "ordinal", "part", "multiple", "unit", "currency", "bound", "sign", "per",
    "article", "uncoded", "join", "dash", "of", "filler", "noun",
]  # fmt: skip


@dataclass(frozen=True)
class Unit:
    """A unit's code in CL_UNIT and what one of the words is worth in it; decades and centuries are round spans."""

    code: str
    factor: Decimal = Decimal(1)
    divisor: int = 1
    is_round: bool = False


@dataclass(frozen=True)
class Entry:
    """What a phrase means: its kind, and a number, a unit or a code."""

    kind: Kind
    number: Decimal = Decimal(0)
    unit: Unit | None = None
    code: str = ""


_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth"
)
_SCALES = {
    "hundred": "1e2", "thousand k": "1e3", "dozen": "12", "score": "20", "million m mn mln": "1e6",
    "billion b bn bln mlrd": "1e9", "trillion tn trn": "1e12",
}  # fmt: skip
_PARTS = {"half halves": 2, "quarter quarters": 4, "thirds": 3, "fourths": 4, "fifths": 5, "sixths": 6, "sevenths": 7,
          "eighths": 8, "ninths": 9, "tenths": 10}  # fmt: skip
_MULTIPLES = {
    "once": 1, "twice": 2, "thrice": 3, "double": 2, "doubled": 2, "doubling": 2, "triple": 3, "tripled": 3,
    "tripling": 3, "quadruple": 4, "quadrupled": 4,
}  # fmt: skip
_UNITS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("PERCENT", "1"): ("%", "percent", "per cent", "pct"),
    ("PP", "1"): ("percentage point", "percentage points", "pp", "p.p."),
    ("BCM", "1"): ("bcm", "billion cubic metres", "billion cubic meters", "bn cubic metres", "bn cubic meters"),
    ("BCM", "1e-9"): ("cubic metres", "cubic meters", "cubic metre", "cubic meter", "cu m", "m3", "m³"),
    ("BCM", "1e-3"): ("mcm",),
    ("BCM", "1e3"): ("tcm",),
    ("T", "1"): ("t", "ton", "tons", "tonne", "tonnes", "metric tons", "metric tonnes"),
    ("T", "1e3"): ("kt",),
    ("T", "1e6"): ("mt",),
    ("KM", "1"): ("km", "kms", "kilometre", "kilometres", "kilometer", "kilometers"),
    ("KM", "1e-3"): ("metre", "metres", "meter", "meters"),
    ("MILE", "1"): ("mile", "miles"),
    ("HA", "1"): ("ha", "hectare", "hectares"),
    ("HA", "1e2"): (
        "km2",
        "km²",
        "sq km",
        "sq. km",
        "square km",
        "square kilometre",
        "square kilometres",
        "square kilometer",
        "square kilometers",
    ),
    ("PERSON", "1"): ("people", "persons", "inhabitants", "residents"),
    ("MBD", "1"): ("mbd", "mb/d", "million barrels a day", "million barrels per day"),
    ("MBD", "1e-6"): ("barrels a day", "barrels per day", "bpd", "b/d"),
    ("BBL", "1"): ("a barrel", "per barrel", "/barrel", "/bbl"),
    ("RATIO", "1"): ("times", "fold", "x", "×"),
    ("YEAR", "1"): ("year", "years", "anniversary"),
    ("DAY", "1"): ("day", "days"),
    ("DAY", "7"): ("week", "weeks"),
}
_ROUND_SPANS = {"decade": 10, "decades": 10, "century": 100, "centuries": 100}
_CURRENCIES = {
    "USD": ("$", "us$", "us $", "usd", "dollar", "dollars", "us dollar", "us dollars"),
    "EUR": ("€", "eur", "euro", "euros"),
    "CNY": ("¥", "cn¥", "cny", "rmb", "yuan", "renminbi"),
}
_UNCODED = (
    "ruble|rubles|rouble|roubles|tenge|yen|pound|pounds|rupee|rupees|franc|francs|£|₽|barrel|barrels|gallon|gallons|foot|"
    "feet|inch|inches|acre|acres|kg|kilogram|kilograms|gram|grams|hour|hours|minute|minutes|cubic feet|square mile|"
    "square miles|square metres|square meters|mw|gw|kw|mwh|gwh|twh|kwh|megawatt|megawatts|gigawatt|gigawatts|teu|"
    "degrees|knots|tkm|per mille|per mil|‰|m2|m²|sqm|kbpd|kb/d|mbpd|mmbpd|mtpa|bcma|bcf|tcf|mmcf|mmbtu|btu|boe|toe|"
    "mtoe|ktoe|hundredth|hundredths|thousandth|thousandths|millionth|millionths|nautical miles|"
    "lakh|lakhs|crore|crores|milliard|milliards|billiard|mio|bio|mrd|mld"
)
_BOUNDS = {
    "~": "about|around|some|approximately|approx|roughly|circa|ca|c|estimated|an estimated|in the tune of|"
    "to the tune of|in the region of|in the order of|on the order of|of the order of|hovered|"
    "hovering|hovered around|hovering around|or so|close to|~|≈",
    "<~": "nearly|almost|approached|approaching|approaches|just under|just below|just short of|not quite",
    ">=": "at least|no less than|not less than|no fewer than|not fewer than|a minimum of|minimum of|or more|and more|"
    "upwards of|≥|>=|-plus|+",
    ">": "more than|over|above|well above|well over|just over|just above|exceeded|exceeding|exceeds|in excess of|"
    "greater than|surpassed|surpassing|topped|topping|>",
    "<=": "up to|as much as|as many as|at most|within|no more than|not more than|a maximum of|maximum of|or less|"
    "or fewer|≤|<=",
    "<": "less than|fewer than|under|below|short of|<",
}
_FALLS = (
    "decline declines declined declining decrease decreases decreased drop drops dropped dropping fall falls fell "
    "fallen falling contraction contracted reduction reduced slump slumped plunge plunged shrank shrunk down minus"
)
_RISES = (
    "increase increases increased increasing rise rises rose risen rising growth grew grown growing gain gained jump "
    "jumped surge surged expansion expanded up"
)
_PERS = {
    "YEAR": "annually|annual|yearly|a year|per year|per annum|p.a.|/yr|/year|/y|/a|each year|every year",
    "MONTH": "monthly|a month|per month|/month|each month|every month",
}
_FILLERS = (
    "the|only|just|merely|mere|total|a total of|combined|last|past|next|coming|recent|over the|reached|"
    "reaching|reaches|totaling|totalling|totaled|totalled|worth|by|at|negligible|ago|since|already|respectively|whopping|from|between"
)


def _phrases() -> Iterator[tuple[str, Entry]]:
    for number, word in enumerate(_SMALL.split()):
        yield word, Entry("small", Decimal(number))
        yield word + "fold", Entry("multiple", Decimal(number))
    for tens, word in enumerate(_TENS.split(), start=2):
        yield word, Entry("small", Decimal(10 * tens))
        yield word[:-1] + "ieth", Entry("ordinal", Decimal(10 * tens))
    yield from ((word, Entry("ordinal", Decimal(number))) for number, word in enumerate(_ORDINALS.split(), start=1))
    yield from ((word, Entry("scale", Decimal(worth))) for words, worth in _SCALES.items() for word in words.split())
    yield from ((word, Entry("part", Decimal(number))) for words, number in _PARTS.items() for word in words.split())
    yield from ((word, Entry("multiple", Decimal(number))) for word, number in _MULTIPLES.items())
    yield from _measures()
    yield from _modifiers()


def _measures() -> Iterator[tuple[str, Entry]]:
    for (code, factor), words in _UNITS.items():
        yield from ((word, Entry("unit", unit=Unit(code, Decimal(factor)))) for word in words)
    yield from (
        (word, Entry("unit", unit=Unit("YEAR", Decimal(years), is_round=True))) for word, years in _ROUND_SPANS.items()
    )
    yield from ((word, Entry("unit", unit=Unit("YEAR", divisor=12))) for word in ("month", "months"))
    yield from ((word, Entry("currency", code=code)) for code, words in _CURRENCIES.items() for word in words)


def _modifiers() -> Iterator[tuple[str, Entry]]:
    yield from ((word, Entry("bound", code=code)) for code, words in _BOUNDS.items() for word in words.split("|"))
    for number, verbs in ((-1, _FALLS), (1, _RISES)):
        yield from ((verb, Entry("sign", Decimal(number))) for verb in verbs.split())
        yield from ((f"{verb} to", Entry("filler")) for verb in verbs.split() if verb != "up")
    yield from ((word, Entry("per", code=code)) for code, words in _PERS.items() for word in words.split("|"))
    yield from ((word, Entry("filler")) for word in _FILLERS.split("|"))
    yield from ((word, Entry("uncoded")) for word in _UNCODED.split("|"))
    yield from ((word, Entry("article")) for word in ("a", "an"))
    yield from ((word, Entry("join", code=word)) for word in ("to", "and"))
    yield from ((sign, Entry("dash")) for sign in "-–—−‐‑")
    yield "of", Entry("of")


def _index(phrases: Iterable[tuple[str, Entry]]) -> dict[tuple[str, ...], Entry]:
    return {tuple(token.text for token in tokenise(phrase)): entry for phrase, entry in phrases}


LEXICON = _index(_phrases())
LONGEST_PHRASE = max(len(phrase) for phrase in LEXICON)
