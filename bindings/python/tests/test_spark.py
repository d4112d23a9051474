"""The same findings on Spark as on one machine: a real cluster, bad documents, and a worker that dies."""

from __future__ import annotations

import collections
import functools
import gzip
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pyarrow as pa
import pytest
from cluster import Cluster
from pyspark.sql import SparkSession

import unlabel
from unlabel import spark as unlabel_spark

DAY = "2026-11-22"
CONTEXT = {"role": "integrator", "market": "us", "as_of": DAY}
EXAMPLES = Path(__file__).resolve().parents[3] / "examples/spark"
sys.path.insert(0, str(EXAMPLES))


def connect(master: str, **more: str) -> SparkSession:
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master(master).appName("test")
    settings = {
        "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", "spark.ui.enabled": "false",
        "spark.executor.memory": "700m", "spark.sql.shuffle.partitions": "2", "spark.driver.memory": "1g",
        "spark.sql.session.timeZone": "UTC",
        # Java's own: Spark's snappy takes the wrong library where musl is installed beside glibc.
        "spark.sql.parquet.compression.codec": "gzip",
    }  # fmt: skip
    for key, value in {**settings, **more}.items():
        builder = builder.config(key, value)
    return builder.getOrCreate()


@pytest.fixture(scope="module")
def local():
    session = connect("local[2]")
    unlabel_spark.configure(session)
    yield session
    session.stop()


