from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from exports.schedules.keys import Keyring
from exports.schedules.plan import Condition, Known, Plan, Wanted, read_file, read_plan
from pipelines.errors import DataError


def only_trade(view: str, parameters: Mapping[str, str]) -> None:
    if view != "trade-level":
        raise DataError(f"There is no view {view!r} (did you mean 'trade-level'?).")
    if set(parameters) - {"axis", "as_of"}:
        raise DataError("'axsi' is no parameter of trade-level (did you mean 'axis'?).")


def only_briefing(report: str, parameters: Mapping[str, str]) -> None:
    if report != "briefing":
        raise DataError(f"There is no report {report!r} (did you mean 'briefing'?).")


KNOWN = Known(only_trade, only_briefing, {"RUS.TRADE"}, ("pdf", "xlsx"), ("png", "csv"), ("screen", "slide"))
GOOD: dict[str, Any] = {
    "schedules": [
        {
            "name": "quarterly", "cron": "0 6 1 1,4,7,10 *", "timezone": "Europe/Berlin", "report": "briefing",
            "formats": ["pdf", "xlsx"], "destinations": ["archive"], "keep_packs": 8, "keep_days": 800,
            "only_if": "data changed",
        },
        {
            "name": "trade", "cron": "@weekly", "timezone": "Asia/Almaty", "size": "slide",
            "views": ["trade-level", {"view": "trade-level", "parameters": {"axis": "log"}}],
            "parameters": {"as_of": 2026}, "only_if": {"line": "RUS.TRADE", "above": 250e9},
        },
    ],
    "destinations": [{"name": "archive", "kind": "folder", "path": "/srv/packs"}],
}  # fmt: skip


def read(keys: Keyring | None = None, **sections: Any) -> Plan:
    return read_plan({**GOOD, **sections}, "settings.toml", KNOWN, keys)


def problems(keys: Keyring | None = None, **sections: Any) -> str:
    with pytest.raises(DataError) as refused:
        read(keys, **sections)
    return str(refused.value)


def test_a_plan_is_read_whole() -> None:
    plan = read()
    quarterly, trade = plan.schedules.values()
    assert (quarterly.report, quarterly.formats, quarterly.keep_packs, quarterly.keep_days) == (
        "briefing",
        ("pdf", "xlsx"),
        8,
        800,
    )
    assert quarterly.only_if == Condition(changed=True)
    assert trade.views == (
        Wanted("trade-level", {"as_of": "2026"}),
        Wanted("trade-level", {"as_of": "2026", "axis": "log"}),
    )
    assert trade.only_if == Condition(False, "RUS.TRADE", 250e9) and trade.formats == ("png",)
    assert (trade.size, quarterly.size, trade.contents) == ("slide", "screen", "trade-level, trade-level")


def test_an_empty_plan_is_a_plan() -> None:
    assert read_plan({}, "settings.toml", KNOWN, None) == Plan({}, {})


