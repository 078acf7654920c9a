"""The grammar of quantities: known answers, refusals and invariants."""

from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.errors import DataError
from pipelines.extract.quantities import Quantity, interval, parse_quantity
from pipelines.extract.vocabulary import LEXICON

STEADY = settings(deadline=None, derandomize=True)

VALUES = [
    ("US$160 billion", "160e9", "USD"),
    ("$24.5 \nbillion", "24.5e9", "USD"),
    ("$5m", "5e6", "USD"),
    ("$1.2tn", "1.2e12", "USD"),
    ("3 mlrd euros", "3e9", "EUR"),
    ("€5.2bn", "5.2e9", "EUR"),
    ("EUR 40 mln", "40e6", "EUR"),
    ("RMB 10 million", "10e6", "CNY"),
    ("¥3 trillion", "3e12", "CNY"),
    ("3 billion yuan", "3e9", "CNY"),
    ("half a billion dollars", "0.5e9", "USD"),
    ("fi ve billion dollars", "5e9", "USD"),
    ("\ufb01fty percent", "50", "PERCENT"),
    ("fi fty percent", "50", "PERCENT"),
    ("1.76 per cent", "1.76", "PERCENT"),
    ("three percentage points", "3", "PP"),
    ("50%.16", "50", "PERCENT"),
    ("$860 million.14", "860e6", "USD"),
    ("ten years.39", "10", "YEAR"),
    ("14 days.”48", "14", "DAY"),
    ("38 bcm", "38", "BCM"),
    ("10 billion cubic metres", "10", "BCM"),
    ("500 million cubic meters", "0.5", "BCM"),
    ("360 million tons", "360e6", "T"),
    ("12.2 million tons of oil", "12.2e6", "T"),
    ("14.2 Mt", "14.2e6", "T"),
    ("523km", "523", "KM"),
    ("70-kilometer", "70", "KM"),
    ("200 metres", "0.2", "KM"),
    ("6,695 miles", "6695", "MILE"),
    ("1\u00a0234\u00a0567 km", "1234567", "KM"),
    ("115,000 hectares", "115000", "HA"),
    ("5 sq km", "500", "HA"),
    ("600,000 barrels a day", "0.6", "MBD"),
    ("$80 a barrel", "80", "USD_PER_BBL"),
    ("ten-\nyear", "10", "YEAR"),
    ("one week", "7", "DAY"),
    ("six months", "0.5", "YEAR"),
    ("half a century", "50", "YEAR"),
    ("a year", "1", "YEAR"),
    ("twenty-five years", "25", "YEAR"),
    ("two hundred and five trains", "205", "COUNT"),
    ("three hundred thousand jobs", "300000", "COUNT"),
    ("two dozen projects", "24", "COUNT"),
    ("a hundred and five trains", "105", "COUNT"),
    ("two million three hundred thousand people", "2.3e6", "PERSON"),
    ("two hundred million dollars", "200e6", "USD"),
    ("three score years", "60", "YEAR"),
    ("ninety-nine countries", "99", "COUNT"),
    ("1.4 billion people", "1.4e9", "PERSON"),
    ("double", "2", "RATIO"),
    ("threefold", "3", "RATIO"),
    ("3.5 times", "3.5", "RATIO"),
    ("once a\u00a0month", "1", "PER_MONTH"),
    ("three times a year", "0.25", "PER_MONTH"),
    ("half", "50", "PERCENT"),
    ("three quarters", "75", "PERCENT"),
    ("half a percent", "0.5", "PERCENT"),
    ("second only", "2", "RANK"),
    ("75th anniversary", "75", "YEAR"),
]


@pytest.mark.parametrize(("words", "value", "unit"), VALUES)
def test_words_give_value_and_unit(words: str, value: str, unit: str) -> None:
    quantity = parse_quantity(words)
    assert (quantity.value, quantity.unit) == (Decimal(value), unit)


def test_a_third_is_a_third() -> None:
    assert parse_quantity("two thirds").value == Decimal(2) / 3 * 100
    assert parse_quantity("one-third").value == Decimal(1) / 3 * 100


