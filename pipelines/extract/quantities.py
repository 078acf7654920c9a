"""The grammar of quantities: what number, unit and bound the words of a figure state."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal, NoReturn

from pipelines.errors import DataError
from pipelines.extract.numerals import Mark, Number, mark, read_number, starts_number
from pipelines.extract.tokens import tokenise
from pipelines.extract.vocabulary import Unit

Per = Literal["YEAR", "MONTH"]
_COUNTED_WHOLE = frozenset({"COUNT", "PERSON", "RANK", "RATIO", "PER_MONTH", "YEAR", "DAY"})
_PERS: Mapping[str, Per] = {"YEAR": "YEAR", "MONTH": "MONTH"}
_KNOWN = {"per": tuple(_PERS), "bound": ("=", "~", "<~", ">=", ">", "<=", "<")}
_SILENT_SIGNS = frozenset(".,;:\"'“”‘’")
_NOTHING = Decimal(0)
_LARGEST = Decimal("1e24")
_LAST_LATIN = "\u024f"
BARE_REMEDY = "Write what is counted, or give its unit in unit_from_context"


@dataclass(frozen=True)
class Quantity:
    """What the words of a figure state, in the unit as read; the magnitude stands in `value`, the fall in `sign`.

    A range has `low` and `high` and no `value`. `step` is the place of the last printed digit (0 where things are
    counted one by one), `significant` the place of the last digit that is not a filling zero.
    """

    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    bound: str
    unit: str
    per: Per | None
    sign: int
    counted: str | None
    step: Decimal
    significant: Decimal


@dataclass
class _Found:
    """Everything the words of one figure were found to say, before it is judged."""

    numbers: list[Number] = field(default_factory=list)
    joins: int = 0
    said: dict[str, list[Mark]] = field(default_factory=dict)
    nouns: list[str] = field(default_factory=list)
    noun_belongs: bool = False

    def codes(self, kind: str) -> list[str]:
        """Distinct codes said of that kind."""
        return list(dict.fromkeys(mark.entry.code for mark in self.said.get(kind, [])))

    def units(self) -> list[Unit]:
        """Distinct units said, money included."""
        units = [mark.entry.unit for mark in self.said.get("unit", []) if mark.entry.unit]
        return list(dict.fromkeys([Unit(code) for code in self.codes("currency")] + units))


@dataclass(frozen=True)
class _Measure:
    """Unit of a figure and how its number is to be taken."""

    unit: Unit
    number_factor: Decimal = Decimal(1)
    counted: str | None = None
    may_be: frozenset[str] = frozenset()


def parse_quantity(
    as_written: str,
    *,
    unit: str | None = None,
    per: str | None = None,
    bound: str | None = None,
    sign: int | None = None,
    counted: str | None = None,
) -> Quantity:
    """Read a figure's own words.

    The keywords are what the ledger adds from context. They fill in what the words leave open and are refused where
    they contradict the words; only `counted`, the noun the house uses, stands above the noun as written.

    >>> parse_quantity("nearly US$9 billion").value
    Decimal('9E+9')
    >>> interval(parse_quantity("about 30%"))
    (Decimal('25'), Decimal('35'))
    """
    marks = mark(tokenise(as_written))
    _check_touching(marks, as_written)
    found = _collect(marks, as_written)
    _check_shape(found, as_written)
    _check_change(found, as_written)
    measure = _measure(found, unit, as_written)
    period = _agree(found.codes("per"), per, "per", as_written)
    rounded = measure.unit.is_round and not found.codes("bound")
    stated = found.codes("bound") or (["~"] if rounded and bound is None else [])
    direction = _direction(found, sign, as_written)
    measure, period = _with_period(measure, _PERS.get(period or ""), as_written)
    return _quantity(found, measure, period, _agree(stated, bound, "bound", as_written) or "=", direction, counted)


def printed_quantity(value: Decimal, bound: str, unit: str) -> Quantity:
    """Return the quantity of a bare number in a table, so that one rule of intervals serves words and tables."""
    magnitude = abs(value)
    exponent = magnitude.normalize().as_tuple().exponent
    step = Decimal(1).scaleb(min(0, int(exponent)))
    return Quantity(
        value=magnitude,
        low=None,
        high=None,
        bound=bound,
        unit=unit,
        per=None,
        sign=-1 if value < 0 else 1,
        counted=None,
        step=_NOTHING if unit in _COUNTED_WHOLE and step == 1 else step,
        significant=_significant(Number(magnitude, step)),
    )


def interval(quantity: Quantity) -> tuple[Decimal | None, Decimal | None]:
    """Return the lowest and the highest value the wording allows, in the unit as read, sign applied; None is open.

    The rule, one line a bound, with v the value:

    - exact (`=`): half a unit of the last printed digit to either side, "$95 billion" is [94.5, 95.5) billion; things
      counted one by one, ranks, plain multiples and whole days or years are the number itself;
    - about (`~`): half a unit of the last significant digit, filling zeros being none, "about 30" is 25 to 35;
    - nearly (`<~`): just below v, by one unit of the last significant digit but never by more than a tenth of v:
      "nearly 17.8" is 17.7 to 17.8, "nearly 200" is 180 to 200;
    - at least (`>=`) and more than (`>`) begin at v, at most (`<=`) and less than (`<`) end at v;
      the other side is open;
    - a range spans its ends, open where its bound is open.

    "Half" and its like are worth the tens of percent only; decades and centuries without a hedge are "about".
    """
    if quantity.value is None:
        low, high = quantity.low, quantity.high
    else:
        below, above = _reach(quantity)
        low, high = quantity.value - below, quantity.value + above
    low = None if quantity.bound in {"<=", "<"} else low
    high = None if quantity.bound in {">=", ">"} else high
    return (low, high) if quantity.sign > 0 else (_negative(high), _negative(low))


def _reach(quantity: Quantity) -> tuple[Decimal, Decimal]:
    if quantity.bound == "=":
        return quantity.step / 2, quantity.step / 2
    if quantity.bound == "~":
        return quantity.significant / 2, quantity.significant / 2
    if quantity.bound == "<~" and quantity.value is not None:
        return min(quantity.significant, quantity.value / 10), _NOTHING
    return _NOTHING, _NOTHING


def _negative(value: Decimal | None) -> Decimal | None:
    return None if value is None else -value


def _refuse(as_written: str, reason: str, remedy: str) -> NoReturn:
    raise DataError(f"cannot read {as_written!r}: {reason}. {remedy}.")


def _check_touching(marks: Sequence[Mark], as_written: str) -> None:
    """Refuse a number behind a lone point or comma, and a dollar mark behind letters that make it another dollar."""
    for place, (before, current) in enumerate(itertools.pairwise(marks)):
        if before.end != current.start:
            continue
        is_inside = place > 0 and marks[place - 1].kind == "digits" and marks[place - 1].end == before.start
        if before.text in {".", ","} and current.kind == "digits" and not is_inside:
            _refuse(as_written, f"{before.text + current.text!r} lacks its first digit", "Write 0.5 or 1,500")
        if current.text.startswith("$") and before.text.isalpha():
            _refuse(as_written, f"CL_UNIT has no code for {before.text.upper() + '$'!r}", "Quote it in another unit")


def _collect(marks: Sequence[Mark], as_written: str) -> _Found:
    found = _Found()
    place = 0
    while place < len(marks):
        read = read_number(marks, place, is_first=not found.numbers)
        if read:
            number, place = read
            found.numbers.append(number)
        else:
            place = _take(found, marks, place, as_written)
    return found


def _take(found: _Found, marks: Sequence[Mark], place: int, as_written: str) -> int:
    """File one mark that is no number and return the place behind it."""
    current = marks[place]
    if current.kind in {"dash", "join"}:
        _take_joint(found, marks, place, as_written)
    elif current.kind in {"of", "filler", "article"}:
        found.said.setdefault(current.kind, []).append(current)
        found.noun_belongs |= bool(found.numbers) and current.text in {"of", "the"}
    elif current.kind == "scale":
        _refuse(as_written, f"{current.text!r} has no number before it", "Quote a figure that states one")
    elif current.kind in {"noun", "part"}:
        is_glued = place > 0 and marks[place - 1].kind == "digits" and marks[place - 1].end == current.start
        _take_noun(found, current, as_written, is_glued=is_glued)
    elif current.kind == "uncoded":
        _refuse(as_written, f"CL_UNIT has no code for {current.text!r}", "Add one, or quote the figure in another unit")
    elif current.text == "+" and not found.numbers:
        found.said.setdefault("sign", []).append(replace(current, entry=replace(current.entry, number=Decimal(1))))
    else:
        found.said.setdefault(current.kind, []).append(current)
    return place + 1


def _take_joint(found: _Found, marks: Sequence[Mark], place: int, as_written: str) -> None:
    """Between two numbers a dash, "to" or "and" joins the ends of a range; a dash before the first is a minus."""
    current = marks[place]
    is_number_next = starts_number(marks, place + 1)
    if is_number_next and found.numbers and not found.nouns:
        if current.text == "and" and not any(mark.text == "between" for mark in marks):
            _refuse(as_written, "it holds two numbers", "Quote each figure apart")
        found.joins += 1
        found.said.setdefault("join", []).append(current)
    elif is_number_next and current.kind == "dash" and not found.numbers:
        minus = replace(current, entry=replace(current.entry, kind="sign", number=Decimal(-1)))
        found.said.setdefault("sign", []).append(minus)
    elif current.text == "and" and not found.nouns:
        _refuse(as_written, "'and' joins nothing", "Quote the figure alone")


def _take_noun(found: _Found, current: Mark, as_written: str, *, is_glued: bool) -> None:
    if current.text in _SILENT_SIGNS:
        return
    if not current.text.isalpha() or is_glued or max(current.text) > _LAST_LATIN:
        _refuse(as_written, f"{current.text!r} means nothing here", "Quote the figure alone, written as 1,234.5")
    if not found.numbers:
        _refuse(
            as_written, f"no number stands before or in {current.text!r}", "Quote the figure with its own words only"
        )
    found.nouns.append(current.text)


def _check_shape(found: _Found, as_written: str) -> None:
    if not found.numbers:
        _refuse(as_written, "it holds no number", "Quote a figure that states one")
    if len(found.numbers) > 2 or found.joins != len(found.numbers) - 1:
        _refuse(
            as_written, "it holds more than one number and they form no range", "Quote each apart; write 1,500 or 1.5"
        )
    if any(number.value > _LARGEST for number in found.numbers):
        _refuse(as_written, "the number is larger than anything counted here", "Check the scale words")
    if len(found.numbers) == 2 and any(number.shape != "cardinal" for number in found.numbers):
        _refuse(as_written, "its two numbers form no range", "Quote each figure apart")


def _check_change(found: _Found, as_written: str) -> None:
    """Refuse "rose from 5% to 7%" and "an increase of $5 billion to $15 billion": they state two levels, no range."""
    words = {mark.text for kind in ("filler", "join") for mark in found.said.get(kind, [])}
    units = len(found.said.get("unit", [])) + len(found.said.get("currency", []))
    is_change = "from" in words or (units > 1 and "to" in words)
    if len(found.numbers) == 2 and found.said.get("sign") and is_change:
        _refuse(as_written, "it holds a change and its ends", "Quote each figure apart")
    if found.said.get("per") and "ago" in words:
        _refuse(as_written, "'a year ago' is a date and no rate", "Quote the figure without it")


def _measure(found: _Found, context: str | None, as_written: str) -> _Measure:
    """Decide the unit: said, implied by the shape of the number or the noun behind it, or known from context."""
    said = _said_measure(found, as_written)
    if said is None and context is None:
        _refuse(as_written, "it is a bare number", BARE_REMEDY)
    if said is None:
        return _Measure(Unit(str(context)))
    if context is None or context == said.unit.code:
        return said
    if context in said.may_be:
        return replace(said, unit=Unit(context))
    _refuse(as_written, f"its words say {said.unit.code} and the context says {context}", "Correct unit_from_context")


def _said_measure(found: _Found, as_written: str) -> _Measure | None:
    unit = _said_unit(found, as_written)
    noun = _singular(found.nouns) if found.nouns else None
    shape = found.numbers[0].shape
    if unit is not None:
        return _checked_unit(found, unit, as_written)
    if shape == "fraction":
        if noun and not found.noun_belongs:
            _refuse(as_written, f"a fraction is followed by {noun!r}", "Quote the fraction alone")
        return _Measure(Unit("PERCENT"), number_factor=Decimal(100))
    if shape == "multiple":
        return _Measure(Unit("RATIO"))
    if shape == "ordinal":
        return _Measure(Unit("RANK"), counted=noun, may_be=frozenset({"COUNT"}))
    return _Measure(Unit("COUNT"), counted=noun) if noun else None


def _said_unit(found: _Found, as_written: str) -> Unit | None:
    units = found.units()
    codes = [unit.code for unit in units]
    if codes == ["USD", "BBL"]:
        return Unit("USD_PER_BBL")
    if len(units) > 1 or codes == ["BBL"]:
        _refuse(as_written, f"its words name {' and '.join(codes)}", "Quote a figure with one unit")
    return units[0] if units else None


def _checked_unit(found: _Found, unit: Unit, as_written: str) -> _Measure:
    """Refuse a unit its number cannot take, such as the century of "21st century", and nouns it leaves unexplained."""
    shape = found.numbers[0].shape
    is_anniversary = any(mark.text == "anniversary" for mark in found.said.get("unit", []))
    if shape == "multiple" or (shape == "ordinal") != is_anniversary:
        _refuse(as_written, f"its number is {shape} and cannot be measured in {unit.code}", "Quote a cardinal number")
    if found.nouns and not found.noun_belongs:
        _refuse(as_written, f"{' '.join(found.nouns)!r} stands behind its unit", "Quote the figure without it")
    return _Measure(unit)


def _singular(nouns: Sequence[str]) -> str:
    """Return the counted noun without its plural ending.

    >>> _singular(["border", "crossing", "points"]), _singular(["republics"]), _singular(["countries"])
    ('border crossing point', 'republic', 'country')
    """
    *before, last = nouns
    if last.endswith("ies") and len(last) > 4:
        last = last[:-3] + "y"
    elif last.endswith("s") and not last.endswith(("ss", "us", "is")):
        last = last[:-1]
    return " ".join([*before, last])


def _agree(said: Sequence[str], context: str | None, name: str, as_written: str) -> str | None:
    if len(said) > 1:
        _refuse(as_written, f"its words say {' and '.join(said)}", "Quote the figure with one hedge")
    if context is not None and context not in _KNOWN[name]:
        known = ", ".join(_KNOWN[name])
        _refuse(as_written, f"the context says {name} {context!r}", f"Use one of {known} in {name}_from_context")
    if said and context is not None and context != said[0]:
        _refuse(as_written, f"its words say {said[0]} and the context says {context}", f"Correct {name}_from_context")
    return said[0] if said else context


def _direction(found: _Found, context: int | None, as_written: str) -> int:
    said = {int(mark.entry.number) for mark in found.said.get("sign", [])}
    if len(said) > 1:
        _refuse(as_written, "its words rise and fall at once", "Quote the figure with one verb")
    stated = said.pop() if said else None
    if context not in {None, 1, -1} or (stated is not None and context is not None and stated != context):
        _refuse(as_written, f"the context says sign {context}", "Correct sign_from_context: -1 for a fall, else empty")
    return stated or context or 1


def _with_period(measure: _Measure, period: Per | None, as_written: str) -> tuple[_Measure, Per | None]:
    """Join unit and period where a code for both exists: gas a year, times a month."""
    code = measure.unit.code
    if code == "BCM" and period == "YEAR":
        return replace(measure, unit=replace(measure.unit, code="BCM_YR")), period
    if code == "RATIO" and period:
        divisor = 12 if period == "YEAR" else 1
        return replace(measure, unit=Unit("PER_MONTH", divisor=divisor)), "MONTH"
    if code == "RATIO" and as_written.strip().lower() in {"once", "twice", "thrice"}:
        _refuse(as_written, "it does not say how often in what time", "Set per_from_context")
    return measure, period


def _quantity(
    found: _Found, measure: _Measure, period: Per | None, bound: str, sign: int, counted: str | None
) -> Quantity:
    numbers = [_in_unit(number, measure) for number in _same_scale(found.numbers)]
    is_range = len(numbers) == 2
    low, high = (numbers[0].value, numbers[1].value) if is_range else (None, None)
    if low is not None and high is not None and low >= high:
        raise DataError(f"cannot read a range from {low} to {high}: it must rise. Quote each figure apart.")
    number = numbers[0]
    return Quantity(
        value=None if is_range else number.value,
        low=low,
        high=high,
        bound=bound,
        unit=measure.unit.code,
        per=period,
        sign=sign,
        counted=counted or measure.counted,
        step=_NOTHING if is_range or _is_counted(found.numbers[0], measure) else number.step,
        significant=_NOTHING if is_range else _significant(number),
    )


def _same_scale(numbers: Sequence[Number]) -> list[Number]:
    """Give the first end of "5–7 billion" the scale of the second; "fifty to two hundred" has none to give."""
    if len(numbers) != 2 or numbers[0].scale != 1 or numbers[1].scale == 1:
        return list(numbers)
    first, second = numbers[0].times(numbers[1].scale), numbers[1]
    return [first, second] if first.value < second.value or second.scale >= 1000 else list(numbers)


def _in_unit(number: Number, measure: _Measure) -> Number:
    factor, divisor = measure.unit.factor * measure.number_factor, measure.unit.divisor
    return replace(number, value=number.value * factor / divisor, step=number.step * factor / divisor)


def _is_counted(number: Number, measure: _Measure) -> bool:
    is_whole = number.step <= 1 and number.value % 1 == 0
    return measure.unit.code in _COUNTED_WHOLE and not measure.unit.is_round and is_whole


def _significant(number: Number) -> Decimal:
    """Return the place of the last digit that is no filling zero."""
    step = number.step or Decimal(1)
    digits = number.value / step
    while digits and digits % 10 == 0:
        digits, step = digits / 10, step * 10
    return step
