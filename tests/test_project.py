"""The project as a whole: what it declares, what it ships, which part may know which."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Container, Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
import yaml
from babel.messages.extract import extract_from_dir

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "spoki_analytics"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LAST_FLOOR = 8
FLOORS = {
    "wording": 0,
    "errors": 0,
    "clock": 0,
    "renamed": 0,
    "private_files": 0,
    "limits": 0,
    "origin": 0,
    "settings": 0,
    "catalogue": 0,
    "api": 1,
    "frames": 2,
    "files": 2,
    "resources": 3,
    "corrections": 3,
    "home": 3,
    "client": 3,
    "metrics": 4,
    "charts": 5,
    "page": 6,
    "reporting": 7,
    "notebook": 7,
    "cli": LAST_FLOOR,
}
SIDE_BY_SIDE = {
    ("errors", "wording"),
    ("settings", "errors"),
    ("renamed", "errors"),
    ("limits", "errors"),
    ("settings", "limits"),
    ("limits", "wording"),
    ("renamed", "wording"),
    ("settings", "wording"),
    ("settings", "origin"),
    ("origin", "wording"),
    ("catalogue", "errors"),
    ("catalogue", "wording"),
    ("resources", "home"),
    ("client", "home"),
    ("client", "resources"),
    ("client", "corrections"),
    ("resources", "corrections"),
    ("notebook", "reporting"),
}
"""Parts of one floor of which the first may import the second."""
SANDBOX_MAY = {"wording", "clock", "errors", "catalogue"}
HTTP = {"requests", "requests_cache", "urllib3", "http", "uvicorn", "starlette"}
FIGURES = {"matplotlib"}
MUST_NOT_KNOW = {
    "errors": HTTP | FIGURES | {"pandas"},
    "settings": HTTP | FIGURES | {"pandas"},
    "catalogue": HTTP | FIGURES | {"pandas"},
    "api": FIGURES | {"pandas", "pyarrow"},
    "frames": HTTP | FIGURES,
    "files": HTTP | FIGURES,
    "resources": FIGURES,
    "corrections": FIGURES,
    "metrics": HTTP
    | FIGURES
    | {"time", "os", "pathlib", "spoki_analytics.api", "spoki_analytics.client", "spoki_analytics.resources"},
    "charts": HTTP | {"spoki_analytics.api", "spoki_analytics.client", "spoki_analytics.resources"},
    "sandbox": {"pandas", "requests"},
}


ONE_HOME = {
    "difflib": "wording.names",
    "unicodedata": "wording.names",
    "babel": "wording.numbers",
}
"""What is done in one module only: the nearest known word, the cleaning of names, the writing of numbers and days."""
MESSAGES = {"gettext": 1, "ngettext": 2, "noop": 1, "ngettext_noop": 2}
"""Calls that say or mark a sentence, and how many sentences stand in each."""


CONDA_NAMES = {"matplotlib": "matplotlib-base", "tzdata": "python-tzdata"}


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def modules() -> Iterator[tuple[str, str, ast.Module]]:
    """Every module of the package: its part (floor), its name and its tree."""
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
        if name != "__init__":
            yield name.split(".")[0], name, ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.AST) -> Iterator[str]:
    """Names of the modules that a tree imports, wherever it does; imports for the type checker alone do not count."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        yield from imported(node)


def within(module: str, names: set[str]) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in names)


def test_a_part_imports_only_parts_below_it() -> None:
    wrong = []
    for part, name, tree in modules():
        assert part in FLOORS or part == "sandbox", f"{part} has no floor"
        for module in imported(tree):
            other = module.removeprefix("spoki_analytics.").split(".")[0]
            if not module.startswith("spoki_analytics.") or other == part or other not in {*FLOORS, "sandbox"}:
                continue
            if part == "sandbox":
                allowed = within(module.removeprefix("spoki_analytics."), SANDBOX_MAY)
            elif other == "sandbox":
                allowed = part == "cli"
            else:
                allowed = FLOORS[other] < FLOORS[part] or (part, other) in SIDE_BY_SIDE
            if not allowed:
                wrong.append(f"{name} imports {module}")
    assert wrong == []