@pytest.mark.parametrize(
    ("words", "low", "high", "unit"),
    [
        ("$5–7 \nbillion", "5e9", "7e9", "USD"),
        ("$60bn-80bn", "60e9", "80e9", "USD"),
        ("between 5 and 7 percent", "5", "7", "PERCENT"),
        ("from 5 to 7 percent", "5", "7", "PERCENT"),
        ("$500 million to $1 billion", "0.5e9", "1e9", "USD"),
        ("ten to fifteen years", "10", "15", "YEAR"),
        ("60-80 projects", "60", "80", "COUNT"),
        ("five to seven hundred trains", "500", "700", "COUNT"),
        ("fifty to two hundred trains", "50", "200", "COUNT"),
    ],
)
def test_ranges_keep_both_ends(words: str, low: str, high: str, unit: str) -> None:
    quantity = parse_quantity(words)
    assert (quantity.value, quantity.low, quantity.high, quantity.unit) == (None, Decimal(low), Decimal(high), unit)
    assert interval(quantity) == (Decimal(low), Decimal(high))


@pytest.mark.parametrize(
    ("words", "bound", "low", "high"),
    [
        ("$95 billion", "=", "94.5e9", "95.5e9"),
        ("28%", "=", "27.5", "28.5"),
        ("30 percent", "=", "29.5", "30.5"),
        ("only 4%", "=", "3.5", "4.5"),
        ("just 1.76 per cent", "=", "1.755", "1.765"),
        ("40 countries", "=", "40", "40"),
        ("3,500 troops", "=", "3500", "3500"),
        ("25 years", "=", "25", "25"),
        ("2.5 years", "=", "2.45", "2.55"),
        ("a hundred trains", "=", "50", "150"),
        ("about 30%", "~", "25", "35"),
        ("only about 60 percent", "~", "55", "65"),
        ("around 60 bcm", "~", "55", "65"),
        ("some 31.7 bcm", "~", "31.65", "31.75"),
        ("some $18.27 billion", "~", "18.265e9", "18.275e9"),
        ("in the tune of $10 billion", "~", "5e9", "15e9"),
        ("the coming decade", "~", "5", "15"),
        ("past two decades", "~", "15", "25"),
        ("nearly US$9 billion", "<~", "8.1e9", "9e9"),
        ("approached $5 billion", "<~", "4.5e9", "5e9"),
        ("nearly 200 container trains", "<~", "180", "200"),
        ("nearly $17.8 billion", "<~", "17.7e9", "17.8e9"),
        ("nearly half", "<~", "45", "50"),
        ("at least $94 billion", ">=", "94e9", None),
        ("160+ projects", ">=", "160", None),
        ("$100 billion-plus", ">=", "100e9", None),
        ("more than a century", ">", "100", None),
        ("exceeded $1 trillion", ">", "1e12", None),
        ("well above 10%", ">", "10", None),
        ("as much as $800 billion", "<=", None, "800e9"),
        ("up to 5%", "<=", None, "5"),
        ("within 14 days", "<=", None, "14"),
        ("less than 3%", "<", None, "3"),
        ("up to 5–7%", "<=", None, "7"),
        ("28% decline", "=", "-28.5", "-27.5"),
        ("fell by more than 5%", ">", None, "-5"),
        ("nearly 9% drop", "<~", "-9", "-8.1"),
        ("−3%", "=", "-3.5", "-2.5"),
    ],
)
def test_bounds_and_their_intervals(words: str, bound: str, low: str | None, high: str | None) -> None:
    quantity = parse_quantity(words)
    ends = tuple(None if end is None else Decimal(end) for end in (low, high))
    assert quantity.bound == bound
    assert interval(quantity) == ends


@pytest.mark.parametrize(
    ("words", "sign"),
    [
        ("dropped 34%", -1),
        ("three percent drop", -1),
        ("down 34%", -1),
        ("minus 3 percent", -1),
        ("30 percent increase", 1),
        ("+3%", 1),
        ("up to 5%", 1),
        ("down to $62 billion", 1),
        ("fell to 5%", 1),
    ],
)
def test_verbs_of_change_give_the_sign_and_levels_do_not(words: str, sign: int) -> None:
    quantity = parse_quantity(words)
    assert quantity.sign == sign
    assert quantity.value is not None


@pytest.mark.parametrize(
    ("words", "unit", "per"),
    [
        ("38 bcm \nannually", "BCM_YR", "YEAR"),
        ("50 billion cubic meters annual", "BCM_YR", "YEAR"),
        ("5 bcm/yr", "BCM_YR", "YEAR"),
        ("$5–7 billion a year", "USD", "YEAR"),
        ("an annual $5 billion", "USD", "YEAR"),
        ("30% per annum", "PERCENT", "YEAR"),
        ("3 bcm per month", "BCM", "MONTH"),
        ("twice a month", "PER_MONTH", "MONTH"),
    ],
)
def test_rates(words: str, unit: str, per: str) -> None:
    quantity = parse_quantity(words)
    assert (quantity.unit, quantity.per) == (unit, per)


