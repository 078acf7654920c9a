"""The core properties of Office files: title, state of knowledge and day."""

import datetime as dt
from typing import Any

from exports.papers.paper import Paper


def describe(about: Any, paper: Paper, today: dt.date) -> None:
    """Write title, state of knowledge and day into the core properties of a document or a deck."""
    about.title, about.subject = paper.title, paper.subtitle
    about.author = about.last_modified_by = "Bilateral"
    about.created = about.modified = dt.datetime(today.year, today.month, today.day)
    about.language, about.comments, about.revision = "en-GB", f"{paper.known}. Data {paper.digest}", 1
