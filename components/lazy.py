"""Libraries of components that are fetched only by the pages that show them."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import dash_ag_grid
from dash.fingerprint import build_fingerprint

GRID_FILE = "dash_ag_grid.min.js"


def lazy_scripts(paths: Iterable[str]) -> dict[str, str]:
    """Take the grid out of what every page loads; returns by path the script to fetch before the page is laid out."""
    for resource in dash_ag_grid._js_dist:
        if resource["relative_package_path"] == GRID_FILE:
            resource["dynamic"] = True
    file = Path(dash_ag_grid.__file__).parent / GRID_FILE
    mark = hashlib.sha256(file.read_bytes()).hexdigest()[:12]
    name = str(build_fingerprint(GRID_FILE, dash_ag_grid.__version__, mark))  # type: ignore[no-untyped-call]
    return dict.fromkeys(paths, f"/_dash-component-suites/dash_ag_grid/{name}")