@pytest.mark.parametrize(
    ("words", "noun"),
    [
        ("40 countries", "country"),
        ("19 border crossing points", "border crossing point"),
        ("two remote fi elds", "remote field"),
        ("30-car", "car"),
        ("four inter-governmental commissions", "inter governmental commission"),
        ("16 Central and East European countries", "central east european country"),
    ],
)
def test_counts_know_what_they_count(words: str, noun: str) -> None:
    assert parse_quantity(words).counted == noun
    assert parse_quantity(words, counted="thing").counted == "thing"


@pytest.mark.parametrize(
    ("words", "value", "unit"),
    [
        ("1,150 km2", "115000", "HA"),
        ("1,150 km²", "115000", "HA"),
        ("5 sq. km", "500", "HA"),
        ("12 billion m3 of gas", "12", "BCM"),
        ("12 bn m³", "12", "BCM"),
        ("CN¥150 bn", "150e9", "CNY"),
        ("ten years ago", "10", "YEAR"),
        ("c. $5bn", "5e9", "USD"),
    ],
)
def test_raised_digits_and_marks_of_money_belong_to_the_unit(words: str, value: str, unit: str) -> None:
    quantity = parse_quantity(words)
    assert (quantity.value, quantity.unit) == (Decimal(value), unit)


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [
        ("from $5 billion to $7 billion", "5e9", "7e9"),
        ("grew 5 to 7 percent", "5", "7"),
        ("a fall of 5-7%", "5", "7"),
        ("grew between 5% and 7%", "5", "7"),
        ("9.5-10 bln dollars", "9.5e9", "10e9"),
        ("$900m-1.2bn", "0.9e9", "1.2e9"),
    ],
)
def test_a_range_is_told_from_a_change(words: str, low: str, high: str) -> None:
    quantity = parse_quantity(words)
    assert (quantity.low, quantity.high) == (Decimal(low), Decimal(high))


REFUSED = [
    ("", "no number"),
    ("several", "several"),
    ("multi-billion dollar", "multi"),
    ("billions of dollars", "billions"),
    ("tens of thousands", "tens"),
    ("49", "unit_from_context"),
    ("5–7", "unit_from_context"),
    ("1,5 billion", "write 1,500 or 1.5"),
    ("1.2.3 km", "more than one number"),
    ("5 projects and 6 deals", "more than one number"),
    ("16+1", "more than one number"),
    ("$7–5 billion", "must rise"),
    ("about nearly 5%", "~ and <~"),
    ("5 km %", "KM and PERCENT"),
    ("HK$5 billion", "HK$"),
    ("£5 million", "no code for '£'"),
    ("5 million rubles", "no code for 'rubles'"),
    ("20 feet", "no code for 'feet'"),
    ("21st century", "ordinal"),
    ("a sixth member", "fraction"),
    ("three-quarters of a million", "'million'"),
    ("$5 billion in trade", "in trade"),
    ("1e5 projects", "'e'"),
    ("2½ years", "1⁄2"),
    ("once", "per_from_context"),
    ("rose 5% fall", "rise and fall"),
    ("5 trillion trillion trillion dollars", "larger"),
    ("9" * 30 + " km", "means nothing"),
    ("S-400", "'s'"),
    (".5 percent", "lacks its first digit"),
    ("$.5 billion", "lacks its first digit"),
    ("$,5 billion", "lacks its first digit"),
    ("A$5bn", "no code for 'A$'"),
    ("C$5 billion", "no code for 'C$'"),
    ("14 km16", "more than one number"),
    ("5 m2", "no code for 'm 2'"),
    ("5 per mille", "per mille"),
    ("300 kbpd", "kbpd"),
    ("10 Mtpa", "mtpa"),
    ("5 lakh", "lakh"),
    ("5 milliard", "milliard"),
    ("one hundredth", "hundredth"),
    ("1,5 млрд", "means nothing"),
    ("5 млн", "'млн' means nothing"),
    ("5 万", "means nothing"),
    ("rose from 5% to 7%", "a change and its ends"),
    ("an increase of $5 billion to $15 billion", "a change and its ends"),
    ("fell by 5% to 7%", "a change and its ends"),
    ("$9 billion a year ago", "is a date and no rate"),
]


