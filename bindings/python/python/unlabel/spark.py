"""The same scan over any number of SBOMs, on Spark 3.5 to 4.x.

    from unlabel import spark as unlabel_spark
    unlabel_spark.configure(session)
    documents = unlabel_spark.scan(unlabel_spark.read(session, "s3a://bucket/sboms"), role="reseller")
    inputs, findings = unlabel_spark.inputs(documents), unlabel_spark.findings(documents)

One pass gives one row for each document, with its findings nested; `inputs` and `findings` are two views of it. A
document that cannot be read is a row with ``status = "unread"``, never a failed job and never a missing row. What the
nested fields mean is in ``docs/output.md``; how to set Spark up is in ``docs/scale.md``.
"""

from __future__ import annotations

import functools
import json
import re
import urllib.parse
from typing import Any, Callable, Iterator, Mapping, Sequence

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

import unlabel
from unlabel import Scanner

__all__ = ["DOCUMENTS", "FINDING", "configure", "files", "findings", "inputs", "questions", "read", "scan", "set_aside"]

_S, _N, _B = pa.string(), pa.int64(), pa.bool_()


def _struct(**fields: pa.DataType) -> pa.StructType:
    return pa.struct([pa.field(name, kind) for name, kind in fields.items()])


_PLACE = dict(
    pointer=_S, line=_N, column=_N, end_line=_N, end_column=_N, utf16_column=_N, utf16_end_column=_N
)
_COMPONENT = _struct(ref=_S, name=_S, version=_S, purl=_S, kind=_S)
_EXCERPT = _struct(text=_S, before=_N, cut_before=_B, cut_after=_B)
_EVIDENCE = _struct(
    kind=_S, rule=_S, found=_S, **_PLACE, strength=_S, draft=_B, sources=pa.list_(_S), rule_title=_S, excerpt=_EXCERPT
)
_ASSESSMENT = _struct(
    regime=_S, citation=_S, clause=_S, level=_S, since=_S, since_local=_S, since_words=_S, because=_S,
    questions=pa.list_(_S), duty=_S, certainty=_S, uncertain=_S, sources=pa.list_(_S),
)  # fmt: skip
_FINDING = dict(
    id=_S, level=_S, component=_COMPONENT, location=_struct(**_PLACE), relation=_S, organization=_S,
    **{"class": _S}, strength=_S, evidence=pa.list_(_EVIDENCE), paths=pa.list_(pa.list_(_S)),
    assessments=pa.list_(_ASSESSMENT), open=_S, narrowed=_struct(by=_S, why=_S), class_title=_S,
    path_names=pa.list_(pa.list_(_S)),
)  # fmt: skip

#: A finding as in the JSON report, without ``input``, ``waiver`` and ``baseline``: decisions are made on reports.
FINDING: pa.StructType = _struct(**_FINDING)
_SET_ASIDE = _struct(**_FINDING, by=_S, why=_S)
_QUESTION = _struct(
    ref=_S, ask=_S, because=_S, arose=_struct(rule=_S, component=_COMPONENT, found=_S, **_PLACE, excerpt=_EXCERPT)
)
_PROBLEM = _struct(code=_S, message=_S, pointer=_S, line=_N, column=_N, hides_components=_B)
_DISCLOSURE = _struct(
    grade=_S, components=_N, files=_N, with_supplier=_N, with_identifier=_N, with_version=_N, with_hash=_N,
    relations=_N, depth=_N, declared=_S, external_documents=_N,
)  # fmt: skip

#: What `scan` gives: one row for each document, behind the columns that were kept.
DOCUMENTS: pa.Schema = pa.schema(
    [
        pa.field("source", _S, nullable=False),
        pa.field("number", _N, nullable=False),
        pa.field("path", _S, nullable=False),
        pa.field("status", _S, nullable=False),
        *_struct(
            format=_S, serialization=_S, spec_version=_S, bytes=_N, sha256=_S, components=_N, level=_S,
            inconclusive=_B, disclosure=_DISCLOSURE, supplier=_S, product=_struct(ref=_S, name=_S, version=_S, supplier=_S),
            problems=pa.list_(_PROBLEM), more_problems=_N,
        ),
        pa.field("rules_sha256", _S, nullable=False),
        pa.field("rules_version", _S, nullable=False),
        pa.field("tool_version", _S, nullable=False),
        pa.field("context", _S, nullable=False),
        pa.field("findings", pa.list_(FINDING), nullable=False),
        pa.field("set_aside", pa.list_(_SET_ASIDE), nullable=False),
        pa.field("questions", pa.list_(_QUESTION), nullable=False),
    ]
)  # fmt: skip

#: The columns that stand in every row of `findings`, `set_aside` and `questions`, to join by.
_KEYS = ("source", "number", "path", "sha256", "supplier", "rules_sha256", "rules_version", "tool_version", "context")


