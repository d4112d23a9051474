"""How many documents a core scans on Spark, and how many the program does: the figures of docs/scale.md.

    python3 benches/inputs.py fixtures/clean fleet 3000 target/fleet
    python benches/spark.py FOLDER [RUNS]

The Python that runs it has `unlabel[spark]`. Both scan every file of the folder on one core; the best of RUNS
runs behind a first one counts, so that neither reads from the disk nor starts up. CPU is that of all processes, with those of the Java machine.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from pyspark.sql import SparkSession

from unlabel import spark as unlabel_spark

TICK = os.sysconf("SC_CLK_TCK")


def cpu_below(root: int) -> float:
    """CPU seconds of a process and of all below it, ended ones that were waited for too."""
    parents: dict[int, int] = {}
    used: dict[int, float] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(") ", 1)[1].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            parents[int(entry.name)] = int(fields[1])
            used[int(entry.name)] = sum(map(int, fields[11:15])) / TICK
    total = 0.0
    for one in used:
        at = one
        while at not in (root, 0):
            at = parents.get(at, 0)
        total += used[one] if at == root else 0.0
    return total


def measured(work) -> tuple[float, float]:
    before, began = cpu_below(os.getpid()), time.monotonic()
    work()
    return time.monotonic() - began, cpu_below(os.getpid()) - before


def main() -> None:
    os.environ["PYSPARK_PYTHON"] = sys.executable
    folder, runs = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3
    files = [path for path in Path(folder).rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    program = Path(sys.executable).parent / "unlabel"

    def alone() -> None:
        subprocess.run([program, "scan", "--jobs", "1", "--format", "json", folder], stdout=subprocess.DEVNULL, check=False)

    session = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    unlabel_spark.configure(session)

    def spark() -> None:
        documents = unlabel_spark.scan(unlabel_spark.read(session, folder), as_of="2026-11-22")
        documents.write.format("noop").mode("overwrite").save()

    print(f"{len(files)} files, {size / 1e6:.0f} MB")
    for name, work in (("program", alone), ("Spark", spark)):
        work()
        wall, cpu = min((measured(work) for _ in range(runs)), key=lambda times: times[1])
        rate = len(files) / cpu
        print(f"{name}: {wall:.2f} s, {cpu:.2f} CPU s, {rate:.0f} documents and {size / cpu / 1e6:.0f} MB a CPU second")
    session.stop()


if __name__ == "__main__":
    main()
