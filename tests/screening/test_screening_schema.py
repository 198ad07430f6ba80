"""The words in the schema of a screening."""

from __future__ import annotations

from backscreen.model.effects import Directive, Effect, Verdict
from backscreen.model.rules import Status
from backscreen.screening.plain_values import screening_schema
from backscreen.wording.notices import Place


def test_schema_lists_the_words_of_the_model() -> None:
    """Every verdict, directive and effect may stand in a screening, and no other word."""
    schema = screening_schema()
    properties, words = schema["properties"], schema["$defs"]
    assert properties["findings"]["items"]["properties"]["effect"]["enum"] == [*Effect]
    assert properties["findings"]["items"]["properties"]["status"]["enum"] == [Status.DRAFT, Status.REVIEWED]
    assert properties["notices"]["items"]["properties"]["place"]["enum"] == [*Place]
    assert properties["stretches"]["items"]["properties"]["verdict"]["enum"] == [*Verdict]
    assert words["directive"]["enum"] == [*Directive]
    assert words["settledDirective"]["enum"] == [*Directive.settled()]
    assert words["settledVerdict"]["enum"] == [*Verdict.settled()]
