"""Read SBOMs, find Kaspersky software in them under any label, and say what that means for whoever is asking.

    import unlabel
    report = unlabel.scan_bytes(data, name="sbom.json", role="reseller", as_of="2026-11-22")
    if report["summary"]["exit_status"] != 0: ...

A report is the dict of the JSON report ``unlabel.report/1``. A bad document raises nothing: it is told in
``report["inputs"]``. Read ``report["summary"]["exit_status"]``, never the findings alone.
"""

from __future__ import annotations

import datetime
import functools
import json
import os
from typing import Any, Iterable, Mapping, Sequence, TypedDict, Union, cast

from unlabel import _unlabel
from unlabel._errors import QuestionError, RulesError, UnlabelError
from unlabel._unlabel import __version__, formats

__all__ = [
    "QuestionError",
    "Report",
    "Rule",
    "RulesError",
    "RulesStamp",
    "Scanner",
    "UnlabelError",
    "__version__",
    "formats",
    "render",
    "rules",
    "rules_digest",
    "scan_bytes",
    "scan_paths",
]

Path = Union[str, "os.PathLike[str]"]
Words = Union[str, Iterable[str]]
Date = Union[str, datetime.date, datetime.datetime]


class RulesStamp(TypedDict):
    """What a report says of the rules it was made with."""

    version: str
    sha256: str
    count: int
    updated: str


class Rule(TypedDict):
    """One rule of a rule set."""

    id: str
    kind: str
    title: str
    draft: bool
    file: str


class Report(TypedDict, total=False):
    """The JSON report ``unlabel.report/1``; ``docs/output.md`` has every key."""

    schema: str
    tool: dict[str, str]
    rules: dict[str, Any]
    context: dict[str, Any]
    summary: dict[str, Any]
    inputs: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    set_aside: list[dict[str, Any]]
    questions: list[dict[str, Any]]
    notes: list[dict[str, Any]]
    disclaimer: str


def _words(given: Words) -> list[str]:
    return [given] if isinstance(given, str) else list(given)


def today() -> str:
    """The day, in UTC, so that machines in several zones agree: the date where none is stated."""
    return datetime.datetime.now(datetime.timezone.utc).date().isoformat()


class Scanner:
    """Rules, a question and bounds, ready to scan: make one and keep it; any number of threads may use it.

    ``role``, ``market``, ``act``, ``fact``, ``regime`` and ``as_of`` are the words of the program's flags; what is not
    stated is assumed, and the report says so; ``as_of_is_assumed`` says it of a date too. ``rules`` are folders of further rule files, or a mapping from names to the
    text of rule files.
    """

    def __init__(
        self,
        *,
        role: str | None = None,
        market: Words = (),
        act: str | None = None,
        fact: Words = (),
        regime: Words = (),
        as_of: Date | None = None,
        as_of_is_assumed: bool = False,
        rules: Path | Sequence[Path] | Mapping[str, str] = (),
        include_drafts: bool = False,
        fail_on: str | None = None,
        allow_incomplete: bool = False,
        max_findings: int | None = None,
        max_input_size: int | None = None,
        max_unpacked_size: int | None = None,
        threads: int = 0,
    ) -> None:
        texts: list[tuple[str, str]] = []
        folders: list[str] = []
        if isinstance(rules, Mapping):
            texts = [(str(name), str(text)) for name, text in rules.items()]
        elif isinstance(rules, (str, os.PathLike)):
            folders = [os.fspath(rules)]
        else:
            folders = [os.fspath(folder) for folder in rules]
        date = today() if as_of is None else as_of if isinstance(as_of, str) else as_of.isoformat()
        self._scanner = _unlabel.Scanner(
            as_of=date,
            as_of_assumed=as_of is None or as_of_is_assumed,
            role=role,
            markets=_words(market),
            act=act,
            facts=_words(fact),
            regimes=_words(regime),
            rules_folders=folders,
            rules=texts,
            include_drafts=include_drafts,
            fail_on=fail_on,
            allow_incomplete=allow_incomplete,
            max_findings=max_findings,
            max_input_size=max_input_size,
            max_unpacked_size=max_unpacked_size,
            threads=threads,
        )

    def scan_bytes(self, data: bytes | bytearray | memoryview, name: str = "document") -> Report:
        """Scan a document, archive or list of documents in memory; ``name`` is what the report calls it."""
        given = data if isinstance(data, (bytes, bytearray)) else bytes(data)
        return cast(Report, json.loads(self._scanner.scan_bytes(given, name)))

    def scan_paths(self, paths: Path | Iterable[Path]) -> Report:
        """Scan files, archives and folders of them. What cannot be opened is an unread input of the report."""
        some = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
        return cast(Report, json.loads(self._scanner.scan_paths(some)))

    @functools.cached_property
    def context(self) -> dict[str, Any]:
        """The question as reports tell it: for whom, where, when, and what of it was assumed."""
        return self.scan_bytes(b"", "")["context"]

    @property
    def stamp(self) -> RulesStamp:
        """Version and SHA-256 of the rule set, how many rules are on, and the newest day one was checked."""
        version, sha256, count, updated = self._scanner.stamp()
        return {"version": version, "sha256": sha256, "count": count, "updated": updated}

    def rules(self) -> list[Rule]:
        """Every rule, by id."""
        keys = ("id", "kind", "title", "draft", "file")
        return [cast(Rule, dict(zip(keys, rule))) for rule in self._scanner.rules()]


@functools.lru_cache(maxsize=8)
def _cached(day: str, **asked: Any) -> Scanner:
    return Scanner(**asked)


def _scanner(asked: dict[str, Any]) -> Scanner:
    # Loading the rules takes milliseconds, a small document less. Folders may change between two calls.
    simple = all(value is None or isinstance(value, (str, int, datetime.date)) for value in asked.values())
    return _cached(today(), **asked) if simple and "rules" not in asked else Scanner(**asked)


def scan_bytes(data: bytes | bytearray | memoryview, name: str = "document", **asked: Any) -> Report:
    """Scan a document in memory. Further keywords are those of :class:`Scanner`."""
    return _scanner(asked).scan_bytes(data, name)


def scan_paths(paths: Path | Iterable[Path], **asked: Any) -> Report:
    """Scan files, archives and folders of them. Further keywords are those of :class:`Scanner`."""
    return _scanner(asked).scan_paths(paths)


def rules(**asked: Any) -> list[Rule]:
    """Every rule of the built-in set, or of one with ``rules`` and ``include_drafts``."""
    return _scanner(asked).rules()


def rules_digest(**asked: Any) -> str:
    """SHA-256 of the rule set, lower-case hexadecimal: the same digest stands in every report made with it."""
    return _scanner(asked).stamp["sha256"]


def render(report: Report | Mapping[str, Any], format: str) -> str:
    """Write a report in another form, such as ``sarif`` or ``markdown``; ``formats()`` names all."""
    return _unlabel.render(json.dumps(report), format)
