#!/usr/bin/env python3
"""What a scan of very many SBOMs would take, where it cannot be run: the arithmetic of docs/scale.md, simulated.

    python3 benches/scale.py fixtures/clean --documents 10_000_000 --cores 64 --rate 70 --price 0.05

Sizes are drawn from the files of the folder. They are packed into tasks as `list_files` packs them (the largest first, a
task is full at --big bytes, each file weighs --open more), and each task goes to the core that is free first. A task takes
the time of its bytes at --rate (MB a second a core), of its files at --each (seconds a file) and of its start. Its objects
take --latency seconds each until they begin to come: --ahead of them at once while others are scanned, or with --ahead 0
one after the other and nothing meanwhile, as Spark reads them. More than --requests a second are not answered, of
which a document takes --per-document. It needs nothing but Python, and the same arguments give the same answer.
"""

import argparse
import heapq
import random
from pathlib import Path


def main():
    ask = argparse.ArgumentParser(description="Simulate a scan of very many SBOMs")
    ask.add_argument("folder", help="SBOMs like those that are meant")
    ask.add_argument("--documents", type=int, default=10_000_000)
    ask.add_argument("--cores", type=int, default=64)
    ask.add_argument("--rate", type=float, required=True, help="MB a second a core, from benches/spark.py")
    ask.add_argument("--each", type=float, default=0.001, help="seconds a document costs beside its bytes")
    ask.add_argument("--latency", type=float, default=0.03, help="seconds until an object begins to come")
    ask.add_argument("--ahead", type=int, default=8, help="objects that are fetched while one is scanned")
    ask.add_argument("--requests", type=float, default=5500, help="requests a second that the store answers")
    ask.add_argument("--per-document", type=float, default=2, help="requests that a document takes")
    ask.add_argument("--start", type=float, default=0.1, help="seconds a task costs before its first document")
    ask.add_argument("--big", type=int, default=128 << 20)
    ask.add_argument("--open", type=int, default=32 << 10)
    ask.add_argument("--batch", type=int, default=100_000, help="documents of one job")
    ask.add_argument("--price", type=float, help="of one core for one hour, in any money")
    given = ask.parse_args()

    sizes = [path.stat().st_size for path in sorted(Path(given.folder).rglob("*")) if path.is_file()]
    dice = random.Random(7)
    jobs = -(-given.documents // given.batch)
    # Jobs are alike but for what is drawn: a few of them stand for all.
    tried = min(jobs, 5)
    wall = busy = tasks = size = longest = 0.0
    for _ in range(tried):
        drawn = sorted(dice.choices(sizes, k=min(given.batch, given.documents)), reverse=True)
        done = simulate(drawn, given)
        wall, busy, tasks = wall + done[0], busy + done[1], tasks + done[2]
        size, longest = size + sum(drawn), max(longest, done[3])
    wall, busy, tasks, size = (value * jobs / tried for value in (wall, busy, tasks, size))

    print(f"documents      {given.documents:>15,}   of {size / given.documents / 1e3:,.0f} KB on average, {size / 1e12:,.2f} TB")
    print(f"jobs, tasks    {jobs:>15,}   {tasks:,.0f} tasks, the longest {longest:,.1f} s")
    print(f"time           {wall / 3600:>15,.1f}   hours on {given.cores} cores, {100 * busy / wall / given.cores:.0f} % busy")
    print(f"requests       {given.documents * given.per_document / wall:>15,.0f}   a second of {given.requests:,.0f}")
    print(f"core hours     {wall * given.cores / 3600:>15,.0f}   {wall * given.cores / 3.6 / given.documents * 1e6:,.0f} for a billion documents")
    if given.price is not None:
        cost = wall * given.cores / 3600 * given.price
        print(f"cores cost     {cost:>15,.2f}   {cost / given.documents * 1e6:,.2f} for a million documents")


def simulate(sizes, given):
    """Packs and runs one job: its time, the time of all its tasks, their number, and the longest."""
    tasks, weight, files, amount = [], 0, 0, 0
    # Some for each core, so that none waits long for the last of another.
    most = min(given.big, max(16 << 20, sum(size + given.open for size in sizes) // (4 * given.cores)))
    for size in sizes:
        if files and weight + size > most:
            tasks.append((files, amount))
            weight = files = amount = 0
        weight, files, amount = weight + size + given.open, files + 1, amount + size
    tasks.append((files, amount))
    took = []
    for n, amount in tasks:
        scans, waits = n * given.each + amount / 1e6 / given.rate, n * given.latency
        took.append(given.start + (max(scans, waits / given.ahead) if given.ahead else scans + waits))
    free = [0.0] * given.cores
    for time in took:
        heapq.heappush(free, heapq.heappop(free) + time)
    wall = max(free)
    # Objects that the store does not give yet are waited for by all cores alike.
    return max(wall, len(sizes) * given.per_document / given.requests), sum(took), len(tasks), max(took)


if __name__ == "__main__":
    main()
