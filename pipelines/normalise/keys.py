"""Keys: what makes two observations points of one series."""

import pandas as pd

_DIMENSIONS = (
    "freq",
    "ref_area",
    "counterpart_area",
    "indicator",
    "commodity",
    "project_id",
    "role",
    "measure_type",
    "unit_measure",
)


def series_key(observations: pd.DataFrame) -> pd.Series:
    """Return the SDMX-like key of each row: its dimensions joined by dots, `_Z` where one does not apply.

    Statistics carry their data set as the last part and never share a key with quoted figures (`Q`).
    """
    parts = [observations[name].fillna("_Z").str.replace(";", "+") for name in _DIMENSIONS]
    maker = observations["source_id"].where(observations["provenance"] == "statistic", "Q")
    key = parts[0]
    for part in (*parts[1:], maker):
        key = key + "." + part
    return key
