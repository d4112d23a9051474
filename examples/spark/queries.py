"""Three questions a buyer asks of what scan.py has kept.

    spark-submit examples/spark/queries.py s3a://bucket/unlabel

Who to stop: suppliers with a part that a clause in force prohibits. Who to question: suppliers with something to review
or an open question. Whose SBOMs are no answer: not read whole, or too thin to tell, so that finding nothing says nothing.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pyspark.sql import SparkSession

sys.path.insert(0, str(Path(__file__).resolve().parent))
from scan import current  # noqa: E402

STOP = """
select supplier, max(level = 'prohibited') as certain, count(*) as findings, count(distinct source) as documents,
       sort_array(collect_set(component.name)) as components
from findings where level in ('prohibited', 'likely-prohibited')
group by supplier order by certain desc, findings desc, supplier
"""

QUESTION = """
select supplier, sum(questions) as questions, count_if(level = 'review') as to_review, count(*) as documents
from inputs where questions > 0 or level = 'review'
group by supplier order by questions desc, supplier
"""

THIN = """
select supplier, count(*) as documents, count_if(status = 'unread') as unread, count_if(status = 'partial') as partial,
       count_if(status = 'read' and components = 0) as empty, count_if(inconclusive) as too_thin
from inputs where status <> 'read' or components = 0 or inconclusive
group by supplier order by documents desc, supplier
"""

QUERIES = {"suppliers to stop": STOP, "suppliers to question": QUESTION, "SBOMs that are no answer": THIN}


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit("usage: queries.py FOLDER")
    session = SparkSession.builder.appName("unlabel queries").getOrCreate()
    inputs, findings = current(session, sys.argv[1])
    inputs.createOrReplaceTempView("inputs")
    findings.createOrReplaceTempView("findings")
    for title, query in QUERIES.items():
        print(f"\n{title}")
        session.sql(query).show(50, truncate=60)
    session.stop()


if __name__ == "__main__":
    main()