def _spark_type(kind: pa.DataType) -> T.DataType:
    if pa.types.is_struct(kind):
        fields = [kind.field(at) for at in range(kind.num_fields)]
        return T.StructType([T.StructField(f.name, _spark_type(f.type), f.nullable) for f in fields])
    if pa.types.is_list(kind):
        return T.ArrayType(_spark_type(kind.value_type))
    simple: dict[pa.DataType, T.DataType] = {_S: T.StringType(), _N: T.LongType(), _B: T.BooleanType()}
    return simple[kind]


def configure(session: SparkSession, big: int = 16 << 20, together: int = 64) -> None:
    """Set a session up for scanning documents.

    Files of ``big`` bytes or more are alone in a task, the largest begin first, and small ones share one up to that
    size. At most ``together`` documents are handed to Python at once: Spark's own 10,000 would be held in memory.
    """
    session.conf.set("spark.sql.files.maxPartitionBytes", str(big))
    session.conf.set("spark.sql.files.openCostInBytes", str(128 << 10))
    session.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", str(together))


def files(session: SparkSession, paths: str | Sequence[str], **options: Any) -> DataFrame:
    """What lies below ``paths``, all folders deep, without content: ``path``, ``modificationTime`` and ``length``.

    Spark gives no row for an empty file. Here it has one, with no ``modificationTime``: a supplier who sends nothing has
    sent nothing, and that is told.
    """
    every = _every(session, paths, options)
    count = every.count()
    return _with_empty(session, every.drop("content"), count)


def read(session: SparkSession, paths: str | Sequence[str], max_bytes: int = 1 << 30, **options: Any) -> DataFrame:
    """The files below ``paths`` as Spark's ``binaryFile`` gives them, all folders deep, and the empty ones too.

    A file with more than ``max_bytes`` has no content and becomes an unread row: Spark holds a file in memory whole, and
    one with more than 2 GiB would end the job. Further ``options`` are those of ``binaryFile``. Sizes are asked for at
    once; contents are read when the result is used.
    """
    every = _every(session, paths, options)
    about = every.agg(F.count("path").alias("count"), F.max("length").alias("longest")).first()
    count, longest = (about["count"], about["longest"] or 0) if about else (0, 0)
    wanted = every
    if longest > max_bytes:
        # The filter goes down to the source: what is too large is never opened.
        wanted = every.where(F.col("length") <= max_bytes).unionByName(
            every.where(F.col("length") > max_bytes).withColumn("content", F.lit(None).cast("binary"))
        )
    return _with_empty(session, wanted, count)


def _every(session: SparkSession, paths: str | Sequence[str], options: dict[str, Any]) -> DataFrame:
    source = session.read.format("binaryFile").option("recursiveFileLookup", "true").options(**options)
    return source.load(paths if isinstance(paths, str) else list(paths))


def _with_empty(session: SparkSession, some: DataFrame, count: int) -> DataFrame:
    """The same, and a row for each file that Spark has listed and does not give: it is empty."""
    listed = {re.sub("^file:/+", "file:/", urllib.parse.unquote(name)) for name in some.inputFiles()}
    if len(listed) == count:
        return some
    given = {row["path"] for row in some.select("path").collect()}
    empty = sorted(listed - given)
    if len(empty) != len(listed) - len(given):
        raise RuntimeError("Spark names files in a way that is not known: it cannot be told which are empty")
    columns = [F.col("path"), F.lit(None).cast("timestamp").alias("modificationTime")]
    columns += [F.lit(0).cast("long").alias("length"), F.lit(b"").alias("content")]
    names = session.createDataFrame([(name,) for name in empty], "path string")
    return some.unionByName(names.select(*columns).select(*some.columns))


def scan(
    df: DataFrame, path: str = "path", content: str = "content", keep: Sequence[str] = (), **context: Any
) -> DataFrame:
    """Scan the documents in the column ``content``: one row for each document, in the shape of `DOCUMENTS`.

    ``path`` names the column with what each is called, ``keep`` further columns that are carried into the result, and
    ``context`` is what `unlabel.Scanner` takes. Date and rules are settled here, once for all tasks: ``rules`` has to be
    a mapping from names to texts, because the machines that scan have other folders.

    An archive gives a row for each document in it, numbered, with the same ``source``.

    Raises what `unlabel.Scanner` raises, here and not in a task.
    """
    taken = {field.name for field in DOCUMENTS}.intersection(keep)
    if taken:
        raise ValueError(f"these columns are in the result already: {', '.join(sorted(taken))}")
    if isinstance(context.get("rules", {}), Mapping) is False:
        raise ValueError("rules: give a mapping from names to texts; folders are not on every machine")
    assumed = context.get("as_of") is None
    day = context.get("as_of") or unlabel.today()
    asked = {**context, "as_of": day if isinstance(day, str) else day.isoformat()}
    asked["rules"] = dict(context.get("rules", {}))
    key = json.dumps([asked, assumed], sort_keys=True, default=list)
    digest = _scanner(key).stamp["sha256"]
    kept = [df.schema[name] for name in keep]
    ours = [T.StructField(f.name, _spark_type(f.type), f.nullable) for f in DOCUMENTS]
    wanted = df.select(F.col(path).alias("path"), F.col(content).alias("content"), *keep)
    return wanted.mapInArrow(_task(key, digest, tuple(keep)), T.StructType([*kept, *ours]))