@pytest.mark.parametrize(("words", "said"), REFUSED)
def test_what_cannot_be_read_is_refused_with_its_words_and_a_remedy(words: str, said: str) -> None:
    with pytest.raises(DataError) as refusal:
        parse_quantity(words)
    message = str(refusal.value)
    assert said in message
    assert message.endswith(".")
    assert len(message.split(". ")) >= 2


def test_context_fills_what_the_words_leave_open() -> None:
    assert parse_quantity("49", unit="COUNT", counted="project").counted == "project"
    assert parse_quantity("around 60 bcm", per="YEAR").unit == "BCM_YR"
    assert parse_quantity("19%", sign=-1).sign == -1
    assert parse_quantity("$5–7 billion", bound="~").bound == "~"
    assert parse_quantity("ten-year", bound="~").bound == "~"
    assert parse_quantity("sixth member", unit="COUNT").unit == "COUNT"
    assert parse_quantity("past decade", bound="=").bound == "="
    assert parse_quantity("once", per="MONTH").unit == "PER_MONTH"


@pytest.mark.parametrize(
    ("words", "context", "said"),
    [
        ("19%", {"unit": "USD"}, "unit_from_context"),
        ("40 countries", {"unit": "RANK"}, "unit_from_context"),
        ("38 bcm annually", {"per": "MONTH"}, "per_from_context"),
        ("about 5%", {"bound": ">"}, "bound_from_context"),
        ("$5 billion", {"per": "WEEK"}, "per_from_context"),
        ("$5 billion", {"bound": "≈"}, "bound_from_context"),
        ("5% drop", {"sign": 1}, "sign_from_context"),
        ("5%", {"sign": 7}, "sign_from_context"),
    ],
)
def test_context_that_contradicts_the_words_is_refused(words: str, context: dict[str, str], said: str) -> None:
    with pytest.raises(DataError, match=said):
        parse_quantity(words, **context)  # type: ignore[arg-type]


SPACES = st.sampled_from([" ", "\u00a0", "\n", " \n", "  "])
SCALES = st.sampled_from(
    [("", "1"), ("million", "1e6"), ("mn", "1e6"), ("mln", "1e6"), ("billion", "1e9"), ("bn", "1e9"), ("mlrd", "1e9"),
     ("trillion", "1e12"), ("tn", "1e12")]
)  # fmt: skip
MONEY = st.sampled_from(
    [("$", "USD"), ("US$", "USD"), ("USD ", "USD"), ("€", "EUR"), ("EUR ", "EUR"), ("RMB ", "CNY"), ("¥", "CNY")]
)
MEASURES = st.sampled_from(
    [("%", "PERCENT"), (" per cent", "PERCENT"), ("km", "KM"), ("-mile", "MILE"), (" tonnes", "T"), (" hectares", "HA"), (" bcm", "BCM"),
     (" percentage points", "PP")]
)  # fmt: skip
HEDGES = st.sampled_from(
    [("", "="), ("only ", "="), ("just ", "="), ("about ", "~"), ("some ", "~"), ("roughly ", "~"), ("nearly ", "<~"), ("almost ", "<~"),
     ("at least ", ">="), ("more than ", ">"), ("well above ", ">"), ("up to ", "<="), ("as much as ", "<="), ("less than ", "<")]
)  # fmt: skip
MANTISSAS = st.decimals(min_value="0.01", max_value="999999", places=2, allow_nan=False).map(
    lambda number: number.normalize()
)


def printed(number: Decimal, *, grouped: bool) -> str:
    return f"{number:,f}" if grouped else f"{number:f}"


LAYOUTS = st.tuples(st.booleans(), SPACES, st.sampled_from(["", ".14", ".", "”39"]))


@STEADY
@given(MANTISSAS, SCALES, MONEY, HEDGES, LAYOUTS)
def test_money_is_read_in_any_spelling(number, scale, money, hedge, layout) -> None:
    grouped, space, tail = layout
    word, worth = scale
    mark, unit = money
    words = f"{hedge[0]}{mark}{printed(number, grouped=grouped)}{space + word if word else ''}".replace(" ", space)
    quantity = parse_quantity(words + (tail if word else ""))
    assert (quantity.value, quantity.unit, quantity.bound) == (number * Decimal(worth), unit, hedge[1])


