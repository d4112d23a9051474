"""The package as its users have it: installed, with the program beside it."""

import datetime
import json
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import pytest

import unlabel

DAY = "2026-11-22"


def program(*arguments: str, **more) -> subprocess.CompletedProcess:
    beside = Path(sys.executable).parent / "unlabel"
    return subprocess.run([str(beside), *arguments], capture_output=True, check=False, **more)


@pytest.fixture(scope="module")
def gateway(fixtures):
    return (fixtures / "real/mail-gateway.cdx.json").read_bytes()


def test_bytes_give_the_report_of_the_program(fixtures, gateway):
    report = unlabel.scan_bytes(gateway, name="-", role="reseller", as_of=DAY, market=["us", "de"], fact="us-person")
    flags = ["--role", "reseller", "--as-of", DAY, "--market", "us,de", "--fact", "us-person"]
    ran = program("scan", "--format", "json", *flags, "-", input=gateway)
    assert ran.returncode == 1 and ran.stderr == b""
    assert report == json.loads(ran.stdout)
    assert report["summary"]["exit_status"] == 1 and report["findings"]


def test_paths_give_the_report_of_the_program(fixtures):
    some = [fixtures / "twins", fixtures / "bad"]
    report = unlabel.scan_paths(some, as_of=DAY, threads=2)
    ran = program("scan", "--format", "json", "--as-of", DAY, *map(str, some))
    assert report == json.loads(ran.stdout)
    assert unlabel.scan_paths(str(fixtures / "real"), as_of=DAY)["findings"]


def test_what_is_not_stated_is_told(gateway):
    report = unlabel.scan_bytes(gateway)
    today = datetime.datetime.now(datetime.timezone.utc).date()
    assert report["context"]["assumed"] == ["role", "market", "as-of"]
    assert abs(datetime.date.fromisoformat(report["context"]["as_of"]) - today) <= datetime.timedelta(days=1)
    assert unlabel.scan_bytes(gateway, as_of=datetime.date(2026, 11, 22))["context"]["assumed"] == ["role", "market"]


@pytest.mark.parametrize("data", [b"", b"{}", b"\x00\xff" * 999, b'{"bomFormat": "CycloneDX", "components": [{'])
def test_a_bad_document_is_told_and_raises_nothing(data):
    report = unlabel.scan_bytes(data, name="bad.json", as_of=DAY)
    assert report["inputs"][0]["status"] != "read" and report["inputs"][0]["problems"]
    assert report["summary"]["exit_status"] != 0


def test_a_path_that_is_not_there_is_an_unread_input():
    report = unlabel.scan_paths("no/such/file.json", as_of=DAY)
    assert report["summary"]["unread"] == 1 and report["summary"]["exit_status"] == 2


def test_whatever_holds_bytes_is_taken(gateway):
    want = unlabel.scan_bytes(gateway, as_of=DAY)
    assert unlabel.scan_bytes(bytearray(gateway), as_of=DAY) == want
    assert unlabel.scan_bytes(memoryview(gateway), as_of=DAY) == want
    with pytest.raises(TypeError):
        unlabel.scan_bytes("text", as_of=DAY)  # type: ignore[arg-type]


def test_errors_are_exceptions(tmp_path):
    for wrong in [dict(role="resellr"), dict(market="Mars"), dict(act="x"), dict(fact="x"), dict(regime="x"),
                  dict(as_of="soon"), dict(as_of=datetime.datetime(2026, 1, 1)), dict(fail_on="x")]:
        with pytest.raises(unlabel.QuestionError) as told:
            unlabel.Scanner(**{"as_of": DAY, **wrong})
        assert isinstance(told.value, ValueError) and isinstance(told.value, unlabel.UnlabelError)
    (tmp_path / "a.toml").write_text("id = 3")
    for wrong in [tmp_path, "no/such/folder", [tmp_path], {"a.toml": "id = 3"}]:
        with pytest.raises(unlabel.RulesError):
            unlabel.Scanner(as_of=DAY, rules=wrong)
    with pytest.raises(TypeError):
        unlabel.Scanner(rolle="reseller")  # type: ignore[call-arg]
    with pytest.raises(unlabel.UnlabelError):
        unlabel.render({}, "text")
    with pytest.raises(unlabel.QuestionError):
        unlabel.render(unlabel.scan_bytes(b"", as_of=DAY), "word")


