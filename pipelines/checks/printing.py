"""Findings for a terminal or a program, and whether a publisher should stop."""

import json
from collections.abc import Sequence
from typing import Any

import pandas as pd

FORMATS = ("table", "json")
_MANY = ("observation_ids", "figure_ids")


def print_findings(findings: pd.DataFrame, style: str) -> str:
    """Return findings as text: a paragraph each, or a JSON array of objects with lists in place of joined ids."""
    rows: list[dict[str, Any]] = findings.astype("object").where(findings.notna(), None).to_dict("records")  # type: ignore[assignment]
    if style == "json":
        return json.dumps([_plain(row) for row in rows], ensure_ascii=False, indent=1)
    counts = findings["word"].value_counts()
    words = ", ".join(f"{count} {word}" for word, count in counts.items() if word != "none") or "nothing to compare"
    return "\n\n".join([*(_paragraph(row) for row in rows), f"{len(rows)} findings: {words}"])


def stops(findings: pd.DataFrame, verdicts: Sequence[str]) -> bool:
    """Whether an open finding has one of the verdicts; accepted and explained ones let a publisher pass."""
    return bool((findings["verdict"].isin(verdicts) & findings["status"].eq("open")).any())


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    joined = {name: row[name].split(" ; ") if row[name] else [] for name in _MANY}
    sets = [part.split(" ; ") for part in row["odd_one_out"].split(" | ")] if row["odd_one_out"] else []
    return row | joined | {"odd_one_out": sets, "picture": json.loads(row["picture"])}


def _paragraph(row: dict[str, Any]) -> str:
    ids = row["figure_ids"] or row["observation_ids"]
    slip = ", slip" if row["is_slip"] else ""
    lines = [
        f"{row['word']}: {row['title']}",
        *(f"    {line}" for line in row["arithmetic"].splitlines()),
        *([f"    {row['explanation']}"] if row["explanation"] else []),
        *(f"    record: {line}" for line in (row["record"] or "").splitlines()),
        f"    {row['verdict']}, {row['status']}{slip} · {row['finding_id']} · {ids}",
    ]
    return "\n".join(lines)