@STEADY
@given(MANTISSAS, st.booleans(), MEASURES, HEDGES)
def test_measures_are_read_in_any_spelling(number, grouped, measure, hedge) -> None:
    quantity = parse_quantity(hedge[0] + printed(number, grouped=grouped) + measure[0])
    assert (quantity.value, quantity.unit, quantity.bound) == (number, measure[1], hedge[1])


ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety"


def spelled(number: int) -> str:
    if number < 20:
        return ONES.split()[number]
    if number < 100:
        return TENS.split()[number // 10] + (f"-{spelled(number % 10)}" if number % 10 else "")
    if number < 1000:
        return f"{spelled(number // 100)} hundred" + (f" and {spelled(number % 100)}" if number % 100 else "")
    return f"{spelled(number // 1000)} thousand" + (f" {spelled(number % 1000)}" if number % 1000 else "")


@STEADY
@given(st.integers(1, 999_999))
@example(100)
@example(305_017)
@example(999_999)
def test_number_words_equal_digits(number: int) -> None:
    assert parse_quantity(f"{spelled(number)} projects").value == number
    assert parse_quantity(f"{number:,} projects").value == number


@STEADY
@given(st.integers(0, 998), st.integers(1, 500), st.sampled_from(["–", "-", " - ", " to ", "—"]), MONEY, SCALES)
def test_ranges_are_read_in_any_spelling(low, width, joint, money, scale) -> None:
    quantity = parse_quantity(f"{money[0]}{low}{joint}{low + width} {scale[0]}")
    worth = Decimal(scale[1])
    assert (quantity.low, quantity.high, quantity.unit) == (low * worth, (low + width) * worth, money[1])


PHRASES = st.sampled_from([" ".join(phrase) for phrase in LEXICON])
PIECES = st.one_of(
    PHRASES,
    st.sampled_from(["12", "3.5", "1,000", "2014", "projects", "-", "–", "+", ".", ",", "’", "(", "\n"]),
    st.text(max_size=3),
)


@STEADY
@given(
    st.one_of(
        st.text(max_size=40), st.lists(PIECES, max_size=8).map(" ".join), st.lists(PIECES, max_size=8).map("".join)
    )
)
@example("half half half")
@example("a a a 5 a a a")
@example("- to and of")
@example("0 trillion dozen")
def test_any_text_is_read_or_refused(words: str) -> None:
    try:
        quantity = parse_quantity(words)
    except DataError as refusal:
        assert str(refusal)
        return
    assert isinstance(quantity, Quantity)
    assert (quantity.value is None) == (quantity.low is not None)
    ends = interval(quantity)
    assert ends[0] is None or ends[1] is None or ends[0] <= ends[1]


def contains(outer: tuple[Decimal | None, Decimal | None], value: Decimal) -> bool:
    return (outer[0] is None or outer[0] <= value) and (outer[1] is None or value <= outer[1])


@STEADY
@given(MANTISSAS, st.sampled_from(["%", " km", " projects", " years"]), HEDGES)
def test_every_interval_contains_the_value_it_was_read_from(number, measure, hedge) -> None:
    quantity = parse_quantity(f"{hedge[0]}{number:f}{measure}")
    assert contains(interval(quantity), quantity.value * quantity.sign)


@STEADY
@given(MANTISSAS, st.sampled_from(["%", " km", " projects"]))
def test_about_is_never_narrower_than_exact_and_nearly_never_above_it(number, measure) -> None:
    exact, about, nearly = (
        interval(parse_quantity(f"{hedge}{number:f}{measure}")) for hedge in ("", "about ", "nearly ")
    )
    assert about[0] <= exact[0] <= exact[1] <= about[1]
    assert nearly[0] < nearly[1] == number


@STEADY
@given(MANTISSAS, HEDGES)
def test_a_fall_mirrors_the_rise(number, hedge) -> None:
    low, high = interval(parse_quantity(f"{hedge[0]}{number:f}%"))
    assert interval(parse_quantity(f"{hedge[0]}{number:f}%", sign=-1)) == (
        None if high is None else -high,
        None if low is None else -low,
    )


@STEADY
@given(MANTISSAS, MONEY, st.sampled_from(["only ", "just ", "a mere ", "merely "]))
def test_emphasis_changes_nothing(number, money, emphasis) -> None:
    words = f"{money[0]}{number:f} billion"
    assert parse_quantity(emphasis + words) == parse_quantity(words)
