"""How many documents a core scans on Spark, and how many the program does: the figures of docs/scale.md.

    python3 benches/inputs.py fixtures/clean fleet 3000 target/fleet
    python benches/spark.py FOLDER [--warm 8] [--runs 5] [--way program,files,read]

The Python that runs it has `unlabel[spark]`, and the program is the one in the same wheel. Every way scans all files of the
folder on one core. The first --warm runs of a session are told and do not count: in them Java compiles its own code, which a
job of hours does once; of the --runs that follow, the median counts. CPU is that of all processes and threads, Java's
compiler and the driver too.
"""

from __future__ import annotations

import argparse
import collections
import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

from pyspark.sql import SparkSession

from unlabel import spark as unlabel_spark

TICK = os.sysconf("SC_CLK_TCK")
DAY = "2026-11-22"

#: What the CPU goes to, by the names of threads; the rest of Java is "Spark".
PARTS = {"Executor task": "tasks in Java", "stdout writer": "tasks in Java", "C1 Compiler|C2 Compiler": "Java's compiler"}


def cpu_below(root: int) -> collections.Counter[str]:
    """CPU seconds of a process and of all below it, ended ones that were waited for too, by what they do."""
    parents: dict[int, int] = {}
    fields: dict[int, list[str]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields[int(entry.name)] = (entry / "stat").read_text().rsplit(") ", 1)[1].split()
                parents[int(entry.name)] = int(fields[int(entry.name)][1])
            except (FileNotFoundError, ProcessLookupError):
                continue
    used: collections.Counter[str] = collections.Counter()
    for one, stat in fields.items():
        at = one
        while at not in (root, 0):
            at = parents.get(at, 0)
        if at != root:
            continue
        whole = sum(map(int, stat[11:15])) / TICK
        if one == root:
            used["driver in Python"] += sum(map(int, stat[11:13])) / TICK
            used["program"] += sum(map(int, stat[13:15])) / TICK
        elif name(f"/proc/{one}/comm") == "java":
            rest = whole
            for thread in Path(f"/proc/{one}/task").iterdir():
                part = next((part for known, part in PARTS.items() if re.match(known, name(thread / "comm"))), None)
                if part:
                    try:
                        spent = sum(map(int, (thread / "stat").read_text().rsplit(") ", 1)[1].split()[11:13])) / TICK
                    except (FileNotFoundError, ProcessLookupError):
                        continue
                    used[part] += spent
                    rest -= spent
            used["the rest of Spark"] += rest
        else:
            used["workers in Python"] += whole
    return used


def name(path: str | Path) -> str:
    try:
        return Path(path).read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def measured(work) -> tuple[float, collections.Counter[str]]:
    before, began = cpu_below(os.getpid()), time.monotonic()
    work()
    wall, after = time.monotonic() - began, cpu_below(os.getpid())
    # A thread that ended took its seconds to the rest of its process.
    after.subtract(before)
    return wall, after


def main() -> None:
    ask = argparse.ArgumentParser(description="Measure documents a core second, with the program and with Spark")
    ask.add_argument("folder")
    ask.add_argument("--warm", type=int, default=8)
    ask.add_argument("--runs", type=int, default=5)
    ask.add_argument("--way", default="program,files,read")
    given = ask.parse_args()
    os.environ["PYSPARK_PYTHON"] = sys.executable
    folder = os.path.abspath(given.folder)
    files = [path for path in Path(folder).rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    count = len(files)
    program = Path(sys.executable).parent / "unlabel"

    session = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    session = session.config("spark.ui.showConsoleProgress", "false").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    unlabel_spark.configure(session)

    def alone() -> None:
        command = [program, "scan", "--jobs", "1", "--as-of", DAY, "--format", "json", folder]
        subprocess.run(command, stdout=subprocess.DEVNULL, check=False)

    def by_files() -> None:
        done(unlabel_spark.scan_files(unlabel_spark.list_files(session, folder), as_of=DAY))

    def by_read() -> None:
        done(unlabel_spark.scan(unlabel_spark.read(session, folder), as_of=DAY))

    def done(documents) -> None:
        documents.write.format("noop").mode("overwrite").save()

    print(f"{count} documents, {size / 1e6:.0f} MB")
    ways = {"program": alone, "files": by_files, "read": by_read}
    least = 0.0
    for way in given.way.split(","):
        work = ways[way]
        warm = 1 if way == "program" else given.warm
        first = [sum(measured(work)[1].values()) for _ in range(warm)]
        runs = sorted((measured(work) for _ in range(given.runs)), key=lambda run: sum(run[1].values()))
        wall, parts = runs[len(runs) // 2]
        cpu = sum(parts.values())
        walls = statistics.median(wall for wall, _ in runs)
        least = least or cpu
        print(f"{way}: {cpu:.2f} CPU s ({walls:.2f} s), {count / cpu:.0f} documents and {size / cpu / 1e6:.0f} MB a CPU second, {cpu / least:.2f} times")
        print("  before: " + ", ".join(f"{cpu:.2f}" for cpu in first))
        print("  " + ", ".join(f"{part} {spent:.2f}" for part, spent in parts.most_common() if spent > 0.005), flush=True)
    session.stop()


if __name__ == "__main__":
    main()
