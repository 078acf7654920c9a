"""Keys under which forecasts are cached: equal data, parameters and method give equal keys."""

import dataclasses
import hashlib
import json

from pipelines.forecast.series import AnnualSeries

METHOD_VERSION = "2"
"""Raised whenever the same data and parameters would give other numbers; old cache entries then miss."""


def parameters_digest(series: AnnualSeries, parameters: object, **more: object) -> str:
    """Return a hex key for a series, a parameter dataclass and anything else a view depends on.

    Numbers enter with all their digits, names in order, so the key depends on neither run nor machine.
    """
    content = {
        "method": METHOD_VERSION,
        "series": dataclasses.asdict(series),
        "parameters": _plain(parameters),
        "more": {name: _plain(value) for name, value in more.items()},
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _plain(value: object) -> object:
    """Turn dataclasses into dictionaries; JSON takes the rest."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {"type": type(value).__name__, **dataclasses.asdict(value)}
    return value