def graph() -> dict[str, set[str]]:
    """Which modules each module imports when it is imported, and for the type checker alone."""
    names = {name for _, name, _ in modules()}
    return {
        name: {found for module in imported_at_once(tree) if (found := owner(module, names)) not in ("", name)}
        for _, name, tree in modules()
    }


def imported_at_once(tree: ast.AST) -> Iterator[str]:
    """Names that a module imports at its own level, blocks for the type checker included."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from imported_at_once(node)


def owner(module: str, names: set[str]) -> str:
    """The module of this package that an imported name belongs to; empty for others."""
    name = module.removeprefix("spoki_analytics.")
    while name and name not in names:
        name = name.rpartition(".")[0]
    return name if module.startswith("spoki_analytics.") else ""


def circle_from(start: str, arrows: dict[str, set[str]]) -> bool:
    """Whether one comes back to a module by following imports."""
    seen: set[str] = set()
    left = list(arrows[start])
    while left:
        name = left.pop()
        if name == start:
            return True
        left += arrows[name] - seen
        seen |= arrows[name]
    return False


def test_no_import_leads_back_to_where_it_started() -> None:
    arrows = graph()
    assert {name for name in arrows if circle_from(name, arrows)} == set()


def test_no_import_for_the_type_checker_points_to_a_higher_floor() -> None:
    back = [
        f"{name} imports {other}"
        for name, others in graph().items()
        for other in others
        if not other.startswith("sandbox") and FLOORS.get(name.split(".")[0], LAST_FLOOR) < FLOORS[other.split(".")[0]]
    ]
    assert back == []


def test_a_part_does_not_know_what_its_floor_must_not() -> None:
    wrong = [
        f"{name} imports {module}"
        for part, name, tree in modules()
        for module in imported(tree)
        if within(module, MUST_NOT_KNOW.get(part, set())) or within(module, {"matplotlib.pyplot"})
    ]
    assert wrong == []


def test_metrics_have_no_clock() -> None:
    clocks = {"now", "utcnow", "today", "time"}
    wrong = [
        f"{name}, line {node.lineno}"
        for part, name, tree in modules()
        for node in ast.walk(tree)
        if part == "metrics"
        and isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in clocks
    ]
    assert wrong == []


@pytest.mark.parametrize("library", ONE_HOME)
def test_what_is_done_once_is_done_in_one_module(library: str) -> None:
    homes = {name for _, name, tree in modules() for module in imported(tree) if within(module, {library})}
    assert homes == {ONE_HOME[library]}


def calls(tree: ast.AST, names: Container[str]) -> Iterator[ast.Call]:
    """Calls of functions by these names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield node


def sentences(call: ast.Call) -> list[str | None]:
    """The sentences that a call of `MESSAGES` says, None for what is no literal."""
    assert isinstance(call.func, ast.Name)
    said = call.args[: MESSAGES[call.func.id]]
    return [node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None for node in said]


def looks_up(node: ast.expr) -> bool:
    """Whether an expression is the look-up of a sentence that is marked elsewhere."""
    if isinstance(node, ast.BoolOp):
        return all(map(looks_up, node.values))
    return isinstance(node, ast.Name | ast.Attribute | ast.Subscript)


def wrongly_said(call: ast.Call) -> str:
    """What is wrong with how a sentence is said, or nothing."""
    assert isinstance(call.func, ast.Name)
    said, given = sentences(call), {keyword.arg for keyword in call.keywords}
    if None in said:
        looked_up = call.func.id in ("gettext", "ngettext") and all(map(looks_up, call.args[: MESSAGES[call.func.id]]))
        return "" if looked_up else "is not a literal, nor the look-up of one"
    if None in given:
        return "hides the names of its values"
    if call.func.id == "gettext" and not given:
        return "lacks a value" if any(re.search(r"\{\w+\}", text or "") for text in said) else ""
    parts = [part for text in said for part in Formatter().parse(text or "") if part[1] is not None]
    if any(not (field or "").isidentifier() or form or conversion for _, field, form, conversion in parts):
        return "has a place without a plain name"
    counted = {"count"} if call.func.id == "ngettext" else set()
    return (
        ""
        if call.func.id.endswith("noop") or {part[1] for part in parts} - counted == given
        else "and its values differ"
    )


