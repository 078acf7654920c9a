"""The table of rules: a new rule is one line here."""

from pipelines.checks.finding import Rule
from pipelines.checks.lengths import LENGTHS
from pipelines.checks.record_rules import RECORD

RULES: tuple[Rule, ...] = (*LENGTHS, *RECORD)
