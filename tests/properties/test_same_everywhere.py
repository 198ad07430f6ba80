"""The same bytes in every process, whatever the hash seed, file order, locale, clock, environment or folder."""

from __future__ import annotations

import json
import os
import pty
import random
import re
import shutil
import subprocess
import sys
from ast import literal_eval
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from attrs import field, frozen

from tests.helpers.machine import PATIENCE
from tests.helpers.small import AVOID, BENEFIT, CAUTION, FACTS, SMALL, STATEMENTS, STRETCHES, Texts

ROOT = Path(__file__).parents[2]
PROGRAM = str(Path(sys.executable).with_name("backscreen"))
PLAIN = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("PYTHON", "LC_", "LANG", "LOCPATH", "TTY_"))
    and name not in ("TZ", "TERM", "COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR")
} | {"COLUMNS": "80"}
"""The environment, without what is varied here."""
OF_THE_LOCALE = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
"""Python takes its encodings from the locale, and not UTF-8 all the same."""

PROBE = """\
import json, os, sys
exec(sys.argv[1])
sys.stdout.buffer.write(ascii(eval(sys.argv[2])).encode() + b"\\n")
sys.stdout.flush()
from backscreen.loading import rulebook_files
load, loaded = rulebook_files.load_rulebooks, {}
def once(*wanted, **options):
    asked = repr((wanted, options))
    if asked not in loaded:
        loaded[asked] = load(*wanted, **options)
    return loaded[asked]
rulebook_files.load_rulebooks = once
from backscreen.cli import main
for command in json.loads(sys.argv[3]):
    if isinstance(command, str):
        exec(command)
        continue
    try:
        main(command)
    except SystemExit as ended:
        sys.stdout.buffer.write(f"= {ended.code} from {command}\\n".encode())
        sys.stdout.flush()
"""
"""Runs the set-up, prints one line that proves the setting, and then runs commands of ours or lines of Python.

Each rulebook is loaded once a process, since that takes longer than all the rest.
"""

Command = list[str] | str


@frozen
class Setting:
    """The environment, flags and folder of one process."""

    environment: Mapping[str, str] = field(factory=dict)
    flags: tuple[str, ...] = ()
    first: str = ""
    folder: Path | None = None
    umask: int = -1
    alone: bool = False
    """Whether the process is given no environment but this one."""


@frozen
class Said:
    """The line that proves the setting, and the output, standard error included."""

    shown: str
    printed: bytes


@frozen
class Place:
    """A folder with the examples, a profile and two rulebooks, one of them broken; runs commands there."""

    folder: Path

    def run(self, setting: Setting, commands: Iterable[Command], shows: str = "None") -> Said:
        """Run the commands in one process."""
        done = subprocess.run(
            [
                sys.executable,
                *setting.flags,
                str(self.folder / "probe.py"),
                setting.first,
                shows,
                json.dumps(list(commands)),
            ],
            input=PROFILE.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=setting.folder or self.folder,
            env=dict(setting.environment) if setting.alone else {**PLAIN, **setting.environment},
            umask=setting.umask,
            check=False,
            timeout=PATIENCE,
        )
        shown, _, printed = done.stdout.partition(b"\n")
        assert done.returncode == 0, done.stdout.decode(errors="backslashreplace")
        return Said(shown.decode("ascii"), printed)

    def run_all(
        self, settings: Mapping[str, Setting], commands: Iterable[Command], shows: str = "None"
    ) -> dict[str, Said]:
        """Run the commands in each setting, several processes at a time."""
        commands = list(commands)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return dict(
                zip(
                    settings,
                    pool.map(lambda setting: self.run(setting, commands, shows), settings.values()),
                    strict=True,
                )
            )


def first_difference(expected: bytes, came: bytes) -> str:
    """Return the first line that differs, before and after."""
    lines = zip_longest(expected.splitlines(keepends=True), came.splitlines(keepends=True))
    return next(f"line {number}: {was!r} became {now!r}" for number, (was, now) in enumerate(lines, 1) if was != now)


def assert_the_same(expected: Said, came: Mapping[str, Said]) -> None:
    """Assert equal output of all processes; show the first line that differs in each."""
    differing = [
        f"{name}: {first_difference(expected.printed, said.printed)}"
        for name, said in came.items()
        if said.printed != expected.printed
    ]
    if differing:
        pytest.fail("\n".join([*differing[:9], f"{len(differing)} of {len(came)} differ"]), pytrace=False)


