"""What can really fail. A bad SBOM never raises: it is told in the report."""


class UnlabelError(Exception):
    """What was asked for cannot be done at all."""


class RulesError(UnlabelError):
    """A rule or a folder of rules cannot be read."""


class QuestionError(UnlabelError, ValueError):
    """A role, market, act, fact, level, form or date that is none; the message names those there are."""
