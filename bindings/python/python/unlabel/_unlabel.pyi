from os import PathLike
from typing import Final, final

__all__ = ["Scanner", "__version__", "formats", "render", "run"]

__version__: Final[str]

@final
class Scanner:
    def __new__(
        cls,
        as_of: str,
        as_of_assumed: bool,
        role: str | None,
        markets: list[str],
        act: str | None,
        facts: list[str],
        regimes: list[str],
        rules_folders: list[str],
        rules: list[tuple[str, str]],
        include_drafts: bool,
        fail_on: str | None,
        allow_incomplete: bool,
        max_findings: int | None,
        max_input_size: int | None,
        max_unpacked_size: int | None,
        threads: int,
    ) -> Scanner: ...
    def scan_bytes(self, data: bytes | bytearray, name: str) -> str: ...
    def scan_paths(self, paths: list[str | PathLike[str]]) -> str: ...
    def stamp(self) -> tuple[str, str, int, str]: ...
    def rules(self) -> list[tuple[str, str, str, bool, str]]: ...

def render(report: str, format: str) -> str: ...
def formats() -> list[str]: ...
def run(arguments: list[str]) -> int: ...
