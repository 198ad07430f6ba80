"""The commands, and how a mistaken call is answered."""

from __future__ import annotations

import re
from typing import Literal

from cyclopts import App, CycloptsError, UnusedCliTokensError

from backscreen.cli import rules_commands
from backscreen.cli.catalogue_commands import facts, stretches
from backscreen.cli.screen import screen
from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.diagnostics.exceptions import UsageError

_LISTS = "`backscreen --help` lists the commands, `backscreen COMMAND --help` what each takes"


_HOW_TO_BUILD = "CPPFLAGS=-DPyEval_CallObject=PyObject_CallObject pip install durable_rules"


def _version() -> str:
    """Return the version, the engine in use, and how to get the other one where it is missing."""
    from importlib.metadata import version

    try:
        import durable_rules_engine  # noqa: F401 - only whether it is there

        engine, hint = f"durable_rules {version('durable_rules')}", ""
    except ImportError:
        engine, hint = "compiled", f"\ndurable_rules is not installed; to build it:\n  {_HOW_TO_BUILD}"
    return f"backscreen {version('backscreen')} (engine: {engine}, verified by the reference){hint}"


app = App(
    name="backscreen",
    help="Screen a person with a sore back against a rulebook of stretching guidance: which stretches are allowed, "
    "which need care, which to avoid, and when to stop and seek care, with reasons and sources.",
    help_epilogue="backscreen is information, not medical advice and not a medical device.",
    version=_version,
    version_flags=["--version", "-V"],
    help_format="plaintext",
    result_action="return_value",
    exit_on_error=False,
    print_error=False,
    suppress_keyboard_interrupt=False,
)
app.command(screen)
app.command(stretches)
app.command(facts)
app.command(rules_commands.app)


@app.command
def completion(shell: Literal["bash", "zsh", "fish"]) -> int:
    """Print the completion script of a shell.

    Parameters
    ----------
    shell
        The shell. For bash, put `eval "$(backscreen completion bash)"` into ~/.bashrc; for zsh, the same with zsh into
        ~/.zshrc, below `compinit`; for fish, `backscreen completion fish | source` into ~/.config/fish/config.fish.
    """
    script = app.generate_completion(shell=shell)
    if shell == "zsh":
        script += _zsh_registration(script)
    print(script)
    return 0


def _zsh_registration(script: str) -> str:
    """Return what makes a script work both when it is evaluated and when zsh loads it as a function by itself."""
    function = re.search(r"^(_\w+)\(\)", script, re.MULTILINE)
    assert function is not None
    name = function[1]
    return f'\nif [[ "$funcstack[1]" == {name} ]]; then {name} "$@"; else compdef {name} backscreen; fi\n'


@app.command(name="help")
def help_(*command: str) -> int:
    """Show what a command does and takes, or list the commands.

    Parameters
    ----------
    command
        The command, such as `screen` or `rules check`.
    """
    return run([*command, "--help"])


def run(arguments: list[str]) -> int:
    """Run one command; raises `UsageError` for a call that it does not know."""
    try:
        result = app(arguments)
    except UnusedCliTokensError as failure:
        unused = " ".join(failure.unused_tokens or [])
        help_ = (
            f"an option takes one word; repeat the option for another, as in `--has sciatica --has smoker`; {_LISTS}"
        )
        raise UsageError([Diagnostic(f"unexpected argument `{unused[:100]}`", help=help_)]) from None
    except CycloptsError as failure:
        raise UsageError([_diagnostic(failure)]) from None
    return result if isinstance(result, int) else 0


def _diagnostic(failure: CycloptsError) -> Diagnostic:
    """The library's message in our manner: lower case, words in backticks, what to do on a line of its own."""
    said = re.sub(
        r"unable to convert (\S+) into \w+",
        r"\1 is not an answer to it",
        " ".join(str(failure).split()).replace('"', "`"),
    )
    what, _, help_ = said.rstrip(".").partition(". ")
    return Diagnostic(_small(what), help=f"{_small(help_.replace('. ', '; '))}; {_LISTS}" if help_ else _LISTS)


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]
