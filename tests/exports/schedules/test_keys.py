import base64
from pathlib import Path
from urllib.parse import quote

import pytest

from exports.schedules.keys import Keyring
from pipelines.errors import DataError


def test_a_secret_is_read_from_the_environment_or_a_file_outside(tmp_path: Path) -> None:
    outside = tmp_path / "outside" / "secret"
    outside.parent.mkdir()
    outside.write_text("word two\n")
    keys = Keyring({"HOOK": "word one"}, tmp_path / "project")
    assert (keys.read("env:HOOK"), keys.read(f"file:{outside}"), keys.read("plain")) == (
        "word one",
        "word two",
        "plain",
    )


def test_a_secret_is_struck_from_every_text_in_every_form(tmp_path: Path) -> None:
    secret = "p/ss w+rd&1"  # noqa: S105
    keys = Keyring({"S": secret}, tmp_path)
    assert keys.redact(secret) == secret
    keys.read("env:S")
    for form in (secret, quote(secret), quote(secret, safe=""), base64.b64encode(secret.encode()).decode()):
        assert keys.redact(f"failed with {form}!") == "failed with •••!"
    assert keys.redact("at https://bob:word@host/path") == "at https://•••@host/path"


def test_the_path_of_a_secret_address_is_secret_alone(tmp_path: Path) -> None:
    keys = Keyring({"HOOK": "https://hooks.example/T01/abc?x=1", "SHORT": "https://hooks.example/"}, tmp_path)
    keys.read("env:HOOK"), keys.read("env:SHORT")
    assert keys.redact("POST /T01/abc?x=1 failed / again") == "POST /••• failed / again"


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("env:NOT_SET", "NOT_SET is not set"),
        ("env:EMPTY", "EMPTY is not set"),
        ("file:secret", "outside the project"),
        ("file:{project}/secret", "outside the project"),
        ("file:{outside}/none", "cannot be read"),
        ("file:{outside}/empty", "is empty"),
    ],
)
def test_a_missing_secret_is_refused_with_its_remedy(tmp_path: Path, reference: str, words: str) -> None:
    project, outside = tmp_path / "project", tmp_path / "outside"
    for folder in (project, outside):
        folder.mkdir()
    (project / "secret").write_text("hush")
    (outside / "empty").write_text("\n")
    with pytest.raises(DataError) as refused:
        Keyring({"EMPTY": ""}, project).read(reference.format(project=project, outside=outside))
    assert words in str(refused.value) and "hush" not in str(refused.value)