@pytest.fixture(scope="module")
def folder(fixtures, tmp_path_factory) -> Path:
    """Every fixture, names that are awkward, and documents made to hurt."""
    folder = tmp_path_factory.mktemp("documents")
    shutil.copytree(fixtures, folder / "fixtures")
    real = (fixtures / "real/mail-gateway.cdx.json").read_bytes()
    awkward = folder / "with blanks, 100% [odd] {names} ü"
    awkward.mkdir()
    (awkward / "a*b?.json").write_bytes(real)
    poison = folder / "poison"
    poison.mkdir()
    (poison / "empty.json").write_bytes(b"")
    (poison / "noise.bin").write_bytes(bytes(range(256)) * 4096)
    (poison / "deep.json").write_bytes(b'{"bomFormat":"CycloneDX","components":' + b"[" * 3_000_000)
    (poison / "bomb.json.gz").write_bytes(gzip.compress(bytes(400 << 20), 9))
    (poison / "half.json").write_bytes(real[: len(real) // 2])
    return folder


def bare(value):
    """Without keys that are empty: a table has every column, JSON leaves some out."""
    if isinstance(value, dict):
        return {k: bare(v) for k, v in value.items() if v is not None}
    return [bare(v) for v in value] if isinstance(value, list) else value


def found(finding: dict) -> str:
    """A finding to compare: without what belongs to one report."""
    mine = {k: v for k, v in bare(finding).items() if k not in ("input", "waiver", "baseline")}
    return json.dumps(mine, sort_keys=True)


INPUT = ("path", "status", "format", "serialization", "spec_version", "bytes", "sha256", "components", "level",
         "inconclusive", "disclosure", "product", "problems", "more_problems")  # fmt: skip


def from_spark(rows) -> collections.Counter:
    """What Spark says of each document, as often as it says it."""
    said = collections.Counter()
    for row in (r.asDict(recursive=True) for r in rows):
        about = json.dumps(bare({k: row[k] for k in INPUT}), sort_keys=True)
        lists = tuple(tuple(found(one) for one in row[name]) for name in ("findings", "set_aside", "questions"))
        said[(row["source"], row["number"], about, lists)] += 1
    return said


def from_here(paths, **context) -> collections.Counter:
    """What one machine says of them, document by document."""
    scanner = unlabel.Scanner(**context)
    said = collections.Counter()
    for path in paths:
        name = f"file:{path}"
        report = scanner.scan_bytes(Path(path).read_bytes(), name)
        for number, document in enumerate(report["inputs"]):
            about = json.dumps(bare({k: document[k] for k in INPUT}), sort_keys=True)
            lists = tuple(
                tuple(found(one) for one in report[name] if one["input"] == number)
                for name in ("findings", "set_aside", "questions")
            )
            said[(name, number, about, lists)] += 1
    return said


def listed(path: Path, below: Path) -> bool:
    """Whether Spark lists it: it passes over names that begin so, whatever is in them (docs/scale.md)."""
    return not any(part.startswith((".", "_")) for part in path.relative_to(below).parts)


def every(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def files(folder: Path) -> list[Path]:
    return [path for path in every(folder) if listed(path, folder)]


def by_name(rows) -> dict[str, object]:
    return {Path(row.source).name: row for row in rows}


def same(ours: collections.Counter, theirs: collections.Counter) -> None:
    lost, more = theirs - ours, ours - theirs
    assert not lost and not more, (
        f"{len(lost)} lost, {len(more)} more or twice: {[k[:3] for k in list(lost)[:2]]} {[k[:3] for k in list(more)[:2]]}"
    )


@pytest.mark.parametrize("through_spark", [False, True])
def test_a_worker_dies_and_nothing_is_lost_or_twice(folder, tmp_path, through_spark):
    """Many copies of each document, so that the job is at work when the worker goes."""
    many = tmp_path / "many"
    for copy in range(4):
        shutil.copytree(folder, many / str(copy))
    with Cluster(tmp_path) as cluster:
        session = connect(cluster.url)
        try:
            context = session.sparkContext
            executors = lambda: context._jsc.sc().getExecutorMemoryStatus().size() - 1  # noqa: E731
            deadline = time.monotonic() + 120
            while executors() < 2:
                assert time.monotonic() < deadline, "two executors do not come"
                time.sleep(0.2)
            # Small tasks, so that many are left to do.
            if through_spark:
                unlabel_spark.configure(session, big=1 << 20, together=8)
                documents = unlabel_spark.scan(unlabel_spark.read(session, str(many)), **CONTEXT)
            else:
                documents = unlabel_spark.scan_files(unlabel_spark.list_files(session, str(many), big=1 << 20), **CONTEXT)
            output = str(tmp_path / "out")
            failed: list[BaseException] = []

            def work() -> None:
                try:
                    documents.write.parquet(output)
                except BaseException as error:  # noqa: BLE001 - told below
                    failed.append(error)

            job = threading.Thread(target=work)
            job.start()
            left = 0
            while job.is_alive():
                tracker = context.statusTracker()
                stages = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
                at_work = [s for s in stages if s and 2 <= s.numCompletedTasks < s.numTasks // 2]
                if at_work:
                    left = at_work[0].numTasks - at_work[0].numCompletedTasks
                    cluster.kill_worker()
                    break
                time.sleep(0.02)
            job.join(timeout=400)
            assert not job.is_alive() and not failed, failed
            assert left > 10, "the job was over before the worker died: nothing was tried"
            assert executors() == 1
            there = files(many) if through_spark else every(many)
            same(from_spark(session.read.parquet(output).collect()), from_here(there, **CONTEXT))
        finally:
            session.stop()


def test_the_same_findings_as_the_program(local, folder):
    by_workers = unlabel_spark.scan_files(unlabel_spark.list_files(local, str(folder)), **CONTEXT)
    same(from_spark(by_workers.collect()), from_here(every(folder), **CONTEXT))
    documents = unlabel_spark.scan(unlabel_spark.read(local, str(folder)), **CONTEXT).cache()
    same(from_spark(documents.collect()), from_here(files(folder), **CONTEXT))

    # The program over the whole folder passes over what is no SBOM; what it finds, it finds in the same files.
    program = Path(sys.executable).parent / "unlabel"
    flags = ["--role", "integrator", "--market", "us", "--as-of", DAY, "--format", "json"]
    ran = subprocess.run([str(program), "scan", *flags, str(folder)], capture_output=True, check=False)
    report = json.loads(ran.stdout)
    theirs = collections.Counter((report["inputs"][f["input"]]["path"], found(f)) for f in report["findings"])
    rows = unlabel_spark.findings(documents).collect()
    keys = {"source", "number", "path", "sha256", "supplier", "rules_sha256", "rules_version", "tool_version", "context"}
    plain = [{k: v for k, v in r.asDict(recursive=True).items() if k not in keys} for r in rows]
    ours = collections.Counter((r.path.removeprefix("file:"), found(f)) for r, f in zip(rows, plain))
    assert ours == theirs and len(theirs) > 30
    assert {row.rules_sha256 for row in rows} == {unlabel.rules_digest()} == {report["rules"]["sha256"]}

    inputs = {row.path.removeprefix("file:"): row for row in unlabel_spark.inputs(documents).collect()}
    for one in report["inputs"]:
        row = inputs[one["path"]]
        assert (row.status, row.sha256, row.components, row.level) == tuple(
            one[k] for k in ("status", "sha256", "components", "level")
        )
    # What the program passes over in a folder is an unread row, and none of it is lost.
    assert {path.split("!")[0] for path in inputs} == {str(path) for path in files(folder)}
    documents.unpersist()


def test_the_page_runs_as_it_stands(local, fixtures, snippets, tmp_path):
    names = {"session": local, "sboms": str(fixtures / "twins"), "table": str(tmp_path / "documents")}
    exec(snippets[1], names)
    here = unlabel.scan_paths([str(fixtures / "twins")], role="reseller", as_of="2026-11-22")
    assert names["inputs"].count() == len(here["inputs"]) > 0
    assert names["findings"].count() == len(here["findings"]) > 0
    assert "modificationTime" in names["documents"].columns


def test_a_bad_document_is_a_row(local, folder):
    rows = unlabel_spark.scan(unlabel_spark.read(local, str(folder / "poison"), max_bytes=2 << 20), **CONTEXT).collect()
    named = by_name(rows)
    assert set(named) == {path.name for path in files(folder / "poison")}
    for name, row in named.items():
        assert row.status in ("unread", "partial") and row.problems, name
        assert row.rules_sha256 == unlabel.rules_digest()
    too_large = named["deep.json"]
    assert too_large.status == "unread" and "too large" in too_large.problems[0].message
    assert too_large.level is None and json.loads(too_large.context)["role"] == "integrator"


def test_a_file_that_cannot_be_opened_is_a_row(local, folder, tmp_path):
    """Of a table of paths that somebody else made."""
    real = folder / "fixtures/real/mail-gateway.cdx.json"
    (tmp_path / "folder").mkdir()
    paths = [f"file:{real}", f"file://{real}", str(real), str(tmp_path / "gone.json"), str(tmp_path / "folder"), None]
    paths += ["nowhere://bucket/a.json", str(folder / "poison/bomb.json.gz")]
    table = local.createDataFrame([(path, n) for n, path in enumerate(paths)], "at string, n int")
    scanned = unlabel_spark.scan_files(table, path="at", keep=["n"], max_unpacked_size=1 << 20, **CONTEXT)
    rows = scanned.orderBy("n").collect()
    assert [row.n for row in rows] == list(range(len(paths)))
    assert [row.status for row in rows[:3]] == ["read"] * 3 and len({row.sha256 for row in rows[:3]}) == 1
    assert all(row.findings and row.source == paths[row.n] for row in rows[:3])
    said = [row.problems[0] for row in rows[3:]]
    assert [row.status for row in rows[3:]] == ["unread"] * 5
    assert [problem.code for problem in said[:4]] == ["unreadable"] * 4 and said[4].code == "limit", said
    assert "no regular file" in said[1].message and rows[5].source == "(no path)"


def test_every_file_is_found(local, tmp_path):
    """Empty, hidden, awkwardly named, behind links, and links that lead back or nowhere."""
    (tmp_path / "a/_b/.c").mkdir(parents=True)
    (tmp_path / "a/_b/.c/.d.json").write_bytes(b"{}")
    (tmp_path / "a/e 100%20ü*[x].json").write_bytes(b"")
    (tmp_path / "a/loop").symlink_to(tmp_path / "a")
    (tmp_path / "linked").symlink_to(tmp_path / "a/_b")
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    os.utime(tmp_path / "a/_b/.c/.d.json", ns=(0, 1_700_000_000_123_456_789))
    rows = unlabel_spark.list_files(local, [str(tmp_path)]).collect()
    here = {row.path.removeprefix(f"file:{tmp_path}/"): (row.length, row.modificationTime) for row in rows}
    names = {"a/_b/.c/.d.json": 2, "a/e 100%20ü*[x].json": 0, "linked/.c/.d.json": 2, "nowhere": None}
    assert {name: length for name, (length, _) in here.items()} == names and len(rows) == 4
    assert here["a/_b/.c/.d.json"][1].timestamp() == 1_700_000_000.123456
    scanned = unlabel_spark.scan_files(unlabel_spark.list_files(local, str(tmp_path)), **CONTEXT).collect()
    assert len(scanned) == 4 and {row.status for row in scanned} == {"unread"}
    with pytest.raises(OSError):
        unlabel_spark.list_files(local, str(tmp_path / "gone"))


def test_documents_of_an_object_store(local, folder):
    """A server that speaks the protocol of S3: what is there, is gone, is large or is refused."""
    from moto.server import ThreadedMotoServer
    from pyarrow import fs

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    reach = {"endpoint_override": f"{host}:{port}", "scheme": "http", "region": "us-east-1"}
    store = fs.S3FileSystem(access_key="a", secret_key="b", allow_bucket_creation=True, **reach)
    try:
        store.create_dir("bucket")
        given = {path.name: path.read_bytes() for path in (folder / "fixtures/real").iterdir()}
        given["with blanks, 100%20 #ü?.json"] = given["mail-gateway.cdx.json"]
        given["empty.json"] = b""
        given["large.json"] = given["mail-gateway.cdx.json"] + b" " * (17 << 20)
        for name, data in given.items():
            with store.open_output_stream(f"bucket/some/{name}") as out:
                out.write(data)
        listed = unlabel_spark.list_files(local, "s3a://bucket/some", filesystem=store)
        rows = listed.collect()
        assert {row.path: row.length for row in rows} == {f"s3a://bucket/some/{n}": len(d) for n, d in given.items()}
        assert all(row.modificationTime for row in rows)

        store.delete_file("bucket/some/empty.json")
        found = by_name(unlabel_spark.scan_files(listed, filesystem=store, ahead=3, **CONTEXT).collect())
        assert found["empty.json"].problems[0].code == "unreadable"
        scanner = unlabel.Scanner(**CONTEXT)
        for name, data in given.items():
            if name != "empty.json":
                (about,) = scanner.scan_bytes(data, f"s3a://bucket/some/{name}")["inputs"]
                row = found[name]
                assert (row.source, row.status, row.sha256, row.level) == (
                    about["path"], about["status"], about["sha256"], about["level"]
                )  # fmt: skip
        assert found["large.json"].level == "prohibited"
    finally:
        server.stop()
    gone = unlabel_spark.scan_files(listed.select("path"), filesystem=fs.S3FileSystem(
        access_key="a", secret_key="b", connect_timeout=1, request_timeout=1, retry_strategy=fs.AwsStandardS3RetryStrategy(1), **reach
    ), **CONTEXT).collect()  # fmt: skip
    assert {row.status for row in gone} == {"unread"} and len(gone) == len(given)


def test_what_makes_the_reader_fail_is_a_row():
    def fail(*_):
        # What a panic in Rust is in Python: no Exception.
        raise BaseException("boom")

    rows = unlabel_spark._rows(unlabel.Scanner(as_of=DAY))
    unlabel_spark._add(rows, 7, "a.json", fail)
    assert rows.origins() == [7]
    (row,) = pa.ipc.open_stream(rows.take()).read_all().to_pylist()
    assert row["status"] == "unread" and row["problems"][0]["code"] == "internal" and row["source"] == "a.json"


def test_other_columns_and_texts(local):
    sbom = '{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"type": "library", "name": "a"}]}'
    table = local.createDataFrame([("one", sbom, 7), ("two", None, 8), (None, "{", 9)], "id string, text string, n int")
    rows = unlabel_spark.scan(table, path="id", content="text", keep=["n"], **CONTEXT).orderBy("n").collect()
    assert [(r.n, r.source, r.status) for r in rows] == [(7, "one", "read"), (8, "two", "unread"), (9, "(no path)", "unread")]
    with pytest.raises(ValueError, match="in the result already"):
        unlabel_spark.scan(table, path="id", content="text", keep=["status"])


def test_a_wrong_question_fails_before_the_job(local, folder):
    df = unlabel_spark.read(local, str(folder))
    with pytest.raises(unlabel.QuestionError):
        unlabel_spark.scan(df, role="resellr")
    with pytest.raises(ValueError, match="folders are not on every machine"):
        unlabel_spark.scan(df, rules=["rules"])


def test_big_files_are_alone_in_a_task(local, tmp_path):
    filler = b'{"bomFormat":"CycloneDX","specVersion":"1.6","components":[' + b" " * (3 << 20) + b"]}"
    for number in range(3):
        (tmp_path / f"big{number}.json").write_bytes(filler)
    for number in range(40):
        (tmp_path / f"small{number}.json").write_bytes(b"{}")
    try:
        unlabel_spark.configure(local, big=2 << 20)
        for df in unlabel_spark.read(local, str(tmp_path)), unlabel_spark.list_files(local, str(tmp_path), big=2 << 20):
            tasks = df.rdd.map(lambda row: Path(row.path).name).glom().collect()
            for task in tasks:
                assert not any(name.startswith("big") for name in task) or len(task) == 1, tasks
            assert sum(map(len, tasks)) == 43 and max(map(len, tasks)) >= 8
            assert tasks[0][0].startswith("big")
    finally:
        unlabel_spark.configure(local)


def test_every_key_of_the_report_has_a_column():
    schema = json.loads((EXAMPLES.parents[1] / "schemas/report-1.json").read_text())["$defs"]

    def fields(kind: pa.DataType) -> set[str]:
        return {kind.field(at).name for at in range(kind.num_fields)}

    column = {field.name: field.type for field in unlabel_spark.DOCUMENTS}
    finding = unlabel_spark.FINDING
    part = {finding.field(at).name: finding.field(at).type for at in range(finding.num_fields)}
    assert set(schema["input"]["properties"]) - {"file", "inside"} <= set(column)
    assert set(schema["finding"]["properties"]) - {"input", "waiver", "baseline"} == set(part)
    pairs = {
        "evidence": part["evidence"].value_type, "assessment": part["assessments"].value_type,
        "component": part["component"], "location": part["location"], "disclosure": column["disclosure"],
        "product": column["product"], "problem": column["problems"].value_type,
    }  # fmt: skip
    for name, kind in pairs.items():
        assert set(schema[name]["properties"]) == fields(kind), name
    question = column["questions"].value_type
    assert set(schema["question"]["properties"]) - {"input"} == fields(question)


@pytest.mark.parametrize("through_spark", [False, True])
def test_the_example_scans_what_is_new_and_all_when_the_rules_change(local, folder, tmp_path, through_spark):
    import queries
    import scan

    run = functools.partial(scan.run, through_spark=through_spark)
    there = files if through_spark else every

    documents, output = tmp_path / "documents", str(tmp_path / "output")
    shutil.copytree(folder, documents)
    count = len(there(documents))

    def holds() -> None:
        inputs, findings = scan.current(local, output)
        here = from_here(there(documents), **CONTEXT)
        assert inputs.count() == sum(here.values()) and findings.count() == sum(len(key[3][0]) for key in here)
        assert inputs.select("source", "number").distinct().count() == inputs.count()

    assert run(local, str(documents), output, CONTEXT, batch=60) == count
    holds()
    assert run(local, str(documents), output, CONTEXT) == 0
    holds()
    # One comes, one changes, and one that was clean holds something now.
    (documents / "new.json").write_bytes((folder / "fixtures/real/mail-gateway.cdx.json").read_bytes())
    (documents / "poison/empty.json").write_bytes((folder / "fixtures/real/mail-gateway.cdx.json").read_bytes())
    os.utime(documents / "poison/half.json", (1, 1))
    assert run(local, str(documents), output, CONTEXT) == 3
    holds()
    # Other rules, or another question: all of them.
    rule = {"none.toml": NOTHING}
    assert run(local, str(documents), output, {**CONTEXT, "rules": rule}) == count + 1
    assert run(local, str(documents), output, {**CONTEXT, "role": "reseller", "rules": rule}) == count + 1
    assert run(local, str(documents), output, {**CONTEXT, "role": "reseller", "rules": rule}) == 0
    assert not list((tmp_path / "output").glob("_staging/*"))
    # Partitioned by supplier, one folder each.
    assert any(path.name.startswith("supplier=") for path in Path(output, "findings").iterdir())

    inputs, findings = scan.current(local, output)
    inputs.createOrReplaceTempView("inputs")
    findings.createOrReplaceTempView("findings")
    answers = {title: local.sql(query).collect() for title, query in queries.QUERIES.items()}
    assert sum(r.findings for r in answers["suppliers to stop"]) == findings.where(
        "level in ('prohibited', 'likely-prohibited')"
    ).count() > 0
    assert sum(r.questions for r in answers["suppliers to question"]) > 0
    thin = answers["SBOMs that are no answer"]
    assert sum(r.unread for r in thin) == inputs.where("status = 'unread'").count() > 0


#: A rule of one's own that matches nothing here: only the digest changes.
NOTHING = """
schema = 1
kind = "organization"
id = "examplia"
title = "Examplia Security"
status = "confirmed"
updated = 2026-11-22
[[source]]
key = "r"
title = "Register"
publisher = "P"
official = true
read = 2026-11-20
[[name]]
text = "Examplia Security"
type = "legal-entity"
strength = "strong"
sources = ["r"]
"""


def test_the_scripts_run(folder, tmp_path):
    """As `spark-submit` starts them."""
    import pyspark

    submit = Path(pyspark.__file__).parent / "bin/spark-submit"
    environment = {**os.environ, "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}

    def run(script: str, *arguments: str) -> str:
        command = ["bash", str(submit), "--master", "local[2]", "--conf", "spark.ui.enabled=false"]
        command += ["--conf", "spark.sql.parquet.compression.codec=gzip"]
        command += [str(EXAMPLES / script), *arguments]
        ran = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        assert ran.returncode == 0, ran.stderr[-3000:]
        return ran.stdout

    out = str(tmp_path / "out")
    real = str(folder / "fixtures/twins")
    assert f"scanned {len(files(Path(real)))} files" in run("scan.py", real, out, "--role", "reseller", "--as-of", DAY)
    said = run("queries.py", out)
    assert "suppliers to stop" in said and "true" in said


#: A rule that finds something in many documents, so that there is something to compare in those that name no such part.
COMMON = NOTHING.replace("Examplia Security", "Apache") + """
[[name]]
text = "Microsoft"
type = "legal-entity"
strength = "strong"
sources = ["r"]
[[name]]
text = "GitHub"
type = "legal-entity"
strength = "strong"
sources = ["r"]
"""


def both_ways(session: SparkSession, folder: Path, **context):
    """What is scanned, by each way."""
    yield unlabel_spark.scan_files(unlabel_spark.list_files(session, str(folder)), **context)
    yield unlabel_spark.scan(unlabel_spark.read(session, str(folder)), **context)


def test_the_same_on_every_document_of_a_corpus(local, fixtures, tmp_path):
    """Of the fixtures, and of `UNLABEL_CORPUS` where it names a folder."""
    corpus = Path(os.environ.get("UNLABEL_CORPUS") or fixtures).resolve()
    (tmp_path / "common.toml").write_text(COMMON)
    program = Path(sys.executable).parent / "unlabel"
    flags = ["--role", "integrator", "--market", "us", "--as-of", DAY, "--format", "json", "--rules", str(tmp_path)]
    ran = subprocess.run([str(program), "scan", *flags, str(corpus)], capture_output=True, check=False)
    report = json.loads(ran.stdout)
    for name in ("inputs", "findings"):
        of = lambda one: one["path"] if name == "inputs" else report["inputs"][one["input"]]["path"]  # noqa: B023, E731
        report[name + "_listed"] = [one for one in report[name] if listed(Path(of(one).split("!")[0]), corpus)]
    theirs = collections.Counter((report["inputs"][f["input"]]["path"], found(f)) for f in report["findings_listed"])
    about = {i["path"]: json.dumps(bare({k: i[k] for k in INPUT}), sort_keys=True) for i in report["inputs_listed"]}

    for df in both_ways(local, corpus, **CONTEXT, rules={"common.toml": COMMON}):
        ours: collections.Counter = collections.Counter()
        unlike, seen = [], 0
        for row in df.toLocalIterator():
            row = row.asDict(recursive=True)
            path = row["path"] = row["path"].removeprefix("file:")
            if not listed(Path(path.split("!")[0]), corpus):
                continue
            ours.update((path, found(one)) for one in row["findings"])
            if path in about:
                seen += 1
                if json.dumps(bare({k: row[k] for k in INPUT}), sort_keys=True) != about[path]:
                    unlike.append(path)
        assert not unlike and seen == len(about), (unlike[:5], seen, len(about))
        assert ours == theirs and len(theirs) > 100, (len(ours), len(theirs), list((ours - theirs) + (theirs - ours))[:2])
        print(f"{seen} documents and {sum(ours.values())} findings are the same in both ways")