# What is run

PROFILE = (
    "# Jürgens Rücken – seit “gestern” 🙂\nfacts: {sciatica: yes, warm_up_min: 5}\n"
    "trials: [{stretch: side_bend, felt: pain}]\notherwise: no\n"
)
BAD_PROFILE = (
    "facts: {siatica: yes, warm_up_min: 601, größe: 3, sciatica: vielleicht}\n"
    "trials: [{stretch: side_bends, felt: pian, feld: jä}]\n"
)
STRAY_KEYS = "fact: {}\ntrails: []\nother: no\nname: Jürgen\nage: 50\n"
FORMATS = ("json", "text", "markdown")
PEOPLE = [
    *(["--profile", f"examples/{path.name}"] for path in sorted((ROOT / "examples").glob("*.[yj]*"))),
    [],
    [
        "--has",
        "scoliosis",
        "--trial",
        "side_bend:felt=pain,after=mild_increase,after_lasted_min=25",
        "--trial",
        "cat_cow:felt=discomfort",
    ],
    ["--trial", ":felt=pain", "--trial", ":after=intense_increase", "--otherwise", "no"],
]
SCREENINGS: list[Command] = [["screen", *person, "--format", form] for person in PEOPLE for form in FORMATS]
REST: list[Command] = [
    ["stretches"],
    ["stretches", "--format", "json"],
    ["stretches", "side_bend", "cat_cow"],
    ["facts"],
    ["facts", "--format", "json"],
    ["facts", "--template"],
    ["rules", "test"],
    ["rules", "coverage"],
    *(["screen", "--rules", "german", "--has", "sciatica", "--format", form] for form in FORMATS),
    ["stretches", "--rules", "german"],
    ["--version"],
]
MISTAKES: list[Command] = [
    ["screen", "--profile", "bad.yaml"],
    ["screen", "--has", "siatica", "--fact", "warm_up_min=601", "--trial", "side_bends:felt=pian,feld=x"],
    ["stretches", "side_bends", "cat_caw"],
    ["screen", "--rules", "broken"],
    ["screen", "--bogus"],
    ["screen", "--profile", "stray.yaml"],
    ["rules", "test", "broken"],
]
HELP: list[Command] = [["--help"], ["screen", "--help"], ["rules", "--help"], ["completion", "bash"]]
STANDARD_INPUT: list[Command] = [["screen", "--profile", "-", "--format", "json"]]
EVERYTHING = [*SCREENINGS, *REST, *MISTAKES, *HELP, *STANDARD_INPUT]
SOME: list[Command] = [*SCREENINGS[:3], *SCREENINGS[-3:], *REST[-5:], *MISTAKES[:5], *STANDARD_INPUT]
COMPILED = """
from pathlib import Path
from backscreen import Profile, Screener, load_profile
people = [Profile(), *(load_profile(path) for path in sorted(Path("examples").glob("*.[yj]*")))]
screener = Screener(engine="compiled")
for person in people:
    print(json.dumps(screener.screen(person).to_dict()), flush=True)
"""
AT_ODDS = """
from backscreen.engines.durable.adapter import DurableEngine
DurableEngine.activations = lambda *_: {}
print(json.dumps(Screener().screen(people[0]).to_dict()), flush=True)
"""
"""An engine in which no rule fires: it is set aside, and the report names the rules in dispute."""

