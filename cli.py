"""Second door: the command line; it reads arguments, the clock and the environment, and prints."""

import argparse
import datetime as dt
import gc
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeVar

from pipelines import entry, flow, query
from pipelines.checks import printing
from pipelines.checks.finding import WORDS
from pipelines.errors import DataError
from pipelines.gate import Gate
from pipelines.settings import Settings, load_settings
from pipelines.tables import AsKnown

if TYPE_CHECKING:
    from components.desk import Desk
    from exports.orders import Answer

Given = TypeVar("Given")
ROOT = Path(__file__).resolve().parent
FORECAST_FORMATS = ("table", "csv", "json")
_REQUIRED = ("value", "measures", "indicator", "ref_area", "role", "source_id", "url")
_OPTIONAL = (
    "counterpart_area",
    "commodity",
    "project_id",
    "measure_type",
    "period",
    "unit",
    "published",
    "said_by",
    "locator",
    "caveats",
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns 0, or 1 with one message on standard error when the input is refused."""
    try:
        arguments = parser().parse_args(argv)
        return int(arguments.run(arguments))
    except DataError as error:
        print(f"bilateral: {error}", file=sys.stderr)  # noqa: T201
        return 1
    except KeyboardInterrupt:
        print("\nbilateral: stopped", file=sys.stderr)  # noqa: T201
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


class Parser(argparse.ArgumentParser):
    """Refuses words it does not know in one message, as everything else is refused, and names the help to read."""

    def error(self, message: str) -> NoReturn:
        """Raise what is wrong with the words of a command."""
        raise DataError(f"{message.removesuffix('.')}. See {self.prog} --help.")


def parser() -> argparse.ArgumentParser:
    """Return the whole command line, from which docs/cli.md is generated."""
    root = Parser(prog="bilateral", description="Quoted and official figures as series with provenance.")
    root.add_argument(
        "--settings",
        type=Path,
        default=ROOT / "settings.toml",
        help="settings file (default: settings.toml of the checkout)",
    )
    commands = root.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for add in (
        _add_build,
        _add_check,
        _add_verify,
        _add_read,
        _add_observations,
        _add_add,
        _add_forecast,
        _add_backtest,
        _add_export,
        _add_schedule,
        _add_serve,
    ):
        add(commands)
    return root


def _command(
    commands: object, name: str, run: Callable[[argparse.Namespace], int], text: str
) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)  # type: ignore[attr-defined]
    made.set_defaults(run=run)
    return made


def _add_build(commands: object) -> None:
    made = _command(commands, "build", _build, "Bring the Parquet store up to date with datasets/.")
    made.add_argument("--force", action="store_true", help="build although nothing changed")
    made.add_argument(
        "--gate",
        action="store_true",
        help="refuse to replace the last store when published values move or are lost, or a contradiction appears",
    )
    made.add_argument(
        "--accept", nargs="+", action="extend", default=[], metavar="NAME", help="changes accepted behind the gate"
    )
    made.add_argument(
        "--most-change", type=_percent, metavar="PERCENT", help="how far a value may move (default: [gate] most_change)"
    )
    made.add_argument(
        "--changes", type=Path, metavar="FILE", help="write Figures changed here (default: beside the store)"
    )


def _add_check(commands: object) -> None:
    made = _command(
        commands, "check", _check, "Check schema, code lists, references, chains and figures without writing anything."
    )
    made.add_argument("--findings", action="store_true", help="print what the rules find between figures")
    made.add_argument(
        "--candidate",
        type=Path,
        metavar="FILE",
        help="CSV of new figures (columns of the ledger or the press table): print what the rules find with them",
    )
    made.add_argument("--format", choices=printing.FORMATS, default="table", help="how to print (default: table)")
    made.add_argument(
        "--fail-on",
        dest="fail_on",
        action="append",
        choices=sorted(WORDS),
        default=[],
        metavar="VERDICT",
        help="exit 1 when an open finding has this verdict, e.g. contradiction; may be repeated",
    )


def _add_verify(commands: object) -> None:
    made = _command(
        commands, "verify", _verify, "Find every figure of the ledgers again in the documents, by offset and hash."
    )
    made.add_argument("--documents", type=Path, help="folder with the source documents (default: [paths] documents)")


def _add_read(commands: object) -> None:
    made = _command(commands, "read", _read, "List the numeric mentions of a text as candidates for a ledger.")
    made.add_argument("file", type=Path, help="UTF-8 text file")
    made.add_argument("--all", action="store_true", help="dates, footnotes, names and citations as well")


def _add_observations(commands: object) -> None:
    made = _command(commands, "observations", _observations, "Print observations chosen by their dimensions.")
    for name in query.FILTERS:
        made.add_argument(f"--{name.replace('_', '-')}", dest=name, help=f"only this {name}")
    made.add_argument("--hidden", action="store_true", help="include misprints and other scopes")
    made.add_argument("--as-of", dest="as_of", help="date: 2016, 2016-08 or 2016-08-31")
    made.add_argument(
        "--mode",
        choices=("published", "cut"),
        help="with --as-of: as published by then (default), or latest values cut at that year",
    )
    made.add_argument("--format", choices=query.FORMATS, default="table", help="how to print (default: table)")


def _add_add(commands: object) -> None:
    made = _command(commands, "add", _add, "Append one sourced number: read back, checked, then written.")
    for name in (*_REQUIRED, *_OPTIONAL):
        made.add_argument(f"--{name.replace('_', '-')}", dest=name, help=_HELP.get(name, name.replace("_", " ")))
    made.add_argument("--yes", action="store_true", help="write without asking")


def _add_forecast(commands: object) -> None:
    made = _command(
        commands,
        "forecast",
        _forecast,
        "Forecast a line of the store, or the reader's own series, with bands and odds.",
    )
    made.add_argument(
        "--input", type=Path, help="CSV with columns series_id, t, value; rows of split `test` are left out"
    )
    made.add_argument("--output", type=Path, help="write the forecasts here instead of printing them")
    _add_method(made)
    made.add_argument(
        "--horizon",
        type=int,
        help="years ahead (default: to the target's year, at least 5), months of a monthly line (24)",
    )
    made.add_argument("--levels", default="80,95", help="bands in percent (default: 80,95)")
    made.add_argument("--as-of", dest="as_of", default="", help="year: read nothing after it, in today's edition")
    made.add_argument(
        "--target", default="", help="VALUE@YEAR in base units, e.g. 300e9@2030 or 300e9:USD@2030: adds the odds"
    )
    made.add_argument("--scenario", default="none", help="growth=5, brent=low|flat|high or ramp=START,YEARS,CAPACITY")
    made.add_argument("--jobs", type=int, default=1, help="with --input: processes (default: 1)")
    made.add_argument("--fallback", choices=("naive",), help="with --input: give refused series the last value")
    made.add_argument("--archive", action="store_true", help="keep the forecast, to be scored when the value arrives")
    made.add_argument("--scorecard", action="store_true", help="score the archived forecasts against what came")
    made.add_argument("--list", action="store_true", help="list the lines a forecast can be asked of")
    made.add_argument("--format", choices=FORECAST_FORMATS, help="default: table, csv with --output")


def _add_backtest(commands: object) -> None:
    made = _command(commands, "backtest", _backtest, "Score past forecasts of a line against naive and drift.")
    _add_method(made)
    made.add_argument("--horizon", type=int, default=5, help="years ahead (default: 5)")
    made.add_argument("--levels", default="80,95", help="bands in percent (default: 80,95)")
    made.add_argument("--format", choices=FORECAST_FORMATS, help="how to print (default: table)")


def _add_method(made: argparse.ArgumentParser) -> None:
    made.add_argument("--series", default="", help="line of the store (default: China-reported trade with Russia)")
    made.add_argument("--model", default="median", help="median, naive, drift, ets_c, damped_c, theta_bct, arima, ucm")
    made.add_argument("--train", default="", help="training window FROM:TO, either end may be missing")


def _add_export(commands: object) -> None:
    made = _command(
        commands,
        "export",
        _export,
        "Write a chart, a page or a report as files; list what can be exported; verify an exported file.",
    )
    made.add_argument("action", nargs="?", choices=("verify",), help="verify: is an exported file or pack current?")
    made.add_argument("path", nargs="?", type=Path, help="with verify: the file, or the folder of a pack")
    made.add_argument("--view", help="chart, or page for its first chart; --list names them")
    made.add_argument("--page", help="page as one file made like a report: today, trade, energy …")
    made.add_argument("--report", help="briefing, sheet, or a TOML file: a pack of files with a manifest")
    made.add_argument("--formats", default="pdf", help="with --report: pdf,html,xlsx,docx,pptx,png (default: pdf)")
    made.add_argument("--paper", choices=("a4", "letter"), help="with --report: default as the report says")
    made.add_argument("--language", help="with --report: number formats, e.g. en, de, fr, ru, kk, zh")
    made.add_argument("--as-of", dest="as_of", help="with --report: only what was published by then, e.g. 2016-05-31")
    made.add_argument("--param", action="append", default=[], metavar="NAME=VALUE", help="as in the page's address")
    made.add_argument(
        "--format",
        help="png, svg, pdf, csv, parquet (default: by --out); of a page pdf, html …; with --list: table, json",
    )
    made.add_argument("--size", default="screen", help="screen, slide, column, page, social (default: screen)")
    made.add_argument("--out", type=Path, help="file to write (default: VIEW-SIZE.FORMAT here); of a report the folder")
    made.add_argument("--list", action="store_true", help="list every view with its parameters and defaults")


def _add_schedule(commands: object) -> None:
    made = _command(
        commands, "schedule", _schedule, "Keep the schedules of a settings file: make packs when due and send them."
    )
    made.add_argument(
        "action",
        choices=("run", "list", "next", "history", "run-now"),
        help="run: keep them until stopped; list, next, history: tell; run-now NAME: one run at once",
    )
    made.add_argument("name", nargs="?", default="", help="schedule (run-now; history: only this one)")
    made.add_argument("--schedules", type=Path, help="file with [[schedules]] and [[destinations]] (default: settings)")
    made.add_argument("--format", choices=("table", "json"), default="table", help="how to print (default: table)")


def _add_serve(commands: object) -> None:
    made = _command(commands, "serve", _serve, "Serve the dashboard.")
    made.add_argument("--host", help="address to listen on (default: settings, 127.0.0.1)")
    made.add_argument("--port", help="port to listen on (default: settings, 8050)")
    made.add_argument("--documents", type=Path, help="folder with the source documents: passages are shown")
    made.add_argument("--workers", type=_positive, default=2, help="worker processes (default: 2)")


_HELP = {
    "value": "the number in the source's own words, e.g. 'nearly US$9 billion'",
    "measures": "what it measures, in your words",
    "period": "2014, 2020-01/2020-08 or 2013-12-31; left out: undated",
    "unit": "code of CL_UNIT where the words alone do not say it, e.g. COUNT",
    "measure_type": "level, flow, stock and so on (default: what the indicator usually is)",
    "source_id": "row of datasets/sources.csv that published it",
    "published": "date of publication",
}


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not 1 or more")
    return number


def _percent(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 100:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 0 to 100")
    return number


def _settings(arguments: argparse.Namespace) -> Settings:
    environ = dict(os.environ)
    for name in ("host", "port"):
        if getattr(arguments, name, None):
            environ[name.upper()] = getattr(arguments, name)
    if getattr(arguments, "documents", None):
        environ["BILATERAL_DOCUMENTS"] = str(arguments.documents.resolve())
    return load_settings(arguments.settings, environ)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


def _warn(text: str) -> None:
    print(f"bilateral: {text}", file=sys.stderr)  # noqa: T201


def _build(arguments: argparse.Namespace) -> int:
    settings = _settings(arguments)
    for option in ("accept", "most_change", "changes"):
        if not arguments.gate and getattr(arguments, option) not in (None, []):
            raise DataError(f"--{option.replace('_', '-')} says something of the gate. Add --gate.")
    gate = _gate(arguments, settings) if arguments.gate else None
    gc.freeze()  # what was imported stays: the collector need not walk it again and again
    pointer, built = flow.build(settings.datasets, settings.store, force=arguments.force, gate=gate, warn=_warn)
    rows = {name: table["rows"] for name, table in pointer["tables"].items()}  # type: ignore[attr-defined]
    size = f"{rows['core_observations']} observations, {sum(rows.values())} rows in {len(rows)} tables"
    _say(f"{'built' if built else 'up to date'}: {size}, digest {str(pointer['digest'])[:12]}")
    if built and flow.update_lock(settings.datasets, pointer):
        _say(f"{settings.datasets.name}/store.lock changed: commit it with the data.")
    return 0


def _gate(arguments: argparse.Namespace, settings: Settings) -> Gate:
    return Gate(
        most_change=settings.most_change if arguments.most_change is None else arguments.most_change,
        accepted=arguments.accept,
        path=arguments.changes or settings.store.parent / "figures-changed.md",
        say=_say,
    )


def _warm(settings: Settings) -> None:
    """Keep what the page of forecasts shows first; with unchanged data it is kept already."""
    from pipelines.outlook.warm import warm  # noqa: PLC0415 - as below

    warm(flow.load_tables(settings.store), settings.datasets / "forecasts")


def _check(arguments: argparse.Namespace) -> int:
    settings = _settings(arguments)
    if arguments.candidate or arguments.findings or arguments.fail_on:
        return _check_figures(settings, arguments)
    if arguments.format == "json":
        raise DataError("--format json prints findings. Add --findings or --candidate FILE.")
    frames = flow.build_frames(settings.datasets)
    counts = ", ".join(f"{len(frames[f'core_{name}'])} {name}" for name in ("observations", "chains", "commitments"))
    _say(f"checked: {counts}; no problem found")
    return 0


def _check_figures(settings: Settings, arguments: argparse.Namespace) -> int:
    if arguments.candidate:
        findings = flow.check_candidates(settings.datasets, arguments.candidate)
    else:
        findings = flow.build_tables(settings.datasets).findings
    _say(printing.print_findings(findings, arguments.format))
    return 1 if printing.stops(findings, arguments.fail_on) else 0


def _verify(arguments: argparse.Namespace) -> int:
    settings = _settings(arguments)
    if settings.documents is None:
        raise DataError("no documents folder is set. Give --documents DIR or set [paths] documents in settings.toml.")
    from pipelines.extract.documents import verify_documents  # noqa: PLC0415 - as below

    report = verify_documents(settings.documents, flow.read_datasets(settings.datasets))
    _say(report.text)
    return 0 if report.is_good else 1


def _read(arguments: argparse.Namespace) -> int:
    from pipelines.extract.mentions import find_mentions  # noqa: PLC0415 - as below

    mentions = find_mentions(arguments.file)
    shown = mentions if arguments.all else mentions[mentions["kind"] == "figure"]
    _say(shown.to_csv(index=False, lineterminator="\n").rstrip())
    return 0


def _observations(arguments: argparse.Namespace) -> int:
    settings = _settings(arguments)
    as_known = _as_known(arguments)
    flow.build(settings.datasets, settings.store, warn=_warn)
    chosen = {name: value for name in query.FILTERS if (value := getattr(arguments, name)) is not None}
    tables, latest = flow.load_tables(settings.store, as_known), flow.load_tables(settings.store)
    rows, notes = query.select_known(tables, latest, chosen, hidden=arguments.hidden)
    sys.stdout.buffer.write(query.render(rows, arguments.format))
    for note in notes:
        _warn(note)
    return 0


def _as_known(arguments: argparse.Namespace) -> AsKnown:
    if arguments.as_of is not None:
        return AsKnown(arguments.mode or "published", arguments.as_of)
    if arguments.mode is not None:
        raise DataError(f"--mode {arguments.mode} needs a date. Give --as-of, e.g. --as-of 2016.")
    return AsKnown()


def _add(arguments: argparse.Namespace) -> int:
    settings = _settings(arguments)
    given = {name: value for name in (*_REQUIRED, *_OPTIONAL) if (value := getattr(arguments, name))}
    entry.missing_fields(given, _REQUIRED)
    typed = {entry.OPTIONS.get(name, name): value for name, value in given.items()}
    known = flow.observe_all(settings.datasets)
    made = entry.compose_entry(settings.datasets, typed, known, dt.datetime.now(tz=dt.UTC).date())
    _say(entry.read_back(made))
    if not arguments.yes and not _agreed("Append this figure? [y/N] "):
        _say("nothing was written")
        return 1
    path = entry.append_entry(settings.datasets, made)
    _say(f"appended to {path.parent.name}/{path.name}; run `bilateral build` to show it")
    return 0


def _agreed(question: str) -> bool:
    try:
        return input(question).strip().lower() in ("y", "yes")
    except EOFError:
        _say("")
        return False


def _forecast(arguments: argparse.Namespace) -> int:
    from pipelines.outlook import orders  # noqa: PLC0415 - the models take longer to import than other commands run

    options = orders.Options(**{name: getattr(arguments, name) for name in orders.NAMES})
    if arguments.input is not None:
        order = orders.forecast_file(arguments.input, options)
    else:
        settings = _settings(arguments)
        flow.build(settings.datasets, settings.store, warn=_warn)
        places = orders.Places(settings.datasets / "forecasts", settings.datasets / "archive")
        today = dt.datetime.now(tz=dt.UTC).date()
        order = orders.forecast_line(flow.load_tables(settings.store), options, places, today)
    for message in order.messages:
        _warn(message)
    if arguments.output is None:
        _say(order.text.rstrip("\n"))
    else:
        orders.write_output(arguments.output, order.text)
    return 0 if order.complete else 1


def _backtest(arguments: argparse.Namespace) -> int:
    from pipelines.outlook import orders  # noqa: PLC0415 - as above

    settings = _settings(arguments)
    options = orders.Options(
        **{name: value for name in orders.NAMES if (value := getattr(arguments, name, None)) is not None}
    )
    flow.build(settings.datasets, settings.store, warn=_warn)
    order = orders.backtest_line(flow.load_tables(settings.store), options, settings.datasets / "forecasts")
    _say(order.text.rstrip("\n"))
    return 0


def _export(arguments: argparse.Namespace) -> int:
    from exports import orders  # noqa: PLC0415 - drawing takes longer to import than other commands run

    desk = _desk(arguments)
    if arguments.list:
        answer = orders.order_list(desk, arguments.format)
    elif arguments.action == "verify":
        answer = orders.order_verify(desk, _given(arguments.path, "a file or folder after verify"))
    elif arguments.report or arguments.page:
        answer = _export_pages(arguments, desk)
    else:
        view = _given(arguments.view, "--view VIEW, --page PAGE, --report REPORT, --list, or verify PATH")
        answer = orders.order_view(
            desk, view, arguments.param, fmt=arguments.format, size=arguments.size, out=arguments.out
        )
    _say(answer.text)
    return 0 if answer.is_good else 1


def _schedule(arguments: argparse.Namespace) -> int:
    from exports.schedules import keeping  # noqa: PLC0415 - as above

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    logging.getLogger("bilateral").setLevel(logging.INFO)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop_once)
    answer = keeping.answer(
        keeping.Order(arguments.action, arguments.name, arguments.schedules, arguments.format),
        _settings(arguments),
        partial(_desk, arguments),
        os.environ,
        lambda: dt.datetime.now(tz=dt.UTC),
    )
    if answer.text:
        _say(answer.text)
    return 0 if answer.is_good else 1


def _stop_once(*_: object) -> None:
    """Stop at the first signal; let no later one break off what is being put in order."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _export_pages(arguments: argparse.Namespace, desk: "Desk") -> "Answer":
    from exports import orders  # noqa: PLC0415 - as above
    from exports.papers import report  # noqa: PLC0415 - as above

    today = dt.datetime.now(tz=dt.UTC).date()
    if arguments.page:
        fmt = arguments.format or "pdf"
        return orders.order_page(desk, arguments.page, arguments.param, arguments.out, today, fmt)
    order = report.Order(
        formats=tuple(arguments.formats.split(",")),
        paper=arguments.paper or "",
        language=arguments.language or "",
        as_of=arguments.as_of or "",
    )
    return orders.order_report(desk, arguments.report, arguments.param, arguments.out, today, order)


def _given(value: Given | None, needed: str) -> Given:
    if value is None:
        raise DataError(f"export needs {needed}.")
    return value


def _desk(arguments: argparse.Namespace) -> "Desk":
    """Return the desk over an up-to-date store, as the pages have it."""
    from components.desk import Desk  # noqa: PLC0415 - as above
    from components.site import PAGES  # noqa: PLC0415 - as above
    from pipelines.outlook.shelf import keep_in  # noqa: PLC0415 - as above

    settings = _settings(arguments)
    flow.build(settings.datasets, settings.store, warn=_warn)
    keep_in(settings.datasets / "forecasts")
    return Desk(partial(flow.load_tables, settings.store), PAGES, lambda: dt.datetime.now(tz=dt.UTC).date())


def _serve(arguments: argparse.Namespace) -> int:
    from exports.pictures.ready import lacking  # noqa: PLC0415 - as above

    settings = _settings(arguments)
    _refuse_used_port(settings.host, settings.port)
    flow.build(settings.datasets, settings.store, warn=_warn)
    _warm(settings)
    address = {"HOST": settings.host, "PORT": str(settings.port)}
    environ = dict(os.environ) | address | {"BILATERAL_SETTINGS": str(arguments.settings.resolve())}
    if settings.documents is not None:
        environ["BILATERAL_DOCUMENTS"] = str(settings.documents)
    if lack := lacking():
        _say(lack)
    _say("Drawing every chart once; the address follows in a moment …")
    sys.stdout.flush()
    command = [sys.executable, "-m", "gunicorn", "--chdir", str(ROOT), "--bind", f"{settings.host}:{settings.port}"]
    command += ["--workers", str(arguments.workers), "app:server"]
    os.execve(sys.executable, command, environ)  # noqa: S606


def _refuse_used_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise DataError(
                f"{host}:{port} cannot be used: {error.strerror}. Choose another with PORT=8051 or HOST=127.0.0.1."
            ) from error


if __name__ == "__main__":
    sys.exit(main())
