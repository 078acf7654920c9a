"""What every mark of a forecast says of itself: estimated, by us, from which points."""

from typing import Any

import pandas as pd


def forecast_mark(points: pd.DataFrame, formula: str) -> dict[str, Any]:
    """Return the columns all marks of one forecast share; `points` are the observations it was made from."""
    first = points.iloc[0]
    return {
        "bound": "=",
        "unit_measure": first["unit_measure"],
        "ref_area": first["ref_area"],
        "counterpart_area": first["counterpart_area"],
        "role": "estimate",
        "obs_status": "F",
        "provenance": "derived",
        "source_id": " ; ".join(dict.fromkeys(points["source_id"])),
        "formula": formula,
    }