def test_every_sentence_is_whole_and_its_values_fit() -> None:
    wrong = [
        f"{name}, line {call.lineno}: {ast.unparse(call.args[0])} {problem}"
        for _, name, tree in modules()
        for call in calls(tree, MESSAGES)
        if (problem := wrongly_said(call))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ('gettext("There is {count} row.", count=1)', ""),
        ("gettext(TITLES[name])", ""),
        ("gettext(sentence or self.sentence, **values)", ""),
        ('gettext("a body such as {}")', ""),
        ('ngettext("{count} row of {table}", "{count} rows of {table}", n, table=t)', ""),
        ('gettext(f"There is {count} row.")', "is not a literal, nor the look-up of one"),
        ('gettext("one" if few else "many")', "is not a literal, nor the look-up of one"),
        ('gettext("There is " + what)', "is not a literal, nor the look-up of one"),
        ("noop(title)", "is not a literal, nor the look-up of one"),
        ('gettext("{name}", **values)', "hides the names of its values"),
        ('gettext("There is no {name}.")', "lacks a value"),
        ('gettext("{0} rows", rows=3)', "has a place without a plain name"),
        ('gettext("{rows:,} rows", rows=3)', "has a place without a plain name"),
        ('gettext("{rows} rows", row=3)', "and its values differ"),
        ('ngettext("a row of {table}", "{count} rows", n)', "and its values differ"),
    ],
)
def test_the_look_at_sentences_sees_what_is_wrong(code: str, problem: str) -> None:
    assert wrongly_said(next(calls(ast.parse(code), MESSAGES))) == problem


def test_translators_get_every_sentence() -> None:
    """What babel extracts for the catalogues is what the code says: no sentence is missed, none only looks like one."""
    keywords: Any = {"gettext": None, "ngettext": (1, 2), "noop": None, "ngettext_noop": (1, 2)}
    extracted = extract_from_dir(PACKAGE, [("**.py", "python")], keywords=keywords)
    texts = {text for _, _, message, *_ in extracted for text in ([message] if isinstance(message, str) else message)}
    said = {text for _, _, tree in modules() for call in calls(tree, MESSAGES) for text in sentences(call) if text}
    assert texts == said


def is_bare(node: ast.expr) -> bool:
    """Whether an expression holds text that no catalogue knows."""
    if isinstance(node, ast.BinOp):
        return is_bare(node.left) or is_bare(node.right)
    if isinstance(node, ast.IfExp):
        return is_bare(node.body) or is_bare(node.orelse)
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and bool(node.value))


