"""The table of rules: a new rule is one line here."""

from pipelines.checks.claims import CLAIMS
from pipelines.checks.comparability import COMPARABILITY
from pipelines.checks.competing import COMPETING
from pipelines.checks.dates import DATES
from pipelines.checks.finding import Rule
from pipelines.checks.growth import GROWTH
from pipelines.checks.lengths import LENGTHS
from pipelines.checks.multiples import MULTIPLES
from pipelines.checks.quality_editions import EDITIONS
from pipelines.checks.quality_gas import GAS_AND_OIL
from pipelines.checks.quality_series import SERIES_QUALITY
from pipelines.checks.record_rules import RECORD
from pipelines.checks.spells import SPELLS
from pipelines.checks.totals import TOTALS
from pipelines.checks.trends import TRENDS
from pipelines.checks.wholes import WHOLES

RULES: tuple[Rule, ...] = (
    *GROWTH,
    *TOTALS,
    *WHOLES,
    *MULTIPLES,
    *SPELLS,
    *LENGTHS,
    *CLAIMS,
    *TRENDS,
    *COMPETING,
    *COMPARABILITY,
    *DATES,
    *RECORD,
    *EDITIONS,
    *SERIES_QUALITY,
    *GAS_AND_OIL,
)
