"""What the forecast refuses to say, with the words and the reason for each refusal."""

from dataclasses import dataclass

from pipelines.errors import DataError

LEAST_OBSERVATIONS = 8
LEAST_FOR_MEDIAN = 11
LEAST_FOR_PROBABILITY = 11
LOW_CONFIDENCE_BELOW = 15
LONGEST_HORIZON = 10


class ForecastRefusal(DataError):  # noqa: N818 - a refusal is an answer, not an error
    """A forecast that would mislead, said in words; `code` names the row of REFUSALS."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


@dataclass(frozen=True)
class Refusal:
    """Words shown in the chart's place (with blanks for the facts) and the evidence behind them."""

    words: str
    reason: str


REFUSALS = {
    "too_short": Refusal(
        "{series} has {count} yearly values; a forecast needs at least {least}. The values are shown without one.",
        "No method was ever tested below eight values.",
    ),
    "gap": Refusal(
        "{series} has no value for {years}. Filling the gap would invent data; choose a training window without it.",
        "Every model here reads equally spaced years.",
    ),
    "unordered": Refusal(
        "{series} has two values for {years}, or its years are out of order.",
        "One value a year is what the models read.",
    ),
    "missing": Refusal(
        "{series} has a value that is not a number for {years}.",
        "Nothing is filled in silently.",
    ),
    "mixed": Refusal(
        "{series} mixes {values} in {column}; forecast one of them at a time.",
        "A jump from one unit or price basis to another is no change of the quantity.",
    ),
    "not_positive": Refusal(
        "{series} has values at or below zero, so only the drift line is drawn and no probability is given. "
        "A training window without them allows the full forecast.",
        "The bands were measured on positive quantities only.",
    ),
    "constant": Refusal(
        "{series} never changes; there is no spread from which to forecast.",
        "With no change in the record every band has zero width.",
    ),
    "horizon_long": Refusal(
        "{horizon} years ahead is too far: at most {most} years, and at most half of the {count} values given.",
        "There is no evidence past ten years or past half the length of a series.",
    ),
    "horizon_short": Refusal(
        "A horizon of {horizon} asks for no forecast; choose at least one year.",
        "The first forecast is for the year after the last value.",
    ),
    "partial_year": Refusal(
        "{series} has only part of {years}; drop it or wait for the full year.",
        "A part of a year beside full years looks like a collapse.",
    ),
    "target_year": Refusal(
        "The target year {year} is outside the forecast, which runs from {first} to {last}.",
        "A probability exists only for the years of the fan.",
    ),
    "target_unit": Refusal(
        "The target is in {target_unit}, {series} in {unit}; convert one of them first.",
        "Numbers in different units cannot be compared.",
    ),
    "target_basis": Refusal(
        "The target is in {target_basis} prices, {series} in {basis} prices.",
        "Current and constant prices drift apart by inflation.",
    ),
    "no_probability": Refusal(
        "No probability from {count} yearly values: at least {least} are needed.",
        "Under eleven values the forecast is the last value with a band that could not be tested.",
    ),
    "model_short": Refusal(
        "{model} on its own needs {least} yearly values and {series} has {count}. Shorter series: {others}.",
        "Below this length the model lost to repeating the last value.",
    ),
    "model_unknown": Refusal(
        "No model is called '{model}'{nearest}. Known: {others}.",
        "Only models with a measured record are on offer.",
    ),
    "constants_unknown": Refusal(
        "No constants are called '{constants}'{nearest}. Known: {others}.",
        "The widths of the bands are fixed in two sets that were both measured.",
    ),
    "model_rejected": Refusal(
        "{model} was rejected: {reason}.",
        "A fit that did not converge or leaves the range of experience is not drawn.",
    ),
    "quoted_only": Refusal(
        "{series} has {count} quoted values only. A line through them would be an invention, so the points are shown"
        "{alternative}.",
        "Two or three quotations are no series.",
    ),
    "level": Refusal(
        "A level of {level} cannot be drawn; levels are percentages between 50 and 99.",
        "Outside this range the tails were not tested.",
    ),
    "brent_short": Refusal(
        "A Brent scenario needs {least} years with both values and {series} shares {count} with it.",
        "Elasticities from fewer years are noise.",
    ),
    "brent_unrelated": Refusal(
        "{series} does not follow Brent closely enough: t is {t}, and more than {least} in size is needed.",
        "Where the link is weak a Brent path makes a forecast worse.",
    ),
    "brent_path": Refusal(
        "No Brent path is called '{path}'{nearest}. Known: {others}.",
        "Paths are taken from past changes of the price.",
    ),
    "ramp": Refusal(
        "A ramp-up needs a positive capacity and at least one year to reach it, not {capacity} in {years} years.",
        "The scenario adds the new capacity in equal yearly steps.",
    ),
    "too_few_origins": Refusal(
        "No backtest: {series} has {count} values, and {least} are needed to test {horizon} years ahead.",
        "Every origin trains on at least the least training length and needs a later value to be held against.",
    ),
    "too_few_seasons": Refusal(
        "{series} has {count} monthly values; a seasonal forecast needs {least}.",
        "A season is learnt from at least four years, of which the last ones test the bands.",
    ),
    "months_not_positive": Refusal(
        "{series} has months at or below zero or without a number; the seasonal models work in percent.",
        "A logarithm needs positive values.",
    ),
    "months_long": Refusal(
        "{horizon} months ahead cannot be drawn: between 1 and {most}.",
        "The bands were tested two years ahead.",
    ),
    "unnamed": Refusal(
        "{count} rows have no series_id and were left out.",
        "A value that belongs to no series cannot be read with others.",
    ),
    "no_rows": Refusal(
        "{series} has no rows to read: all of them are for testing.",
        "A forecast never reads the values it will be tested on.",
    ),
    "not_a_year": Refusal(
        "{series} has {t!r} in column t, which must hold whole numbers or dates, one a year.",
        "Without its year a value has no place in a series.",
    ),
    "not_yearly": Refusal(
        "{series} has dates of more than one month or day; only yearly series are forecast from a file.",
        "The bands were measured on yearly values.",
    ),
    "empty_window": Refusal(
        "{series} has no values between {first} and {last}.",
        "A forecast starts from the values inside the training window.",
    ),
    "growth_zero": Refusal(
        "No growth rate leads from {start} to {target}: both must be above zero.",
        "A percentage from or through zero has no meaning.",
    ),
}


def refusal(code: str, **facts: object) -> ForecastRefusal:
    """Build the refusal of that code with the facts filled in.

    >>> str(refusal("horizon_short", horizon=0))
    'A horizon of 0 asks for no forecast; choose at least one year.'
    """
    return ForecastRefusal(code, REFUSALS[code].words.format(**facts))