def test_errors_advice_and_warnings_are_said_through_messages() -> None:
    errors = {
        node.name
        for node in ast.walk(ast.parse((PACKAGE / "errors.py").read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
    }
    wrong = [
        f"{name}, line {node.lineno}: {ast.unparse(node)}"
        for _, name, tree in modules()
        for call in calls(tree, {*errors, "warn"})
        for node in [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg == "advice")]
        if is_bare(node)
    ]
    assert wrong == []


def test_nothing_but_the_clock_reads_the_time_of_day() -> None:
    """Simulated days move everything, or they move nothing: durations are measured with ``time.monotonic``."""
    readers = {"now", "utcnow", "today", "time", "time_ns", "localtime", "gmtime", "strftime", "ctime"}
    owners = {"datetime", "date", "time", "dt", "Timestamp", "pd.Timestamp", "datetime.datetime", "datetime.date"}
    wrong = [
        f"{name}, line {node.lineno}: {ast.unparse(node)}"
        for _, name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in readers and ast.unparse(node.value) in owners
    ]
    assert [place for place in wrong if not place.startswith("clock,")] == []
    assert wrong, "the look finds the clock itself"


def test_names_say_what_is_inside() -> None:
    vague = {"utils", "helpers", "common", "base", "manager", "misc"}
    assert [name for _, name, _ in modules() if set(name.split(".")) & vague] == []


def test_the_conda_environment_is_the_pip_environment() -> None:
    declared = project()
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    conda = [item for item in environment["dependencies"] if isinstance(item, str)]
    wanted = [*declared["dependencies"], *declared["optional-dependencies"]["lab"]]
    expected = [requirement.partition(";")[0].strip() for requirement in wanted]
    for pip_name, conda_name in CONDA_NAMES.items():
        expected = [re.sub(rf"^{pip_name}(?![\w-])", conda_name, requirement) for requirement in expected]
    assert set(conda) ^ {*expected, f"python{declared['requires-python']}", "pip"} == set()
    assert environment["name"] == declared["name"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_are_kept_without_outputs(path: Path) -> None:
    cells = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    assert cells
    assert [cell for cell in cells if cell["outputs"] or cell["execution_count"] is not None] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_declares_whose_rows_it_opens(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    opened = 'rows="key"' in "".join("".join(cell["source"]) for cell in notebook["cells"])
    assert opened == (notebook["metadata"].get("spoki", {}).get("rows") == "key")


def test_no_file_names_a_place_on_the_machine_it_was_written_on() -> None:
    private = {str(ROOT), str(Path.home()), sys.prefix, "C:\\" + "Users"}
    places = [rf"(?<![\w.~-]){re.escape(place)}(?![\w-])" for place in private if len(place) > 1]
    pattern = re.compile("|".join([*places, r"(?<![\w.~-])/(?:home|Users)/(?!you\b|user\b)\w"]))
    assert [name for name in tracked() if pattern.search((ROOT / name).read_text("utf-8", errors="replace"))] == []


def test_every_link_in_the_documentation_leads_somewhere() -> None:
    pages = [ROOT / name for name in tracked() if name.endswith(".md")]
    links = [
        (page, link) for page in pages for link in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text("utf-8"))
    ]
    assert links
    assert [(page.name, link) for page, link in links if not (page.parent / link).exists()] == []


def test_every_link_to_a_heading_finds_it() -> None:
    pages = [ROOT / name for name in tracked() if name.endswith(".md")]
    links = [
        (page, *link)
        for page in pages
        for link in re.findall(r"\]\((?!https?:)([^)#\s]*)#([^)\s]+)", page.read_text("utf-8"))
    ]
    assert links
    assert [
        (page.name, link) for page, file, link in links if link not in headings(page.parent / file if file else page)
    ] == []


def headings(page: Path) -> set[str]:
    """Addresses of the headings of a page, as GitHub makes them."""
    found = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in found}


def tracked() -> list[str]:
    """Files of the project: what git knows, or would take."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [name for name in names if (ROOT / name).is_file() and not name.endswith(".png")]


@pytest.fixture(scope="module")
def wheel() -> Iterator[Path]:
    """The wheel, built without network."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, str(ROOT)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        yield next(Path(folder).glob("*.whl"))


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    needed = {"py.typed", "catalogue.csv", *(f"notebooks/{path.name}" for path in NOTEBOOKS)}
    assert {f"spoki_analytics/{name}" for name in needed} <= names
    assert {name.split("/")[0] for name in names} == {
        "spoki_analytics",
        f"spoki_analytics-{project()['version']}.dist-info",
    }


def test_an_installed_wheel_renders_its_dashboards_from_any_folder(
    wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    elsewhere.mkdir()
    zipfile.ZipFile(wheel).extractall(site)
    monkeypatch.setenv("PYTHONPATH", str(site))
    code = "import spoki_analytics as s; from spoki_analytics.cli.main import main; print(s.__file__); main()"
    command = [sys.executable, "-c", code, "report", "usage", "credit", "campaigns", "--demo"]
    done = subprocess.run(command, cwd=elsewhere, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    where, *lines = done.stdout.splitlines()
    assert Path(where).is_relative_to(site)
    assert [line.split()[0] for line in lines] == ["usage", "credit", "campaigns", "index"]
    assert all((elsewhere / line.split(maxsplit=1)[1]).stat().st_size > 1000 for line in lines)
