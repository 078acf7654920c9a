"""What a probability is called on screen."""

STEP = 5
"""Probabilities are shown in steps of five points: the record supports no finer statement."""

MEANINGS = {
    0: "less than 1 in 20",
    5: "about 1 in 20",
    10: "about 1 in 10",
    15: "about 1 in 7",
    20: "about 1 in 5",
    25: "about 1 in 4",
    30: "about 3 in 10",
    35: "about 1 in 3",
    40: "about 2 in 5",
    45: "a little under one half",
    50: "about one half",
    55: "a little over one half",
    60: "about 3 in 5",
    65: "about 2 in 3",
    70: "about 7 in 10",
    75: "about 3 in 4",
    80: "about 4 in 5",
    85: "about 6 in 7",
    90: "about 9 in 10",
    95: "about 19 in 20",
    100: "more than 19 in 20",
}


def round_probability(probability: float) -> str:
    """Return the probability in steps of five points, open at both ends.

    >>> round_probability(0.213), round_probability(0.01), round_probability(0.99)
    ('20 %', '<5 %', '>95 %')
    """
    step = _step(probability)
    if step == 0:
        return f"<{STEP} %"
    return f">{100 - STEP} %" if step == 100 else f"{step} %"


def probability_words(probability: float) -> str:
    """Say what the rounded probability means.

    >>> probability_words(0.213)
    'about 1 in 5'
    """
    return MEANINGS[_step(probability)]


def _step(probability: float) -> int:
    """0 under five percent, 100 over ninety-five, else the nearest step."""
    percent = 100 * probability
    if percent < STEP:
        return 0
    return 100 if percent > 100 - STEP else STEP * int(percent / STEP + 0.5)