def test_all_problems_of_all_schedules_are_said_at_once_with_their_place() -> None:
    wrong = [
        {"name": "a", "cron": "61 6 * * *", "timezone": "Europe/Berlim", "report": "breifing"},
        {"name": "b", "cron": "0 6 * * *", "timezone": "UTC", "views": ["trade-levle"], "destinations": ["archiv"]},
        {"name": "../up", "cron": "0 6 * * *", "timezone": "UTC", "report": "briefing"},
        {
            "name": "b",
            "cron": "0 6 * * *",
            "timezone": "UTC",
            "views": [{"view": "trade-level", "parameters": {"axsi": 1}}],
        },
    ]
    said = problems(schedules=wrong)
    for words in (
        "settings.toml, [[schedules]] 1 'a': cron: '61' is no minute. Write 0 to 59",
        "[[schedules]] 1 'a': timezone: 'Europe/Berlim' is no time zone (did you mean 'Europe/Berlin'?)",
        "[[schedules]] 1 'a': report: There is no report 'breifing' (did you mean 'briefing'?)",
        "[[schedules]] 2 'b': views: There is no view 'trade-levle' (did you mean 'trade-level'?)",
        "[[schedules]] 2 'b': destinations: no [[destinations]] is named 'archiv' (did you mean 'archive'?)",
        "[[schedules]] 3 '../up': the name may only hold small letters, digits and hyphens",
        "[[schedules]] 4 'b': the name stands twice. Rename one.",
        "[[schedules]] 4 'b': views: 'axsi' is no parameter of trade-level",
    ):
        assert words in said
    assert len(said.split("\n")) == 8


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"cron": None}, "cron is missing. Add it, such as cron ="),
        ({"timezone": None}, "timezone is missing"),
        ({"cron": 6}, "cron must be a text"),
        ({"views": ["trade-level"]}, "give either report"),
        ({"report": None}, "give either report"),
        ({"report": None, "views": "trade-level"}, "views must be a list"),
        ({"report": None, "views": [1]}, "each view is a name, or a table"),
        ({"formats": ["pfd"]}, "formats: 'pfd' is not offered (did you mean 'pdf'?). Choose from: pdf, xlsx"),
        ({"formats": "pdf"}, "formats must be a list"),
        ({"size": "slid"}, "size: 'slid' is not offered (did you mean 'slide'?)"),
        ({"parameters": "as_of"}, "parameters must be a table"),
        ({"keep_packs": 0}, "keep_packs must be a whole number from 1"),
        ({"keep_days": -1}, "keep_days must be a whole number from 0"),
        ({"keep_packs": True}, "keep_packs must be a whole number"),
        ({"only_if": "data change"}, 'only_if must be "data changed" or'),
        ({"only_if": {"line": "RUS.TRADE", "above": 1, "below": 2}}, "only_if must be"),
        ({"only_if": {"above": 1, "below": 2}}, "there is no line ''"),
        ({"only_if": {"line": "RUS.TRAED", "above": 1}}, "there is no line 'RUS.TRAED' (did you mean 'RUS.TRADE'?)"),
        ({"only_if": {"line": "RUS.TRADE", "above": "high"}}, "above must be a number"),
        ({"retention": 3}, "unknown key 'retention'"),
        ({"crom": "x"}, "unknown key 'crom' (did you mean 'cron'?)"),
        ({"name": ""}, "the name may only hold"),
        ({"name": "a/b"}, "the name may only hold"),
        ({"name": "con\n"}, "the name may only hold"),
    ],
)
def test_a_wrong_value_is_refused_with_its_remedy(changes: dict[str, Any], words: str) -> None:
    entry = {"name": "a", "cron": "0 6 * * *", "timezone": "UTC", "report": "briefing"} | changes
    assert words in problems(schedules=[{key: value for key, value in entry.items() if value is not None}])


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"kind": "ftp"}, "kind = 'ftp' is unknown"),
        ({"kind": "folder"}, "path is missing"),
        ({"kind": "folder", "path": "packs"}, "path must be an absolute path"),
        ({"kind": "url", "url": "bucket/folder"}, "url must name its kind"),
        ({"kind": "url", "url": "s4://bucket"}, "s4:// is no kind of address known"),
        ({"kind": "url", "url": "memory://x", "options": 3}, "options must be a table"),
        ({"kind": "url", "url": "memory://x", "options": {"api_key": "123"}}, "options.api_key holds a secret"),
        ({"kind": "url", "url": "ftp://bob:word@h/"}, "url holds a secret in plain words"),
        ({"kind": "webhook", "url": "https://h/", "secret": "hush"}, "secret holds a secret in plain words"),
        ({"kind": "webhook", "url": "ftp://h/", "secret": "env:S"}, "url must be an http or https address"),
        ({"kind": "email", "host": "h", "sender": "a@b.c", "to": ["x"]}, "'x' is no e-mail address"),
        ({"kind": "email", "host": "h", "sender": "a@b.c\r\nBcc: d@e.f", "to": "a@b.c"}, "is no e-mail address"),
        ({"kind": "email", "host": "h", "sender": "a@b.c", "to": "a@b.c", "user": "u"}, "belong together"),
        ({"kind": "email", "host": "h", "sender": "a@b.c", "to": "a@b.c", "port": 0}, "port must be"),
        (
            {"kind": "email", "host": "h", "sender": "a@b.c", "to": "a@b.c", "security": "ssl"},
            "security must be one of",
        ),
        (
            {
                "kind": "email",
                "host": "h",
                "sender": "a@b.c",
                "to": "a@b.c",
                "user": "u",
                "password": "env:P",
                "security": "none",
            },
            "cross the network in the open",
        ),
        ({"kind": "folder", "path": "/srv", "pth": 1}, "unknown key 'pth' (did you mean 'path'?)"),
    ],
)
def test_a_wrong_destination_is_refused_and_its_secret_not_repeated(entry: dict[str, Any], words: str) -> None:
    said = problems(destinations=[{"name": "archive"} | entry])
    assert words in said
    assert "hush" not in said and "word@" not in said and "123" not in said


def test_a_missing_driver_is_one_sentence_with_the_remedy() -> None:
    pytest.importorskip("fsspec")
    try:
        import s3fs  # noqa: F401
    except ImportError:
        said = problems(destinations=[{"name": "archive", "kind": "url", "url": "s3://bucket/packs"}])
        assert 's3:// needs a driver that is not installed. Install it with `pip install "bilateral[s3]"`.' in said
    else:
        assert read(destinations=[{"name": "archive", "kind": "url", "url": "s3://bucket/packs"}])


def test_secrets_must_be_there_when_they_are_needed(tmp_path: Path) -> None:
    hook = {"name": "archive", "kind": "webhook", "url": "env:HOOK", "secret": "file:/nowhere/secret"}
    assert read(destinations=[hook])
    said = problems(Keyring({}, tmp_path), destinations=[hook])
    assert "the environment variable HOOK is not set" in said and "secret file /nowhere/secret cannot be read" in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[schedules]\n", "is not valid TOML"),
        ("[paths]\n", "unknown section paths"),
        ("[[schedule]]\n", "unknown section schedule (did you mean 'schedules'?)"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "own.toml").write_text(text)
    with pytest.raises(DataError) as refused:
        read_plan(read_file(tmp_path / "own.toml"), "own.toml", KNOWN, None)
    assert words in str(refused.value)


def test_a_strange_section_hides_no_other_problem() -> None:
    said = problems(exports={"folder": "packs"}, schedules=[{**GOOD["schedules"][0], "cron": "at noon"}])
    assert "settings.toml: unknown section exports" in said and "stands in settings.toml" in said
    assert "at noon" in said


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"cannot be read.*--schedules"):
        read_file(tmp_path / "none.toml")


def test_tables_must_be_tables() -> None:
    assert "must be written as [[schedules]] tables" in problems(schedules={"name": "a"})


def test_an_unknown_schedule_gets_the_nearest() -> None:
    with pytest.raises(DataError, match=r"no schedule 'quartely' \(did you mean 'quarterly'\?\)"):
        read().schedule("quartely")
