"""The same scan over any number of SBOMs, on Spark 3.5 to 4.x.

    from unlabel import spark as unlabel_spark
    files = unlabel_spark.list_files(session, "s3a://bucket/sboms")
    documents = unlabel_spark.scan_files(files, role="reseller")
    inputs, findings = unlabel_spark.inputs(documents), unlabel_spark.findings(documents)

There are two ways. With `list_files` and `scan_files` the workers open the files themselves; with `read` and `scan` Spark
reads them, or whatever else holds documents in a column, and hands contents over, which costs more. What comes out is the
same. One pass gives one row for each document, with its findings nested; `inputs` and `findings` are two views of it. A
document that cannot be read is a row with ``status = "unread"``, never a failed job and never a missing row. What the
nested fields mean is in ``docs/output.md``; how to set Spark up is in ``docs/scale.md``.
"""

from __future__ import annotations

import collections
import concurrent.futures
import datetime
import functools
import json
import os
import re
import tempfile
import urllib.parse
from typing import Any, Callable, Iterable, Iterator, Mapping, NamedTuple, Sequence

import pyarrow as pa
import pyarrow.fs
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

import unlabel
from unlabel import Scanner, _unlabel

__all__ = [
    "DOCUMENTS",
    "FINDING",
    "File",
    "configure",
    "files",
    "findings",
    "inputs",
    "list_files",
    "questions",
    "read",
    "scan",
    "scan_files",
    "set_aside",
    "walk",
    "with_files",
]

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


#: What a file costs beside its bytes, in bytes: tasks of many small ones take as long as those of few large ones.
_EACH = 32 << 10

#: How large a task is made: long enough that what Spark does for each task does not count.
_BIG = 128 << 20


def configure(session: SparkSession, big: int = _BIG, together: int = 64) -> None:
    """Set a session up for `read`: what Spark makes tasks of.

    Files of ``big`` bytes or more are alone in a task, the largest begin first, and small ones share one up to that
    size. At most ``together`` documents are handed to Python at once: Spark's own 10,000 would be held in memory.
    """
    session.conf.set("spark.sql.files.maxPartitionBytes", str(big))
    session.conf.set("spark.sql.files.openCostInBytes", str(_EACH))
    session.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", str(together))


class File(NamedTuple):
    """A file that can be scanned. A size or time that is not known is `None`."""

    path: str
    modificationTime: datetime.datetime | None
    length: int | None


_BEGIN = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
_FILES = "path string not null, modificationTime timestamp, length long"


def list_files(
    session: SparkSession,
    paths: str | Sequence[str],
    big: int = _BIG,
    filesystem: pyarrow.fs.FileSystem | None = None,
) -> DataFrame:
    """Every file below ``paths``, all folders deep: ``path``, ``modificationTime`` and ``length``, for `scan_files`.

    It is listed here, on the driver, as `walk` does, and put into tasks as `with_files` does.
    """
    return with_files(session, walk(paths, filesystem), big)


def walk(paths: str | Sequence[str], filesystem: pyarrow.fs.FileSystem | None = None) -> Iterator[File]:
    """Every file below ``paths``, empty ones and those with names that begin with ``.`` or ``_`` too.

    A path is one of this machine, or an address such as ``s3a://bucket/sboms`` that `pyarrow.fs` knows, with the
    credentials of the environment, or with ``filesystem``. Links are followed, but not in circles.

    Raises `OSError` where something is not there or may not be listed.
    """
    for path in [paths] if isinstance(paths, str) else paths:
        local = None if filesystem else _local(path)
        yield from _walk(path, filesystem) if local is None else _walk_here(os.path.abspath(local))


def with_files(session: SparkSession, some: Iterator[File] | Sequence[File], big: int = _BIG) -> DataFrame:
    """The files as a table, in tasks that are ready to be scanned.

    A file of ``big`` bytes or more is alone in its task, the largest begin first, and small ones share one up to that
    size.
    """
    context = session.sparkContext
    tasks = _tasks(some, big, context.defaultParallelism)
    listed = context.parallelize(tasks, len(tasks)).flatMap(_same)
    return session.createDataFrame(listed, _FILES, verifySchema=False)


