"""`backscreen rules test --mutate`: change every rule in every way, and list the changes that no case notices."""

from __future__ import annotations

from backscreen.cli.options import Format
from backscreen.cli.printing import print_json
from backscreen.model.knowledge_base import KnowledgeBase


def report_mutation_score(knowledge_base: KnowledgeBase, format: Format = "text") -> int:
    """Print the mutation score of the rules; return 1 if a change survives, or if a case or scenario fails."""
    from backscreen.authoring.cases.runner import run

    failing = [result for result in run(knowledge_base) if result.mismatches]
    if failing:
        if format == "json":
            print_json(
                {"failing": [{"at": result.at, "subject": result.subject, "name": result.name} for result in failing]}
            )
        else:
            print(*(f"{result.at}: {result.subject}: {result.name}" for result in failing), sep="\n")
            print(
                "these fail already: fix them first, because a case detects a change by failing; "
                "`backscreen rules test` shows why"
            )
        return 1
    from backscreen.authoring.mutation.score import scores
    from backscreen.rendering.mutation_report import as_data, lines

    found = list(scores(knowledge_base))
    if format == "json":
        print_json(as_data(found))
    else:
        print(*lines(found), sep="\n")
    return 1 if any(score.survivors for score in found) else 0
