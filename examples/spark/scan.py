"""Scan a folder or bucket of SBOMs with Spark and keep what came of it as Parquet, partitioned by supplier.

    spark-submit examples/spark/scan.py s3a://bucket/sboms s3a://bucket/unlabel --role reseller --market us

Only documents that are new or changed are scanned, or all when the rules, the question or the program are others than
last time (or with --all). The workers open them themselves; --through-spark lets Spark read them, which takes longer, where
only Spark's own settings say how to get at them. The output has two tables, `inputs` and `findings`; each run adds to both. `current` says which
rows hold now: those of the newest run of each document. queries.py asks them.
"""

from __future__ import annotations

import argparse
import datetime
import itertools
import json
import uuid
from typing import Iterator

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.window import Window

import unlabel
from unlabel import spark as unlabel_spark
from unlabel.spark import File

#: Who supplies a document that names nobody.
NOBODY = "(not stated)"


def main() -> None:
    ask = argparse.ArgumentParser(description="Scan SBOMs with Spark")
    ask.add_argument("documents", help="folder or bucket of SBOMs")
    ask.add_argument("output", help="folder or bucket for the tables inputs and findings")
    ask.add_argument("--role")
    ask.add_argument("--market", action="append", default=[])
    ask.add_argument("--fact", action="append", default=[])
    ask.add_argument("--as-of", help="the date of the act; today when it is not given")
    ask.add_argument("--batch", type=int, default=100_000, help="how many documents one job takes")
    ask.add_argument("--max-bytes", type=int, help="documents with more are told and not read; through Spark 1 GiB")
    ask.add_argument("--through-spark", action="store_true", help="let Spark list and read the documents")
    ask.add_argument("--all", action="store_true", help="also documents that were scanned before")
    given = ask.parse_args()

    session = SparkSession.builder.appName("unlabel").getOrCreate()
    context = {"role": given.role, "market": given.market, "fact": given.fact, "as_of": given.as_of or unlabel.today()}
    bounds = {"batch": given.batch, "max_bytes": given.max_bytes}
    scanned = run(session, given.documents, given.output, context, **bounds, everything=given.all, through_spark=given.through_spark)
    print(f"scanned {scanned} files")
    session.stop()


def run(
    session: SparkSession,
    documents: str,
    output: str,
    context: dict,
    batch: int = 100_000,
    max_bytes: int | None = None,
    everything: bool = False,
    through_spark: bool = False,
) -> int:
    """Scan what is due, and give how many files that were."""
    unlabel_spark.configure(session)
    scanner = unlabel.Scanner(**context)
    # The date says when, not what: a scan of yesterday need not be made again because a day has passed. Ask with --all,
    # or on a day when a clause begins to hold.
    question = json.dumps({k: v for k, v in scanner.context.items() if k != "as_of"}, sort_keys=True)
    how = f"{unlabel.__version__} {scanner.stamp['sha256']} {question}"

    known = None if everything else table(session, output, "inputs")
    if through_spark:
        listed = due(unlabel_spark.files(session, documents), known, how)
    elif known is None:
        listed = unlabel_spark.walk(documents)
    else:
        listed = due(unlabel_spark.list_files(session, documents), known, how)
    count = 0
    while some := list(itertools.islice(listed, batch)):
        if through_spark:
            files = unlabel_spark.read(session, [plain(file.path) for file in some], max_bytes or 1 << 30)
            found = unlabel_spark.scan(files, keep=["modificationTime", "length"], **context)
        else:
            files = unlabel_spark.with_files(session, some)
            found = unlabel_spark.scan_files(files, keep=["modificationTime", "length"], max_input_size=max_bytes, **context)
        one(session, found, output, how)
        count += len(some)
    return count


def due(there: DataFrame, known: DataFrame | None, how: str) -> Iterator[File]:
    """What of it was not scanned like this. An empty file may have no time."""
    if known is not None:
        time = lambda table: F.coalesce(table["modificationTime"], F.lit(0).cast("timestamp"))  # noqa: E731
        done = known.where(F.col("how") == how).select("source", "modificationTime", "length").distinct()
        again = (there["path"] == done["source"]) & (there["length"] == done["length"]) & (time(there) == time(done))
        there = there.join(done, again, "left_anti")
    # Found out once, by all cores; they then come over piece by piece. Times come as numbers: in the hour that a clock is
    # put back, Python's would be of two.
    there = there.select("path", F.unix_micros("modificationTime").alias("time"), "length").cache()
    there.count()
    begin = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    for row in there.toLocalIterator():
        time = None if row.time is None else begin + datetime.timedelta(microseconds=row.time)
        yield File(row.path, time, row.length)
    there.unpersist()


def one(session: SparkSession, found: DataFrame, output: str, how: str) -> None:
    """One job: every document is read once, and both tables are written from what came of it."""
    began = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    # Runs sort by time; two that begin together stay two.
    name = f"{began}-{uuid.uuid4().hex[:8]}"
    staging = f"{output.rstrip('/')}/_staging/{name.replace(':', '')}"
    found = found.withColumn("run", F.lit(name)).withColumn("how", F.lit(how))
    # It becomes the name of a folder, which may not be empty or long; `product.supplier` has it as it was written.
    supplier = F.substring(F.trim("supplier"), 1, 60)
    supplier = F.when(F.length(supplier) > 0, supplier).otherwise(NOBODY)
    found.withColumn("supplier", supplier).write.parquet(staging)

    staged = session.read.parquet(staging)
    # Findings first: a run counts once its inputs are there. One that breaks off between the two is made again.
    append(unlabel_spark.findings(staged), output, "findings")
    append(unlabel_spark.inputs(staged), output, "inputs")
    remove(session, staging)


def append(rows: DataFrame, output: str, name: str) -> None:
    # One file for each supplier and run, not one for each supplier and task.
    rows.repartition("supplier").write.mode("append").partitionBy("supplier").parquet(f"{output.rstrip('/')}/{name}")


def table(session: SparkSession, output: str, name: str) -> DataFrame | None:
    """A table as it lies there; `None` before the first run."""
    path = session._jvm.org.apache.hadoop.fs.Path(f"{output.rstrip('/')}/{name}/_SUCCESS")
    there = path.getFileSystem(session._jsc.hadoopConfiguration()).exists(path)
    # A supplier may be called like a number, and stays a name.
    session.conf.set("spark.sql.sources.partitionColumnTypeInference.enabled", "false")
    return session.read.parquet(f"{output.rstrip('/')}/{name}") if there else None


def current(session: SparkSession, output: str) -> tuple[DataFrame, DataFrame]:
    """The rows that hold now, of both tables: those of the newest run of each document."""
    inputs, findings = table(session, output, "inputs"), table(session, output, "findings")
    if inputs is None or findings is None:
        raise SystemExit(f"nothing was scanned to {output} yet")
    newest = inputs.withColumn("newest", F.max("run").over(Window.partitionBy("source")))
    inputs = newest.where("run = newest").drop("newest")
    return inputs, findings.join(inputs.select("source", "number", "run"), ["source", "number", "run"], "left_semi")


def remove(session: SparkSession, path: str) -> None:
    folder = session._jvm.org.apache.hadoop.fs.Path(path)
    folder.getFileSystem(session._jsc.hadoopConfiguration()).delete(folder, True)


def plain(path: str) -> str:
    """A path for `load`, which would take these for patterns."""
    return "".join("\\" + c if c in "\\*?[]{}" else c for c in path)


if __name__ == "__main__":
    main()