def _same(task: list[File]) -> list[File]:
    return task


def _tasks(some: Iterator[File] | Sequence[File], big: int, cores: int) -> list[list[File]]:
    """Some for each core, so that none waits long for the last of another."""
    files = sorted(some, key=lambda file: (-(file.length or 0), file.path))
    total = sum((file.length or 0) + _EACH for file in files)
    most = min(big, max(16 << 20, total // (4 * cores)))
    tasks: list[list[File]] = [[]]
    weight = 0
    for file in files:
        size = (file.length or 0) + _EACH
        if tasks[-1] and weight + size > most:
            tasks.append([])
            weight = 0
        tasks[-1].append(file)
        weight += size
    return tasks


def _local(path: str) -> str | None:
    """The path on this machine, unless it is the address of something else."""
    if path.startswith("file:"):
        return "/" + path[len("file:") :].lstrip("/")
    return None if re.match("[A-Za-z][A-Za-z0-9+.-]+:/", path) else path


def _walk_here(top: str, above: frozenset[tuple[int, int]] = frozenset()) -> Iterator[File]:
    try:
        about = os.stat(top)
    except OSError:
        if not above:
            raise
        # A link that leads nowhere.
        yield File(f"file:{top}", None, None)
        return
    if not os.path.isdir(top):
        yield File(f"file:{top}", _BEGIN + datetime.timedelta(microseconds=about.st_mtime_ns // 1000), about.st_size)
    elif (about.st_dev, about.st_ino) not in above:
        for name in sorted(os.listdir(top)):
            yield from _walk_here(os.path.join(top, name), above | {(about.st_dev, about.st_ino)})


def _walk(address: str, filesystem: pyarrow.fs.FileSystem | None) -> Iterator[File]:
    store, path = _store(address, filesystem)
    about: Any = store.get_file_info(path)
    kind = pyarrow.fs.FileType
    if about.type == kind.NotFound:
        raise FileNotFoundError(f"there is nothing at {address}")
    found = [about] if about.type == kind.File else store.get_file_info(pyarrow.fs.FileSelector(path, recursive=True))
    for one in found:
        if one.type != kind.Directory:
            # Called as it was asked for: `pyarrow.fs` has no schemes.
            yield File(address.rstrip("/") + one.path[len(path.rstrip("/")) :], one.mtime, one.size)


def _store(address: str, filesystem: pyarrow.fs.FileSystem | None) -> tuple[Any, str]:
    """What an address is in, and how it is called there."""
    scheme, _, rest = address.partition("://")
    if filesystem is not None:
        return filesystem, rest or address
    host, _, path = rest.partition("/")
    store, inside = _opened({"s3a": "s3", "s3n": "s3"}.get(scheme, scheme), host)
    return store, f"{inside.rstrip('/')}/{path}" if path else inside


@functools.lru_cache(maxsize=8)
def _opened(scheme: str, host: str) -> tuple[Any, str]:
    # Without the path: what is a name there is not what is one in an address.
    opened: tuple[Any, str] = pyarrow.fs.FileSystem.from_uri(f"{scheme}://{host}/")
    return opened


def files(session: SparkSession, paths: str | Sequence[str], **options: Any) -> DataFrame:
    """What Spark lists below ``paths``, all folders deep, without content: ``path``, ``modificationTime`` and ``length``.

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
    # Names come over from Java one by one; how many there are is one question.
    java = getattr(some, "_jdf", None)
    if len(java.inputFiles() if java is not None else some.inputFiles()) == count:
        return some
    listed = {re.sub("^file:/+", "file:/", urllib.parse.unquote(name)) for name in some.inputFiles()}
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
    return _scan(df, [path, content], keep, context, _contents)


def scan_files(
    df: DataFrame,
    path: str = "path",
    keep: Sequence[str] = (),
    filesystem: pyarrow.fs.FileSystem | None = None,
    ahead: int = 8,
    **context: Any,
) -> DataFrame:
    """The same for files that the workers open themselves: ``path`` names the column with their paths.

    A path of the machine (``file:`` or none before it) has to lead to the same file on every worker, and is read from disk
    and not held in memory. Any other is an address that `pyarrow.fs` opens with the credentials that the environment of the
    worker has, or with ``filesystem``; ``ahead`` of them are fetched while one is scanned. What cannot be opened is a row
    with ``status = "unread"``. Give it tasks as `list_files` makes them.
    """
    read = functools.partial(_opened_files, filesystem=filesystem, ahead=ahead)
    return _scan(df, [path], keep, context, read)


def _scan(
    df: DataFrame, columns: list[str], keep: Sequence[str], context: dict[str, Any], read: Callable[..., Iterator[_Step]]
) -> DataFrame:
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
    wanted = df.select(*[F.col(name).alias(as_) for name, as_ in zip(columns, ("path", "content"))], *keep)
    return wanted.mapInArrow(_task(key, digest, len(columns), tuple(keep), read), T.StructType([*kept, *ours]))


@functools.lru_cache(maxsize=8)
def _scanner(key: str) -> Scanner:
    asked, assumed = json.loads(key)
    return Scanner(as_of_is_assumed=assumed, **asked)


#: Which row of a batch, what it is called, and what adds its rows.
_Step = tuple[int, str, Callable[[_unlabel.Rows, int, str], None]]


def _task(
    key: str, digest: str, columns: int, keep: tuple[str, ...], read: Callable[..., Iterator[_Step]]
) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def task(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        scanner = _scanner(key)
        if scanner.stamp["sha256"] != digest:
            raise RuntimeError(
                f"the rules of this worker are {scanner.stamp['sha256']}, those of the driver {digest}: "
                "install one version of unlabel on all machines"
            )
        rows = _rows(scanner)
        kept: list[list[pa.Array]] = [[] for _ in keep]
        fields: list[pa.Field] = []
        for batch in batches:
            fields = [batch.schema.field(columns + at).with_name(name) for at, name in enumerate(keep)]
            for at, name, add in read(batch):
                _add(rows, at, name, add)
                # What is found in many documents is not held until the last of them is scanned.
                if rows.weight >= 2_000:
                    _keep(kept, batch, columns, rows)
                    yield from _batches(rows, kept, fields)
            _keep(kept, batch, columns, rows)
        yield from _batches(rows, kept, fields)

    return task


def _rows(scanner: Scanner) -> _unlabel.Rows:
    about = json.dumps(scanner.context, sort_keys=True, ensure_ascii=False)
    return _unlabel.Rows(scanner._scanner, DOCUMENTS.serialize().to_pybytes(), about)


def _keep(kept: list[list[pa.Array]], batch: pa.RecordBatch, columns: int, rows: _unlabel.Rows) -> None:
    """Copies what is kept of those rows that came since, so that the batch need not be held."""
    origins = rows.origins()
    if kept and origins:
        which = pa.array(origins, pa.int64())
        for at, column in enumerate(kept):
            column.append(batch.column(columns + at).take(which))


def _batches(rows: _unlabel.Rows, kept: list[list[pa.Array]], fields: list[pa.Field]) -> Iterator[pa.RecordBatch]:
    if not rows.weight:
        return
    (ours,) = pa.ipc.open_stream(rows.take())
    columns = [pa.concat_arrays(column) for column in kept]
    for column in kept:
        column.clear()
    yield pa.RecordBatch.from_arrays(columns + ours.columns, schema=pa.schema([*fields, *DOCUMENTS]))


def _add(rows: _unlabel.Rows, at: int, name: str, add: Callable[[_unlabel.Rows, int, str], None]) -> None:
    """Adds the rows of one file: at least one, whatever happens."""
    try:
        add(rows, at, name)
    except (KeyboardInterrupt, SystemExit, GeneratorExit, unlabel.UnlabelError):
        raise
    except BaseException as error:  # noqa: BLE001 - a panic in Rust is no Exception, and costs this document only
        rows.unread(at, name, "internal", f"the reader failed on this input: {type(error).__name__}")


def _named(name: str | None) -> str:
    return "(no path)" if name is None else name


def _contents(batch: pa.RecordBatch) -> Iterator[_Step]:
    """Documents that are in the batch."""
    contents: Any = batch.column(1)
    for at, name in enumerate(batch.column(0).to_pylist()):
        yield at, _named(name), functools.partial(_add_content, contents[at])


def _add_content(content: Any, rows: _unlabel.Rows, at: int, name: str) -> None:
    content = content.as_py()
    if content is None:
        message = "there is no content: the file is too large to be read here, or was left out"
        return rows.unread(at, name, "limit", message)
    rows.scan(at, name, content.encode("utf-8", "surrogatepass") if isinstance(content, str) else bytes(content))


def _opened_files(batch: pa.RecordBatch, filesystem: pyarrow.fs.FileSystem | None, ahead: int) -> Iterator[_Step]:
    """Documents that lie where the batch says."""
    names = batch.column(0).to_pylist()
    if filesystem is None and all(name is None or _local(name) is not None for name in names):
        for at, name in enumerate(names):
            yield at, _named(name), _add_file
        return
    pool = concurrent.futures.ThreadPoolExecutor(max(1, ahead))
    try:
        begun: collections.deque[tuple[int, str | None, concurrent.futures.Future[_Fetched]]] = collections.deque()
        for at, name in enumerate(names):
            begun.append((at, name, pool.submit(_fetch, name, filesystem)))
            if len(begun) > ahead:
                yield _fetched(*begun.popleft())
        while begun:
            yield _fetched(*begun.popleft())
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _add_file(rows: _unlabel.Rows, at: int, name: str) -> None:
    rows.scan_file(at, name, _local(name) or name)


#: More than this is not fetched ahead, and not into memory.
_AHEAD = 16 << 20

#: The bytes, or how to get at them.
_Fetched = Any


def _fetch(name: str | None, filesystem: pyarrow.fs.FileSystem | None) -> _Fetched:
    if name is None:
        return None
    local = None if filesystem else _local(name)
    if local is not None:
        return None
    store, path = _store(name, filesystem)
    with store.open_input_file(path) as file:
        size = file.size()
        return _whole(file.read(), size) if size <= _AHEAD else (store, path, size)


def _whole(data: bytes, size: int) -> bytes:
    if len(data) != size:
        raise OSError(f"the transfer ended after {len(data)} of {size} bytes")
    return data


def _fetched(at: int, name: str | None, coming: concurrent.futures.Future[_Fetched]) -> _Step:
    return at, _named(name), functools.partial(_add_fetched, coming)


def _add_fetched(coming: concurrent.futures.Future[_Fetched], rows: _unlabel.Rows, at: int, name: str) -> None:
    try:
        got = coming.result()
        if isinstance(got, tuple):
            store, path, size = got
            return _add_large(store, path, size, rows, at, name)
    except (OSError, pa.ArrowException, ValueError) as error:
        return rows.unread(at, name, "unreadable", f"cannot be read: {str(error)[:500]}")
    if got is None:
        return _add_file(rows, at, name)
    rows.scan(at, name, got)


def _add_large(store: Any, path: str, size: int, rows: _unlabel.Rows, at: int, name: str) -> None:
    """By way of a file, which is not held in memory."""
    with tempfile.NamedTemporaryFile() as copy, store.open_input_stream(path) as file:
        while some := file.read(1 << 20):
            copy.write(some)
        copy.flush()
        if copy.tell() != size:
            raise OSError(f"the transfer ended after {copy.tell()} of {size} bytes")
        rows.scan_file(at, name, copy.name)


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
