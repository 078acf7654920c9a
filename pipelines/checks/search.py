"""Runs every rule over one state of knowledge; returns what they found with the status a person gave it."""

from collections.abc import Sequence

import pandas as pd

from pipelines.checks.crowds import collapse, with_repeats
from pipelines.checks.facts import Facts, read_figures
from pipelines.checks.finding import Rule, frame_findings
from pipelines.checks.rules import RULES
from pipelines.errors import nearest, raise_all


def search(facts: Facts, rules: Sequence[Rule] = RULES) -> pd.DataFrame:
    """Return out_findings of these facts, the weightiest first."""
    once, repeats = collapse(facts)
    return frame_findings((rule, with_repeats(finding, repeats)) for rule in rules for finding in rule.find(once))


READS = {
    "observations": "core_observations",
    "series": "out_series",
    "mirror": "out_mirror",
    "shares": "out_shares",
    "year_to_date": "out_year_to_date",
    "events": "core_events",
    "commitments": "core_commitments",
    "codes": "core_codes",
    "opinions": "core_findings",
}


def find(*frames: pd.DataFrame) -> pd.DataFrame:
    """Return out_findings of the frames named in READS, given in that order.

    The last, datasets/findings.csv, says which findings are accepted or explained, by whom and why.
    """
    named = dict(zip(READS, frames, strict=True))
    opinions = named.pop("opinions")
    facts = Facts(read_figures(named.pop("observations")), **named)
    return apply_opinions(search(facts), opinions)


def apply_opinions(findings: pd.DataFrame, opinions: pd.DataFrame) -> pd.DataFrame:
    """Give the findings a person named their status; a finding not known in this state of knowledge is passed over."""
    said = opinions.set_index("finding_id")
    named = findings["finding_id"].isin(said.index)
    chosen = findings["finding_id"][named]
    changed = findings.copy()
    for column, source in (("status", "status"), ("status_by", "who"), ("status_why", "why")):
        changed.loc[named, column] = said[source].reindex(chosen).to_numpy()
    return changed


def check_opinions(findings: pd.DataFrame, opinions: pd.DataFrame) -> None:
    """Refuse a finding_id in datasets/findings.csv that no rule finds; all of them at once."""
    known = findings["finding_id"].tolist()
    raise_all(
        [
            f"datasets/findings.csv: no rule finds {name!r}{nearest(name, known)}. Correct the line or delete it."
            for name in opinions["finding_id"]
            if name not in known
        ]
    )