GERMAN: Texts = {
    file: text.replace("Cat-cow", "Katze–Kuh").replace("Toe reach", "Zehen berühren") for file, text in SMALL.items()
}
GERMAN[AVOID] = GERMAN[AVOID].replace("It pulls on the nerve.", "Ein “größerer” Zug am Nerv — sagt Łukasz, あ 🙂.")
BROKEN: Texts = {
    **SMALL,
    AVOID: SMALL[AVOID]
    .replace("statements: [A1]", "statements: [A9, A8]\nreasn: x")
    .replace("sciatica: yes", "siatica: yes"),
    CAUTION: SMALL[CAUTION].replace("effect: caution", "effect: cautious\nzeal: 1\nauthor: x"),
    BENEFIT: SMALL[BENEFIT].replace("id: sitting", "id: siting").replace("[cat_cow]", "[cat_caw, toe_rech]"),
    FACTS: SMALL[FACTS].replace("type: flag\n    title: Numbness", "type: flagg\n    title: Numbness"),
    STRETCHES: SMALL[STRETCHES].replace("targets: [hamstrings, spine]", "targets: [hamstring, spin]"),
    STATEMENTS: SMALL[STATEMENTS].replace("document: B", "document: C"),
    "advice/again.yaml": SMALL["advice/in-person.yaml"],
    "advice/torn.yaml": "id: [torn\n",
    "advice/notes.txt": "not a rule\n",
    "rule.yml": "id: rule\n",
}


def write(folder: Path, texts: Iterable[tuple[str, str]]) -> None:
    """Write the files in this order."""
    for file, text in texts:
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Return the place where commands are run, unless the test is about the folder."""
    folder = tmp_path_factory.mktemp("same")
    shutil.copytree(ROOT / "examples", folder / "examples")
    write(
        folder, [("probe.py", PROBE), ("profile.yaml", PROFILE), ("bad.yaml", BAD_PROFILE), ("stray.yaml", STRAY_KEYS)]
    )
    write(folder / "german", GERMAN.items())
    write(folder / "broken", BROKEN.items())
    return Place(folder)


@pytest.fixture(scope="module")
def some(place: Place) -> Said:
    """Return the output of some commands in the default setting."""
    return place.run(Setting(), SOME)


def test_compared_commands_cover_the_program(place: Place) -> None:
    """The compared commands succeed, fail and report as expected."""
    printed = place.run(Setting(), EVERYTHING).printed.decode()
    codes = re.findall(r"^= (\d+) from", printed, re.MULTILINE)
    assert codes == ["2" if command in MISTAKES else "0" for command in EVERYTHING]
    assert printed.count('"fault": null') == len(
        [command for command in EVERYTHING if command[0] == "screen" and command[-1] == "json"]
    )
    for file, text in BROKEN.items():
        assert text == SMALL.get(file) or f"broken/{file}" in printed, file
    assert all(
        diagnostic in printed
        for diagnostic in ("`siatica`", "`601`", "`größe`", "`vielleicht`", "`side_bends`", "`pian`", "`feld`")
    )
    assert "Zehen berühren" in printed


# Hash seeds


def test_hash_seeds_change_no_output(place: Place) -> None:
    """Fifty hash seeds print the same."""
    settings = {seed: Setting({"PYTHONHASHSEED": seed}) for seed in (*map(str, range(49)), "random")}
    came = place.run_all(
        settings,
        [*EVERYTHING, COMPILED, AT_ODDS],
        "list({'sciatica', 'scoliosis', 'smoker', 'sedentary', 'felt', 'after'})",
    )
    assert len({said.shown for said in came.values()}) > 40
    assert b" disagree about " in came["0"].printed or b"(engine: compiled" in came["0"].printed
    assert_the_same(came["0"], came)


# The order of files

SHUFFLED = """
import glob, pathlib, random
shuffle = random.Random({seed}).shuffle
scan = os.scandir
class Entries:
    def __init__(self, *path):
        with scan(*path) as entries:
            self.left = list(entries)
        shuffle(self.left)
    def __iter__(self):
        return self
    def __next__(self):
        if not self.left:
            raise StopIteration
        return self.left.pop()
    def __enter__(self):
        return self
    def __exit__(self, *_):
        self.close()
    def close(self):
        self.left = []
def shuffled(function, kind):
    def call(*arguments, **options):
        found = list(function(*arguments, **options))
        shuffle(found)
        return kind(found)
    return call
os.scandir = Entries
os.listdir = shuffled(os.listdir, list)
glob.glob, glob.iglob = shuffled(glob.glob, list), shuffled(glob.iglob, iter)
for name in ("iterdir", "glob", "rglob"):
    setattr(pathlib.Path, name, shuffled(getattr(pathlib.Path, name), iter))
