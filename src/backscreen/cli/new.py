"""`backscreen rules new`: write the file of a new rule, or start a rulebook."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from backscreen.cli.interrupts import undone_when_interrupted
from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.diagnostics.exceptions import UsageError

if TYPE_CHECKING:
    from backscreen.authoring.scaffold.drafts import Typed

_Several = Annotated[list[str] | None, Parameter(negative="")]


def new(
    id: str | None = None,
    /,
    *,
    rulebook: Path | None = None,
    title: str | None = None,
    when: str | None = None,
    applies_to: str | None = None,
    tried: str | None = None,
    effect: str | None = None,
    about: str | None = None,
    reason: str | None = None,
    statement: _Several = None,
    disagree_with: _Several = None,
    folder: str | None = None,
    document: str | None = None,
) -> int:
    """Write the file of a new rule, with the people to try it on; or, without an id, start a rulebook in a folder.

    On a terminal it asks for what is not given. Whatever you leave open is in the file in angle brackets, to fill in.

    Parameters
    ----------
    id
        The rule's id, such as `hamstrings-with-sciatica`, which also names its file. Without it, a rulebook is started.
    rulebook
        The rulebook's folder; without it, the one that you are in.
    title
        What the rule says, in one line; or the title of a new rulebook.
    when
        Whom it is about, such as `{sciatica: yes}`.
    applies_to
        Which stretches it is about: `all`, `none`, or such as `{targets: [hamstrings]}`.
    tried
        For a rule about a trial: which tried stretches it is about, in the same form.
    effect
        What follows when it fires, such as `caution`; the file lists every effect where you leave it out.
    about
        `stretch` where the caution lies in the stretch, whoever does it.
    reason
        Why, in a sentence for the person.
    statement
        The id of a statement that it rests on; repeat the option for more.
    disagree_with
        The id of a statement that says otherwise; repeat the option for more.
    folder
        The folder within the rulebook; without it, one that goes with the effect.
    document
        The title of the document that a new rulebook rests on.
    """
    from backscreen.authoring.scaffold.drafts import Typed

    typed = Typed(
        id=id or "",
        title=title,
        when=when,
        applies_to=applies_to,
        tried=tried,
        effect=effect,
        about=about,
        reason=reason,
        statements=tuple(statement or ()),
        disagree_with=tuple(disagree_with or ()),
    )
    if id is None:
        _no_rule(typed, folder)
        return _rulebook(rulebook, title, document)
    if document is not None:
        raise UsageError(
            [
                Diagnostic(
                    "a rule has no document",
                    location="--document",
                    help="leave it out; a rule rests on statements, `--statement A1`",
                )
            ]
        )
    return _rule(typed, rulebook or Path(), folder)


def _no_rule(typed: Typed, folder: str | None) -> None:
    """Refuse what belongs to a rule where no rule is named."""
    given = [
        name
        for name in ("when", "applies_to", "tried", "effect", "about", "reason", "statements", "disagree_with")
        if getattr(typed, name)
    ]
    if given or folder is not None:
        option = {"statements": "statement"}.get(given[0], given[0]).replace("_", "-") if given else "folder"
        raise UsageError(
            [
                Diagnostic(
                    "this belongs to a rule, and no rule is named",
                    location=f"--{option}",
                    help="write the rule's id: `backscreen rules new ID`",
                )
            ]
        )


def _is_asked() -> bool:
    return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()


def _rule(typed: Typed, rulebook: Path, folder: str | None) -> int:
    from backscreen.authoring.scaffold.drafts import draft_rule
    from backscreen.authoring.scaffold.new_files import write_rule
    from backscreen.authoring.scaffold.target_rulebook import read_target

    found = read_target(rulebook)
    draft = draft_rule(typed, found)
    for note in found.offered.notes:
        print(note, file=sys.stderr)
    if _is_asked():
        from backscreen.cli.new_questions import folder_for, rest_of_rule

        draft = draft_rule(rest_of_rule(typed, found), found)
        folder = folder or folder_for(draft, found)
    with undone_when_interrupted():
        path = write_rule(draft, found, folder)
    print(f"{path} written")
    print(f"open it, write what stands in <…>, then run `backscreen rules check {_typed(rulebook)}`")
    return 0


def _rulebook(folder: Path | None, title: str | None, document: str | None) -> int:
    if folder is None:
        help_ = (
            "`backscreen rules new ID` adds a rule to the rulebook that you are in, "
            "`backscreen rules new --rulebook DIR` starts one in DIR"
        )
        raise UsageError([Diagnostic("neither a rule nor a folder is named", help=help_)])
    from backscreen.authoring.scaffold.drafts import check_sentences
    from backscreen.authoring.scaffold.new_files import admit_rulebook, write_rulebook
    from backscreen.authoring.scaffold.rulebook_template import rulebook_texts

    admit_rulebook(folder)
    check_sentences({"--title": title, "--document": document})
    if _is_asked():
        from backscreen.cli.new_questions import text

        title = title or text("What is the rulebook called?")
        document = document or text("What is the title of the document that it rests on?")
    name = Path(os.path.normpath(folder.absolute())).name
    texts = rulebook_texts(name, title=title, document=document)
    with undone_when_interrupted():
        write_rulebook(folder, texts)
    print(*(f"{folder / file} written" for file in texts), sep="\n")
    print(f"read {folder / 'README.md'} first; fill in every <…>, then run `backscreen rules check {_typed(folder)}`")
    return 0


def _typed(path: Path) -> str:
    return shlex.quote(str(path))
