"""Makes what a schedule asks for from the desk: reports and views as files of a pack."""

import datetime as dt
import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from components.desk import Desk
from exports.papers.definition import adjusted, load_definition
from exports.papers.report import FORMATS as REPORT_FORMATS
from exports.papers.report import Draws, Order, export_report
from exports.pictures.exhibits import SIZES, check_request, record_of, versions
from exports.pictures.render import Engine
from exports.pictures.single import FORMATS, export_view
from exports.pictures.verify import MANIFEST
from exports.schedules.condition import State, read_state
from exports.schedules.perform import Job, Outcome
from exports.schedules.plan import Known, Schedule, Wanted
from pipelines.errors import DataError

LOG = logging.getLogger("bilateral.schedule")


def known_to(desk: Desk) -> Known:
    """Return what a schedule may ask of a desk."""
    return Known(
        view=partial(check_request, desk),
        report=partial(_check_report, desk),
        lines=frozenset(desk.tables({}).series["line_id"]),
        report_formats=REPORT_FORMATS,
        view_formats=FORMATS,
        sizes=tuple(SIZES),
    )


def _check_report(desk: Desk, report: str, parameters: Mapping[str, str]) -> None:
    order = _order(parameters, ())
    adjusted(load_definition(report, desk), desk, order.changes, order.parameters)


def _order(parameters: Mapping[str, str], formats: tuple[str, ...]) -> Order:
    """Return the order of a report: what concerns all of it apart from what its views take."""
    whole = {name: parameters[name] for name in ("paper", "language", "mode", "as_of") if name in parameters}
    return Order(formats, {name: value for name, value in parameters.items() if name not in whole}, **whole)


def _frame(parameters: Mapping[str, str]) -> dict[str, str]:
    return {name: parameters[name] for name in ("mode", "as_of") if name in parameters}


def state_of(desk: Desk, schedule: Schedule) -> State:
    """Return the data in the state of knowledge a schedule shows."""
    tables = desk.tables(_frame(schedule.parameters))
    return read_state(tables.digest, tables.series)


@dataclass(frozen=True)
class Workshop:
    """Makes packs; `open_engine` opens what draws pictures, once a pack; `now` dates a report, where it is due."""

    desk: Desk
    now: Callable[[], dt.datetime]
    open_engine: Callable[[], AbstractContextManager[Engine]] = Engine

    def produce(self, job: Job, folder: Path) -> Outcome:
        """Make the files of a job in a folder; what cannot be made is named, and the rest is made all the same."""
        with self.open_engine() as engine:
            make = self._report if job.schedule.report else self._views
            return make(job.schedule, folder, engine)

    def _report(self, schedule: Schedule, folder: Path, engine: Draws) -> Outcome:
        """Make a report in a folder of its own, which is written whole or not at all, and take its files from there."""
        digest = self.desk.tables(_frame(schedule.parameters)).digest
        today = self.now().astimezone(ZoneInfo(schedule.zone)).date()
        order = _order(schedule.parameters, schedule.formats)
        pack = export_report(schedule.report, folder / "pack", self.desk, engine=engine, today=today, order=order)
        files = [path.relative_to(pack.folder).as_posix() for path in pack.files]
        for path in list(pack.folder.iterdir()):
            path.rename(folder / path.name)
        pack.folder.rmdir()
        return Outcome((*files, MANIFEST) if files else (), pack.problems, digest)

    def _views(self, schedule: Schedule, folder: Path, engine: Engine) -> Outcome:
        digest = self.desk.tables(_frame(schedule.parameters)).digest
        items, files = [], []
        for number, wanted in enumerate(schedule.views, 1):
            view_id = check_request(self.desk, wanted.view, {}).view_id
            names = [(f"{number:02d}-{view_id}.{fmt}", fmt) for fmt in schedule.formats]
            made = [self._file(folder / name, wanted, fmt, schedule.size, engine) for name, fmt in names]
            files += made
            items.append(self._item(number, wanted, made))
        delivered = [entry for entry in files if not entry["problem"]]
        if delivered:
            told = _manifest(schedule, digest, items, files)
            (folder / MANIFEST).write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        gaps = tuple(f"{entry['file']}: {entry['problem']}" for entry in files if entry["problem"])
        return Outcome((*(entry["file"] for entry in delivered), *([MANIFEST] if delivered else [])), gaps, digest)

    def _item(self, number: int, wanted: Wanted, files: list[dict[str, Any]]) -> dict[str, Any]:
        record: dict[str, Any] = {}
        if not all(entry["problem"] for entry in files):
            request = check_request(self.desk, wanted.view, wanted.parameters)
            exhibit = self.desk.exhibit(request.view_id, wanted.parameters)
            record = record_of(request, exhibit, self.desk.tables(wanted.parameters))
        failed = [entry for entry in files if entry["problem"]]
        return {
            "number": number,
            "view": wanted.view,
            "status": "failed" if failed else "drawn",
            "problem": "; ".join(entry["problem"] for entry in failed),
            "record": record,
            "files": [entry["file"] for entry in files if not entry["problem"]],
        }

    def _file(self, path: Path, wanted: Wanted, fmt: str, size: str, engine: Engine) -> dict[str, Any]:
        body, problem = self._body(wanted, fmt, size, engine)
        if body:
            path.write_bytes(body)
        digest = hashlib.sha256(body).hexdigest() if body else ""
        return {"file": path.name, "format": fmt, "problem": problem, "sha256": digest, "bytes": len(body)}

    def _body(self, wanted: Wanted, fmt: str, size: str, engine: Engine) -> tuple[bytes, str]:
        try:
            return export_view(self.desk, engine, wanted.view, wanted.parameters, fmt=fmt, size=size), ""
        except DataError as error:
            return b"", str(error)
        except Exception as error:
            LOG.exception("%s.%s could not be made", wanted.view, fmt)
            return b"", f"{type(error).__name__}; the reason is in the scheduler's log."


def _manifest(
    schedule: Schedule, digest: str, items: list[dict[str, Any]], files: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "schedule": schedule.name,
        "data_digest": digest,
        "versions": versions(),
        "requested": [item["view"] for item in items],
        "delivered": [item["view"] for item in items if item["status"] == "drawn"],
        "complete": not any(entry["problem"] for entry in files),
        "items": items,
        "files": files,
    }