"""
LISTED = """[
    [os.path.basename(os.fspath(path)) for path in way]
    for pathlib in [__import__("pathlib")]
    for way in (
        os.listdir("rulebook"),
        os.scandir("rulebook"),
        (name for _, _, names in os.walk("rulebook") for name in names),
        pathlib.Path("rulebook").iterdir(),
        pathlib.Path("rulebook").rglob("*.yaml"),
        __import__("glob").glob("rulebook/*/*.yaml"),
    )
]"""
OF_RULEBOOKS: list[Command] = [
    *(["screen", "--profile", "profile.yaml", "--rules", "rulebook", "--format", form] for form in FORMATS),
    ["screen", "--profile", "profile.yaml", "--format", "json"],
    ["screen", "--profile", "profile.yaml", "--rules", "lower-bak"],
    ["facts", "--rules", "rulebook"],
    ["rules", "test", "rulebook"],
    ["rules", "coverage", "rulebook"],
    ["screen", "--rules", "broken"],
    ["rules", "test", "broken"],
    ["rules", "coverage", "broken"],
]


def test_order_of_files_on_disk_changes_no_output(place: Place, tmp_path: Path) -> None:
    """Files written in any order make the same rulebook."""
    shipped = ROOT / "rules" / "lower-back"
    texts = [
        (path.relative_to(shipped).as_posix(), path.read_text("utf-8")) for path in sorted(shipped.rglob("*.yaml"))
    ]
    settings = {}
    for number in range(8):
        folder = tmp_path / str(number)
        dice = random.Random(number)
        for name, files in (("rulebook", texts), ("broken", list(BROKEN.items()))):
            write(folder / name, dice.sample(files, len(files)) if number else files)
        links = [
            ("again", "precautions"),
            ("advice/round", ".."),
            ("zz", "benefits"),
        ]  # folders that are there under two names
        for link, target in dice.sample(links, len(links)):
            (folder / "rulebook" / link).symlink_to(target)
        write(folder, [("profile.yaml", PROFILE)])
        settings[f"order {number}"] = Setting(folder=folder, first=SHUFFLED.format(seed=number) if number > 1 else "")
    came = place.run_all(settings, OF_RULEBOOKS, LISTED)
    for orders in zip(*(literal_eval(said.shown) for said in came.values()), strict=True):
        assert len({tuple(order) for order in orders}) > 4
        assert {tuple(sorted(order)) for order in orders} == {tuple(sorted(orders[0]))}
    assert [code.decode() for code in re.findall(rb"^= (\d+) from", came["order 0"].printed, re.MULTILINE)] == list(
        "00002000222"
    )
    assert_the_same(came["order 0"], came)


# Locales

INSTALLED = (
    subprocess.run([found, "-a"], capture_output=True, check=True).stdout.decode(errors="replace").split()
    if (found := shutil.which("locale"))
    else ["C", "POSIX"]
)
REAL = [("tr_TR", "UTF-8"), ("tr_TR", "ISO-8859-9"), ("de_DE", "ISO-8859-1"), ("ja_JP", "EUC-JP")]
ENCODINGS = "(sys.getfilesystemencoding(), sys.stdout.encoding, __import__('locale').getpreferredencoding(False))"


@pytest.fixture(scope="module")
def locales(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with those real locales that can be built here."""
    folder = tmp_path_factory.mktemp("locales")
    for language, charset in REAL if shutil.which("localedef") else []:
        made = ["localedef", "--no-archive", "-i", language, "-f", charset, str(folder / f"{language}.{charset}")]
        subprocess.run(made, capture_output=True, check=False)
    return folder


def test_locale_names_change_no_output(place: Place, some: Said) -> None:
    """Neither known nor unknown names of locales change anything."""
    by_charset = {name.partition(".")[2]: name for name in reversed(INSTALLED)}
    names = dict.fromkeys(["C", "POSIX", "C.UTF-8", "tr_TR.UTF-8", "xx_XX.nonsense", *[*by_charset.values()][:12]])
    settings = {f"LC_ALL={name}": Setting({"LC_ALL": name}) for name in names}
    settings |= {
        f"LC_ALL={name}, nothing of UTF-8": Setting({"LC_ALL": name, **OF_THE_LOCALE})
        for name in names
        if name not in ("POSIX", "C.UTF-8")
    }
    settings["LANG and LANGUAGE"] = Setting({"LANG": "tr_TR.UTF-8", "LANGUAGE": "tr:de:ja", **OF_THE_LOCALE})
    settings["LC_CTYPE"] = Setting(
        {
            "LC_CTYPE": "POSIX",
            "LC_NUMERIC": "de_DE.UTF-8",
            "LANG": "C.UTF-8",
            "PYTHONCOERCECLOCALE": "1",
            "PYTHONUTF8": "1",
        }
    )
    came = place.run_all(settings, SOME, ENCODINGS)
    assert len({said.shown for said in came.values()}) > 1
    assert_the_same(some, came)


