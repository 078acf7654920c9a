"""Makes what a schedule asks for from the desk: reports and views as files of a pack."""

import hashlib
import json
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from components.desk import Desk
from exports.condition import State, read_state
from exports.exhibits import SIZES, check_request, versions
from exports.perform import Job, Outcome
from exports.plan import Known, Schedule, Wanted
from exports.render import Engine
from exports.single import FORMATS, export_view
from exports.verify import MANIFEST
from pipelines.errors import DataError

LOG = logging.getLogger("bilateral.schedule")


def known_to(desk: Desk) -> Known:
    """Return what a schedule may ask of a desk."""
    return Known(
        view=partial(check_request, desk),
        report=partial(_check_report, desk),
        lines=frozenset(desk.tables({}).series["line_id"]),
        report_formats=(),
        view_formats=FORMATS,
        sizes=tuple(SIZES),
    )


def _check_report(desk: Desk, report: str, parameters: Mapping[str, str]) -> None:
    del desk, parameters
    raise DataError(f"there is no report {report[:60]!r}. Name views instead.")


def _frame(parameters: Mapping[str, str]) -> dict[str, str]:
    return {name: parameters[name] for name in ("mode", "as_of") if name in parameters}


def state_of(desk: Desk, schedule: Schedule) -> State:
    """Return the data in the state of knowledge a schedule shows."""
    tables = desk.tables(_frame(schedule.parameters))
    return read_state(tables.digest, tables.series)


@dataclass(frozen=True)
class Workshop:
    """Makes packs; `open_engine` opens what draws pictures, once a pack."""

    desk: Desk
    open_engine: Callable[[], AbstractContextManager[Engine]] = Engine

    def produce(self, job: Job, folder: Path) -> Outcome:
        """Make the files of a job in a folder; what cannot be made is named, and the rest is made all the same."""
        with self.open_engine() as engine:
            return self._views(job.schedule, folder, engine)

    def _views(self, schedule: Schedule, folder: Path, engine: Engine) -> Outcome:
        digest = self.desk.tables(_frame(schedule.parameters)).digest
        entries = list(self._make_views(schedule, folder, engine))
        made = [entry for entry in entries if not entry["problem"]]
        if made:
            told = {
                "schedule": schedule.name,
                "data_digest": digest,
                "versions": versions(),
                "requested": [entry["file"] for entry in entries],
                "delivered": [entry["file"] for entry in made],
                "complete": len(made) == len(entries),
                "items": entries,
                "files": [{"file": entry["file"], "sha256": entry["sha256"]} for entry in made],
            }
            (folder / MANIFEST).write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        gaps = tuple(f"{entry['file']}: {entry['problem']}" for entry in entries if entry["problem"])
        return Outcome((*(entry["file"] for entry in made), *([MANIFEST] if made else [])), gaps, digest)

    def _make_views(self, schedule: Schedule, folder: Path, engine: Engine) -> Iterator[dict[str, Any]]:
        for number, wanted in enumerate(schedule.views, 1):
            for fmt in schedule.formats:
                name = f"{number:02d}-{check_request(self.desk, wanted.view, {}).view_id}.{fmt}"
                body, problem = self._make_view(wanted, fmt, schedule.size, engine)
                if body:
                    (folder / name).write_bytes(body)
                yield {
                    "file": name,
                    "view": wanted.view,
                    "parameters": dict(wanted.parameters),
                    "problem": problem,
                    "sha256": hashlib.sha256(body).hexdigest() if body else "",
                }

    def _make_view(self, wanted: Wanted, fmt: str, size: str, engine: Engine) -> tuple[bytes, str]:
        try:
            return export_view(self.desk, engine, wanted.view, wanted.parameters, fmt=fmt, size=size), ""
        except DataError as error:
            return b"", str(error)
        except Exception as error:
            LOG.exception("%s.%s could not be made", wanted.view, fmt)
            return b"", f"{type(error).__name__}; the reason is in the scheduler's log."