@functools.lru_cache(maxsize=8)
def _scanner(key: str) -> Scanner:
    asked, assumed = json.loads(key)
    return Scanner(as_of_is_assumed=assumed, **asked)


def _task(
    key: str, digest: str, keep: tuple[str, ...]
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def task(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        scanner = _scanner(key)
        if scanner.stamp["sha256"] != digest:
            raise RuntimeError(
                f"the rules of this worker are {scanner.stamp['sha256']}, those of the driver {digest}: "
                "install one version of unlabel on all machines"
            )
        for batch in batches:
            names: Any = batch.column(0)
            contents: Any = batch.column(1)
            rows: list[dict[str, Any]] = []
            origin: list[int] = []
            weight = 0
            for at in range(batch.num_rows):
                found = _documents(scanner, names[at].as_py(), contents[at].as_py())
                rows += found
                origin += [at] * len(found)
                weight += sum(1 + len(row["findings"]) + len(row["set_aside"]) for row in found)
                # What is found in many documents is not held until the last of them is scanned.
                if weight >= 2_000:
                    yield _batch(batch, keep, rows, origin)
                    rows, origin, weight = [], [], 0
            if rows:
                yield _batch(batch, keep, rows, origin)

    return task


def _batch(given: pa.RecordBatch, keep: tuple[str, ...], rows: list[dict[str, Any]], origin: list[int]) -> pa.RecordBatch:
    ours = pa.RecordBatch.from_pylist(rows, schema=DOCUMENTS)
    which = pa.array(origin, pa.int64())
    kept = [given.column(2 + at).take(which) for at in range(len(keep))]
    fields = [given.schema.field(2 + at).with_name(name) for at, name in enumerate(keep)]
    return pa.RecordBatch.from_arrays(kept + ours.columns, schema=pa.schema([*fields, *DOCUMENTS]))


def _documents(scanner: Scanner, name: str | None, content: bytes | str | None) -> list[dict[str, Any]]:
    """The rows of one file: at least one, whatever happens."""
    called = "(no path)" if name is None else name
    if content is None:
        return [_unread(scanner, called, "limit", "there is no content: the file is too large to be read here, or was left out")]
    try:
        given = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else bytes(content)
        report = scanner.scan_bytes(given, called)
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # noqa: BLE001 - a panic in Rust is no Exception, and costs this document only
        return [_unread(scanner, called, "internal", f"the reader failed on this input: {type(error).__name__}")]
    if not report["inputs"]:
        return [_unread(scanner, called, "not-an-sbom", "there is nothing in it that could be read")]
    about = json.dumps(report["context"], sort_keys=True, ensure_ascii=False)
    rows = [
        {
            **document,
            **_stamp(scanner),
            "source": called,
            "number": number,
            "supplier": (document["product"] or {}).get("supplier"),
            "context": about,
            "findings": [],
            "set_aside": [],
            "questions": [],
        }
        for number, document in enumerate(report["inputs"])
    ]
    parts = {"findings": report["findings"], "set_aside": report["set_aside"], "questions": report["questions"]}
    for name, ones in parts.items():
        for one in ones:
            rows[one["input"]][name].append(one)
    return rows


def _stamp(scanner: Scanner) -> dict[str, str]:
    stamp = scanner.stamp
    return {"rules_sha256": stamp["sha256"], "rules_version": stamp["version"], "tool_version": unlabel.__version__}


def _unread(scanner: Scanner, name: str, code: str, message: str) -> dict[str, Any]:
    problem = {"code": code, "message": message, "pointer": "", "hides_components": True}
    return {
        "source": name,
        "number": 0,
        "path": name,
        "status": "unread",
        "components": 0,
        "inconclusive": False,
        "problems": [problem],
        "more_problems": 0,
        **_stamp(scanner),
        "context": json.dumps(scanner.context, sort_keys=True, ensure_ascii=False),
        "findings": [],
        "set_aside": [],
        "questions": [],
    }


def _kept(documents: DataFrame) -> list[str]:
    ours = {field.name for field in DOCUMENTS}
    return [name for name in documents.columns if name not in ours]


def inputs(documents: DataFrame) -> DataFrame:
    """One row for each document: how far it was read, what it is about, the highest level, and how much was found."""
    counted = documents
    for name in ("findings", "set_aside", "questions"):
        counted = counted.withColumn(name, F.size(name))
    return counted


def _exploded(documents: DataFrame, name: str) -> DataFrame:
    one = documents.select(*_kept(documents), *_KEYS, F.explode(name).alias("one"))
    return one.select(*_kept(documents), *_KEYS, "one.*")


def findings(documents: DataFrame) -> DataFrame:
    """One row for each finding, with its evidence nested; ``source`` and ``number`` say of which document."""
    return _exploded(documents, "findings")


def set_aside(documents: DataFrame) -> DataFrame:
    """One row for each finding that a false friend explains."""
    return _exploded(documents, "set_aside")


def questions(documents: DataFrame) -> DataFrame:
    """One row for each open question."""
    return _exploded(documents, "questions")