@pytest.mark.parametrize("name", [".".join(names) for names in REAL])
def test_real_locales_change_no_output(place: Place, some: Said, locales: Path, name: str) -> None:
    """Real locales with other encodings change nothing."""
    real = {"LC_ALL": name} | ({"LOCPATH": str(locales)} if (locales / name).is_dir() else {})
    settings = {
        "as it is": Setting(real),
        "nothing of UTF-8": Setting(real | OF_THE_LOCALE),
        "UTF-8 all the same": Setting(real | {"PYTHONUTF8": "1"}),
    }
    commands = [["--version"], "__import__('locale').setlocale(__import__('locale').LC_ALL, '')", *SOME]
    try:
        came = place.run_all(settings, commands, ENCODINGS)
    except AssertionError as failure:
        if "unsupported locale setting" not in str(failure):
            raise
        pytest.skip(f"there is no locale {name} here, and localedef does not make one")
    assert ("'utf-8'" in came["nothing of UTF-8"].shown) == name.endswith("UTF-8")
    expected = place.run(Setting(), [["--version"]]).printed + some.printed
    assert_the_same(Said("", expected), came)


def test_setlocale_changes_no_result(place: Place, locales: Path) -> None:
    """A program that sets each locale in turn gets the same screenings."""
    names = [*INSTALLED, *(".".join(names) for names in REAL)]
    each = f"""
import locale
from backscreen import Profile, Screener, Trial, load_profile
from backscreen.rendering import markdown
from backscreen.rendering.report import report
from backscreen.loading.profile_validation import check
screener = Screener()
seen = {{}}
for name in {names!r}:
    try:
        locale.setlocale(locale.LC_ALL, name)
    except locale.Error:
        continue
    files = ("profile.yaml", "examples/facet-syndrome.yaml")
    for person in (*map(load_profile, files), Profile(trials=[Trial(None, felt="pain")])):
        screening = screener.screen(person)
        told = markdown.screening(report(screening))
        seen.setdefault(str(person), {{}}).setdefault(json.dumps(screening.to_dict()) + told, []).append(name)
for person, told in seen.items():
    print(*told.values())
"""
    for environment in ({}, {"LOCPATH": str(locales)}):
        lines = place.run(Setting(environment), [each]).printed.decode().splitlines()
        assert len(lines) == 3
        assert [line.count("[") for line in lines] == [1, 1, 1], "not every locale gives the same"
        assert "'C'" in lines[0]