def test_own_rules(tmp_path):
    rule = (
        'schema = 1\nkind = "organization"\nid = "examplia"\ntitle = "Examplia Security"\nstatus = "confirmed"\n'
        'updated = 2026-11-22\n[[source]]\nkey = "r"\ntitle = "Register"\npublisher = "P"\nofficial = true\n'
        'read = 2026-11-20\n[[name]]\ntext = "Examplia Security"\ntype = "legal-entity"\nstrength = "strong"\n'
        'sources = ["r"]\n'
    )
    sbom = b'{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"type": "library", "name": "kit",' \
        b' "supplier": {"name": "Examplia Security"}}]}'
    assert unlabel.scan_bytes(sbom, as_of=DAY)["findings"] == []
    (tmp_path / "examplia.toml").write_text(rule)
    for rules in ({"examplia.toml": rule}, tmp_path, [tmp_path]):
        report = unlabel.scan_bytes(sbom, as_of=DAY, rules=rules)
        assert [f["organization"] for f in report["findings"]] == ["Examplia Security"]
        assert report["rules"]["sha256"] == unlabel.rules_digest(rules=rules) != unlabel.rules_digest()
    assert "examplia" in {rule["id"] for rule in unlabel.rules(rules=tmp_path)}


def test_rules():
    rules = unlabel.rules()
    assert {"organization", "regime", "not-this"} <= {rule["kind"] for rule in rules}
    assert [rule["id"] for rule in rules] == sorted(rule["id"] for rule in rules)
    stamp = unlabel.Scanner().stamp
    assert stamp["sha256"] == unlabel.rules_digest() and len(stamp["sha256"]) == 64 and stamp["count"] > 10


def test_forms(gateway, fixtures):
    report = unlabel.scan_bytes(gateway, name="-", as_of=DAY)
    assert {"json", "sarif", "markdown"} <= set(unlabel.formats())
    for form in unlabel.formats():
        ran = program("scan", "--as-of", DAY, "--format", form, "-", input=gateway)
        assert unlabel.render(report, form) == ran.stdout.decode()


def test_the_interpreter_is_free_while_a_document_is_scanned():
    filler = ",".join('{"type":"library","name":"example-%d","version":"%d"}' % (n, n) for n in range(400_000))
    sbom = ('{"bomFormat":"CycloneDX","specVersion":"1.6","components":[%s]}' % filler).encode()
    scanner = unlabel.Scanner(as_of=DAY)
    scanner.scan_bytes(b"{}")
    ticks = 0
    done = threading.Event()

    def work() -> None:
        scanner.scan_bytes(sbom)
        done.set()

    before = time.monotonic()
    thread = threading.Thread(target=work)
    thread.start()
    while not done.wait(0.001):
        ticks += 1
    thread.join()
    took = time.monotonic() - before
    # A lock that is held would let this thread look once or twice.
    assert ticks > 5, f"{ticks} looks in {took} s"


def test_the_program_ends_as_it_does():
    version = program("--version")
    assert (version.returncode, version.stdout.decode()) == (0, f"unlabel {unlabel.__version__}\n")
    assert program("scan", "no/such/file.json").returncode == 2
    wrong = program("scan", "--roel", "x")
    assert wrong.returncode == 2 and b"--role" in wrong.stderr
    module = subprocess.run([sys.executable, "-m", "unlabel", "rules", "list"], capture_output=True, check=True)
    assert b"kaspersky" in module.stdout


def test_what_is_exported_is_documented():
    for name in unlabel.__all__:
        assert name.startswith("__") or getattr(unlabel, name).__doc__, name


def test_the_page_runs_as_it_stands(fixtures, gateway, snippets, tmp_path, monkeypatch, capsys):
    (tmp_path / "suppliers").mkdir()
    (tmp_path / "suppliers/gateway.json").write_bytes(gateway)
    with zipfile.ZipFile(tmp_path / "delivery.zip", "w") as delivery:
        delivery.writestr("gateway.json", gateway)
        delivery.writestr("broken.cdx.json", gateway[:400])
    monkeypatch.chdir(tmp_path)
    exec(snippets[0], {"data": gateway})
    said = capsys.readouterr().out
    assert said.count("prohibited av-sdk") == 2
    assert "delivery.zip!broken.cdx.json was not read:" in said
    assert "# " in said and "suppliers/gateway.json" in said, "the report as Markdown is printed last"