def test_profile_with_a_non_ascii_name_is_read(place: Place, locales: Path) -> None:
    """Every locale reads a profile whose file name has umlauts."""
    path = place.folder / os.fsdecode("Jürgens Rücken.yaml".encode())
    path.write_text(PROFILE, encoding="utf-8")
    asked = [PROGRAM, "screen", "--profile", str(path), "--format", "json"]
    expected = place.run(Setting(), STANDARD_INPUT).printed.rpartition(b"= 0 from")[0]

    def read(name: str) -> Said:
        environment = {**PLAIN, **OF_THE_LOCALE, "LC_ALL": name, "LOCPATH": str(locales)}
        none = subprocess.run([*asked[:3], f"{path}.gone"], env=environment, capture_output=True, check=False)
        assert (none.returncode, none.stdout, none.stderr.count(b"\n")) == (2, b"", 2)
        assert b".gone: no such file\n" in none.stderr
        return Said(
            "",
            subprocess.run(
                asked, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
            ).stdout,
        )

    names = ["C", "C.UTF-8", *(".".join(names) for names in REAL)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        assert_the_same(Said("", expected), dict(zip(names, pool.map(read, names), strict=True)))


def test_pipes_get_utf_8(place: Place, some: Said) -> None:
    """A pipe gets UTF-8, whatever `PYTHONIOENCODING` says."""
    told = ("ascii", "latin-1", "cp1252", "utf-16", "ascii:ignore", ":replace")
    came = place.run_all(
        {name: Setting({"PYTHONIOENCODING": name}) for name in told}, SOME, "(sys.stdout.encoding, sys.stdout.errors)"
    )
    assert some.printed.decode("utf-8").count("🙂")
    assert len({said.shown for said in came.values()}) == len(told)
    assert_the_same(some, came)


def on_a_terminal(arguments: list[str], environment: Mapping[str, str], folder: Path) -> bytes:
    """Return the output of the program on a terminal; it must succeed."""
    master, slave = pty.openpty()
    options: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": slave, "stderr": slave, "cwd": folder}
    with subprocess.Popen(
        [PROGRAM, *arguments], env={**PLAIN, "TERM": "xterm", "NO_COLOR": "1", **environment}, **options
    ) as process:
        os.close(slave)
        printed = b""
        try:
            while part := os.read(master, 65536):
                printed += part
        except OSError:  # the other end has been closed
            pass
    os.close(master)
    assert process.returncode == 0, printed
    return printed.replace(b"\r\n", b"\n")


ON_TERMINALS = [
    ("ascii", {"LC_ALL": "C", **OF_THE_LOCALE}),
    *((name, {"PYTHONIOENCODING": name}) for name in ("latin-1", "cp1252", "utf-8")),
]
OF_THE_GERMAN: dict[str, list[str]] = {
    **{form: ["screen", "--rules", "german", "--has", "sciatica", "--format", form] for form in FORMATS},
    "stretches": ["stretches", "--rules", "german", "--format", "json"],
}


@pytest.fixture(scope="module")
def whole(place: Place) -> dict[str, str]:
    """Return the output on a terminal that can show every character."""
    return {
        name: on_a_terminal(asked, {"LC_ALL": "C.UTF-8"}, place.folder).decode("utf-8")
        for name, asked in OF_THE_GERMAN.items()
    }


@pytest.mark.parametrize(("encoding", "environment"), ON_TERMINALS)
@pytest.mark.parametrize("form", ["text", "markdown"])
def test_terminal_shows_other_characters_by_number(
    place: Place, whole: dict[str, str], form: str, encoding: str, environment: dict[str, str]
) -> None:
    """A character that the encoding lacks is escaped by its number."""
    assert all(character in whole[form] for character in "–“”ü🙂")
    assert on_a_terminal(OF_THE_GERMAN[form], environment, place.folder) == whole[form].encode(
        encoding, "backslashreplace"
    )


@pytest.mark.parametrize(("encoding", "environment"), ON_TERMINALS)
@pytest.mark.parametrize("name", ["json", "stretches"])
def test_json_on_any_terminal_is_json(
    place: Place, whole: dict[str, str], name: str, encoding: str, environment: dict[str, str]
) -> None:
    """JSON stays valid and complete in any encoding of the terminal."""
    came = on_a_terminal(OF_THE_GERMAN[name], environment, place.folder).decode(encoding)
    read: object
    try:
        read = json.loads(came)
    except ValueError as failure:
        read = failure
    assert read == json.loads(whole[name])


# Time zones and clocks


def test_time_zone_and_build_date_change_no_output(place: Place, some: Said) -> None:
    """Neither the time zone nor `SOURCE_DATE_EPOCH` changes anything."""
    zones = ("UTC", "Asia/Kolkata", "America/St_Johns", "Pacific/Kiritimati", "XXX-14:30YYY", "nonsense/nowhere")
    settings = {
        zone: Setting({"TZ": zone, **({"SOURCE_DATE_EPOCH": "0"} if number % 2 else {})})
        for number, zone in enumerate(zones)
    }
    came = place.run_all(settings, SOME, "__import__('time').localtime(1e9).tm_gmtoff")
    assert len({said.shown for said in came.values()}) > 3 or not Path("/usr/share/zoneinfo").exists()
    assert_the_same(some, came)


CLOCK = """
import datetime, time
real = datetime.datetime
class Jumping(real):
    at = 0
    @classmethod
    def now(cls, tz=None):
        Jumping.at += {step}
        return real.fromtimestamp(1.8e9 + Jumping.at, tz)
datetime.datetime = Jumping
time.time = lambda: Jumping.now().timestamp()
"""


@pytest.mark.parametrize("step", [0, 1])
def test_stopped_or_fast_clock_changes_no_output(place: Place, some: Said, step: int) -> None:
    """No output depends on the current time."""
    came = place.run(Setting(first=CLOCK.format(step=step)), SOME, "time.time() - time.time()")
    assert float(came.shown) == -step
    assert_the_same(some, {f"{step} seconds at each reading": came})


# The rest of the environment

DECOYS: Texts = {
    **dict.fromkeys(
        ("backscreen.py", "yaml.py", "rich.py", "json.py", "sitecustomize.py"),
        "raise SystemExit('taken from where the program was run')\n",
    ),
    **dict.fromkeys(
        ("profile.yaml", "backscreen.yaml", ".backscreen.yaml", ".env", "pyproject.toml", "rules.yaml"),
        "facts: {numbness: yes}\n",
    ),
    **{f"rules/lower-back/{file}": text for file, text in SMALL.items()},
    **{f"lower-back/{file}": text for file, text in SMALL.items()},
}


def anywhere(commands: Iterable[Command], folder: Path) -> list[Command]:
    """Return the commands in a form that works in any folder."""
    found: list[Command] = []
    for command in commands:
        assert not isinstance(command, str)
        given = zip(["", *command], command, strict=False)
        found.append(
            [
                str(folder / word) if before in ("--profile", "--rules", "test") and (folder / word).exists() else word
                for before, word in given
            ]
        )
    return found


def test_current_folder_changes_no_output(place: Place, tmp_path: Path) -> None:
    """Neither files with familiar names nor a deleted folder changes anything."""
    write(tmp_path / "decoys", DECOYS.items())
    (tmp_path / "empty").mkdir()
    (tmp_path / "gone").mkdir()
    folders = {
        name: Setting(folder=path)
        for name, path in (("/", Path("/")), ("empty", tmp_path / "empty"), ("decoys", tmp_path / "decoys"))
    }
    folders["gone"] = Setting(first=f"os.chdir({str(tmp_path / 'gone')!r}); os.rmdir({str(tmp_path / 'gone')!r})")
    commands = anywhere(SOME, place.folder)
    assert_the_same(place.run(Setting(), commands), place.run_all(folders, commands))


def test_other_variables_change_no_output(place: Place, some: Said) -> None:
    """No other variable, and no umask, changes anything."""
    answers = {
        f"{start}{name}": "numbness"
        for start in ("", "BACKSCREEN_", "BACKSCREEN_SCREEN_")
        for name in ("HAS", "FACT", "PROFILE", "RULES", "FORMAT")
    }
    settings = {
        "nothing at all": Setting(alone=True),
        "no home, and answers": Setting(
            {"HOME": "/nowhere", "USER": "", "PATH": "", "TMPDIR": "/nowhere", "XDG_CONFIG_HOME": "/nowhere", **answers}
        ),
        "of Python": Setting(
            {
                "PYTHONUNBUFFERED": "1",
                "PYTHONNOUSERSITE": "1",
                "PYTHONFAULTHANDLER": "1",
                "PYTHONINTMAXSTRDIGITS": "640",
                "PYTHONSAFEPATH": "1",
            }
        ),
        "nothing may be written": Setting({"PYTHONDONTWRITEBYTECODE": "1"}, umask=0o777),
        "a dumb terminal": Setting({"TERM": "dumb", "NO_COLOR": "1"}),
        "lines": Setting({"LINES": "1", "TERM": "xterm-256color", "COLORTERM": "truecolor"}),
    }
    assert_the_same(some, place.run_all(settings, SOME))


def test_width_and_colour_change_no_json_or_markdown(place: Place) -> None:
    """JSON and Markdown ignore the terminal."""
    commands = [
        command for command in [*SCREENINGS[-3:], *REST] if command[-1] in ("json", "markdown", "--template", "test")
    ]
    settings = {f"COLUMNS={width}": Setting({"COLUMNS": width}) for width in ("0", "20", "1000")}
    settings["colours"] = Setting(
        {"FORCE_COLOR": "1", "TTY_COMPATIBLE": "1", "TTY_INTERACTIVE": "1", "TERM": "xterm-256color"}
    )
    assert_the_same(place.run(Setting(), commands), place.run_all(settings, commands))


def test_no_width_drops_a_letter_of_the_report(place: Place) -> None:
    """The report has the same letters at every width."""
    settings = {width: Setting({"COLUMNS": width}) for width in ("80", "0", "1", "7", "20", "40", "1000", "-1", "wide")}
    came = place.run_all(settings, SCREENINGS[1:-6:9])
    letters = {width: sorted(re.findall(r"[^\W_]", said.printed.decode())) for width, said in came.items()}
    assert len(letters["80"]) > 5000
    assert {width: len(found) for width, found in letters.items() if found != letters["80"]} == {}


def test_help_is_shown_at_every_width() -> None:
    """`--help` succeeds at every width."""

    def failure(asked: tuple[str, str]) -> str | None:
        command, width = asked
        try:
            done = subprocess.run(
                [PROGRAM, *command.split()],
                env=PLAIN | {"COLUMNS": width},
                capture_output=True,
                check=False,
                timeout=PATIENCE,
            )
        except subprocess.TimeoutExpired:
            return "does not end"
        is_given = (done.returncode, done.stderr) == (0, b"") and b"Usage:" in b"".join(done.stdout.split())
        return None if is_given else f"ends with {done.returncode}: {done.stderr[:100].decode()}"

    asked = [
        (command, width)
        for command in ("--help", "screen --help", "rules test --help")
        for width in ("0", "1", "2", "10", "1000", "-1", "wide")
    ]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        failed = {one: why for one, why in zip(asked, pool.map(failure, asked), strict=True) if why}
    assert failed == {}


# How Python is run


def test_python_flags_change_no_output(place: Place, some: Said) -> None:
    """Neither flags of Python nor its warnings change anything."""
    ways = ("-X dev", "-X dev -W error -bb", "-X warn_default_encoding -W error", "-I", "-B -u", "-X utf8=0")
    settings = {way: Setting(flags=tuple(way.split())) for way in ways}
    settings |= {f"PYTHONWARNINGS={kind}": Setting({"PYTHONWARNINGS": kind}) for kind in ("error", "default")}
    came = place.run_all(settings, SOME, "(sys.flags, sys.warnoptions, sys.stdout.encoding)")
    assert len({said.shown for said in came.values()}) == len(settings)
    assert_the_same(some, came)


@pytest.fixture(scope="module")
def optimised(place: Place) -> dict[str, Setting]:
    """Return settings without asserts and docstrings, each with its own bytecode."""
    return {
        flag: Setting({"PYTHONPYCACHEPREFIX": str(place.folder / "compiled")}, flags=(flag,)) for flag in ("-O", "-OO")
    }


def test_optimised_python_changes_no_result(place: Place, optimised: dict[str, Setting]) -> None:
    """`-O` and `-OO` change nothing."""
    commands = [*SCREENINGS, *REST, *MISTAKES, COMPILED, AT_ODDS]
    came = place.run_all({"as it is": Setting(), **optimised}, commands, "(__debug__, json.__doc__ is None)")
    assert [said.shown for said in came.values()] == ["(True, False)", "(False, False)", "(False, True)"]
    assert b" scenarios: all hold\n" in came["-OO"].printed
    assert_the_same(came["as it is"], came)


def test_optimised_python_keeps_the_help(place: Place, optimised: dict[str, Setting]) -> None:
    """The help names every command and option without docstrings, too."""
    commands: list[Command] = [
        *([*command, "--help"] for command in ([], ["screen"], ["stretches"], ["facts"], ["rules"], ["completion"])),
        HELP[-1],
    ]
    whole, bare = (place.run(setting, commands).printed.decode() for setting in (Setting(), optimised["-OO"]))
    names = set(re.findall(r"(?<=│ )(?:--)?[a-z][a-z-]*(?= )", whole))
    assert {"screen", "coverage", "--profile", "--exit-code", "--template", "--version"} <= names
    assert {name for name in names if f"│ {name} " not in bare} == set()
    assert [text.count("= 0 from") for text in (whole, bare)] == [len(commands)] * 2
    assert "not medical advice" in bare
