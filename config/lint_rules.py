"""Rules of this project that ruff and import-linter don't know. ``python -m config.lint_rules`` checks them.

Each rule takes one ``Source`` and yields the line and what to do. ``--pure`` prints the pure modules instead.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from config import lint_migrations
from config.lint_sources import ROOT, Source, committed, is_pure, pure_paths

ROOMS = ("articles/", "editorial/", "reviews/")
WORKFLOW = "articles/workflow.py"

Problem = tuple[int, str]


def no_long_timers(source: Source) -> Iterator[Problem]:
    """An ETA beyond the broker's visibility timeout runs many times; a due row runs once."""
    for node in source.nodes:
        if isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg in ("eta", "countdown"):
                    yield _line(node), f"{keyword.arg}= isn't used here: write a due row, a sweep finds it"
            if isinstance(node.func, ast.Attribute) and node.func.attr == "retry":
                yield node.lineno, ".retry( isn't used here: count attempts in the row, a sweep tries again"


_TEMPLATE_CODE = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->", re.DOTALL)
_INLINE = (
    (re.compile(r"(?<![\w-])style\s*=\s*[\"']?", re.I), "an inline style is blocked by the CSP: use a class"),
    (re.compile(r"<style\b", re.I), "a style element is blocked by the CSP: put it into a style sheet"),
    (
        re.compile(r"<script\b(?![^>]*\b(?:src\s*=|type\s*=\s*[\"']application/(?:ld\+)?json))[^>]*>", re.I),
        "a script without src is blocked by the CSP: put it into a file",
    ),
    (
        re.compile(r"(?<![\w-])on[a-z]{3,}\s*=\s*[\"']", re.I),
        "an event handler is blocked by the CSP: put it into a script file",
    ),
    (re.compile(r"javascript:", re.I), "a javascript: link is blocked by the CSP: use a button and a script"),
)


def no_inline_code_in_templates(source: Source) -> Iterator[Problem]:
    if source.is_test or not source.path.endswith((".html", ".svg")):
        return
    text = _TEMPLATE_CODE.sub(_blank, source.text)
    for pattern, sentence in _INLINE:
        for match in pattern.finditer(text):
            yield source.line_of(match.start()), sentence


def no_inline_code_in_python_strings(source: Source) -> Iterator[Problem]:
    """HTML put together in Python is under the same CSP."""
    if source.is_test or source.path == "config/lint_rules.py":
        return
    inline = re.compile(r"<[a-z][^<>]*\s(style|on[a-z]{3,})\s*=", re.I)
    for node in source.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and inline.search(node.value):
            yield node.lineno, "inline styles and handlers are blocked by the CSP: use a class or a file"


def state_moves_only_in_workflow(source: Source) -> Iterator[Problem]:
    """An article's state; a seat's is a word of its own, ``assignment.state``, moved in reviews."""
    if not source.path.startswith(ROOMS) or source.path == WORKFLOW:
        return
    seats = source.path.startswith("reviews/")
    sentence = f"an article's state moves in {WORKFLOW} alone: call its verb"
    for node in source.nodes:
        for owner in _state_owners(node):
            if not (seats and owner in ("assignment", "seat", "reminder", "ReminderDispatch", "ReviewAssignment")):
                yield getattr(node, "lineno", 1), sentence


def _state_owners(node: ast.AST) -> Iterator[str]:
    """The first name of each expression whose ``state`` this node sets."""
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and node.attr == "state":
        yield _first_name(node.value)
    if not isinstance(node, ast.Call):
        return
    called = _called(node)
    if called in ("update", "aupdate") and any(keyword.arg == "state" for keyword in node.keywords):
        yield _first_name(node.func)
    if called in ("setattr", "bulk_update") and any("state" in _strings(argument) for argument in node.args[1:]):
        yield _first_name(node.args[0]) if called == "setattr" else _first_name(node.func)


def _first_name(node: ast.AST) -> str:
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _strings(node: ast.AST) -> set[object]:
    return {part.value for part in ast.walk(node) if isinstance(part, ast.Constant)}


def no_silent_except(source: Source) -> Iterator[Problem]:
    """What goes wrong is told, or a comment says why it needn't be; never for every kind of error."""
    for node in source.nodes:
        if isinstance(node, ast.ExceptHandler):
            broad = node.type is None or _first_name(node.type) in ("Exception", "BaseException")
            if node.type is None:
                yield node.lineno, "a bare except hides every error: name the ones that are expected"
            elif _does_nothing(node) and (broad or not _has_comment(source, node)):
                yield node.lineno, "this except is silent: handle the error, or say in a comment why not"
        elif isinstance(node, ast.Call) and _called(node) == "suppress":
            broad = bool({_first_name(argument) for argument in node.args} & {"Exception", "BaseException"})
            if broad:
                yield node.lineno, "this suppress() is silent for every error: name the ones expected"


def _does_nothing(handler: ast.ExceptHandler) -> bool:
    return all(
        isinstance(part, ast.Pass | ast.Continue)
        or (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))
        for part in handler.body
    )


def _has_comment(source: Source, handler: ast.ExceptHandler) -> bool:
    return any("#" in line for line in source.lines[handler.lineno - 1 : handler.end_lineno])


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


_CLOCKS = {
    ("timezone", "now"), ("timezone", "localdate"), ("timezone", "localtime"), ("datetime", "now"),
    ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time"),
}  # fmt: skip


def no_clock_in_pure_modules(source: Source) -> Iterator[Problem]:
    """Time comes in as an argument; ``editorial.clock`` is where it comes from."""
    if not source.is_pure or source.path == "editorial/clock.py":
        return
    for node in source.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            if (name, node.func.attr) in _CLOCKS:
                yield node.lineno, f"{name}.{node.func.attr}() in a pure module: take `now` as an argument"


def pure_modules_import_pure_modules(source: Source) -> Iterator[Problem]:
    """Of this project only pure modules, of Django only ``django.utils``: so no model at any distance."""
    for node in source.nodes if source.is_pure else []:
        for module in _imported(node):
            room, _, rest = module.partition(".")
            if room == "django" and not f"{rest}.".startswith("utils."):
                yield _line(node), f"a pure module doesn't import {module}"
            if f"{room}/" in (*ROOMS, "config/") and not any(is_pure(file) for file in _files(module)):
                yield _line(node), f"a pure module doesn't import {module}, which isn't pure"


def _imported(node: ast.AST) -> list[str]:
    """The modules that a statement imports; ``from a import b`` counts as a.b when that is a module."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        names = [f"{node.module}.{alias.name}" for alias in node.names]
        return [name if any((ROOT / file).exists() for file in _files(name)) else node.module for name in names]
    return []


def _files(module: str) -> tuple[str, str]:
    path = module.replace(".", "/")
    return f"{path}.py", f"{path}/__init__.py"


def _line(node: ast.AST) -> int:
    return int(getattr(node, "lineno", 1))


def imports_stand_on_top(source: Source) -> Iterator[Problem]:
    """An import inside a function hides a circle; the comment says which, or what it saves."""
    for function in source.nodes:
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if source.path.endswith("apps.py") and function.name == "ready":
            continue
        inside = (node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom))
        for node in inside:
            if not source.explained(node.lineno, node.end_lineno or node.lineno):
                yield node.lineno, "import at the top of the file, or say why not in a `# why:` comment"


_ONLY = re.compile(r"\{%\s*include\s+[\"']([^\"']+)[\"']([^%]*)\bonly\s*%\}")


def include_only_passes_the_token(source: Source) -> Iterator[Problem]:
    """``only`` drops ``csrf_token``, and the form in the partial is then refused."""
    for match in _ONLY.finditer(source.text) if source.path.endswith(".html") else ():
        name, arguments = match.groups()
        partials = list(source.root.glob(f"*/templates/{name}"))
        needs = any("{% csrf_token %}" in partial.read_text() for partial in partials)
        if needs and "csrf_token=" not in arguments:
            yield (
                source.line_of(match.start()),
                f"{name} holds a form: add csrf_token=csrf_token before `only`",
            )


_SOMEONES_HOME = re.compile(r"(?<![\w./~-])/(?:home|Users)/[A-Za-z]|\b[A-Z]:\\Users\\")


def no_paths_of_one_machine(source: Source) -> Iterator[Problem]:
    """Neither this checkout's folder, nor anyone's home."""
    here = [str(folder) for folder in (source.root, Path.home()) if str(folder) != "/"]
    checked_out = re.compile(r"(?<![\w.~-])(?:" + "|".join(map(re.escape, here)) + r")(?![\w-])")
    for number, line in enumerate(source.lines, start=1):
        if _SOMEONES_HOME.search(line) or (here and checked_out.search(line)):
            yield number, "a path of one machine: name it relative to the project"


_FETCHING = (
    "aiohttp",
    "ftplib",
    "http.client",
    "httpx",
    "requests",
    "telnetlib",
    "urllib.request",
    "urllib3",
    "xmlrpc",
)


def nothing_is_fetched(source: Source) -> Iterator[Problem]:
    """No address that somebody typed is ever asked for: so no server of the publisher's can be made to ask another."""
    for node in source.nodes if source.path.startswith(ROOMS) else []:
        given = [f"{node.module}.{alias.name}" for alias in node.names] if isinstance(node, ast.ImportFrom) else []
        fetching = [
            name for name in _FETCHING for each in given or _imported(node) if f"{each}.".startswith(f"{name}.")
        ]
        if fetching:
            yield _line(node), f"{fetching[0]} asks other hosts: docs/decisions/nothing-is-fetched.md says why not"


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match.group())


RULES: tuple[Callable[[Source], Iterator[Problem]], ...] = (
    no_long_timers,
    no_inline_code_in_templates,
    no_inline_code_in_python_strings,
    state_moves_only_in_workflow,
    no_silent_except,
    no_clock_in_pure_modules,
    pure_modules_import_pure_modules,
    imports_stand_on_top,
    include_only_passes_the_token,
    no_paths_of_one_machine,
    nothing_is_fetched,
    *lint_migrations.RULES,
)


def problems(sources: Iterable[Source]) -> Iterator[str]:
    """What every rule finds, as ``file:line: sentence``."""
    for source in sources:
        for rule in RULES:
            for line, sentence in sorted(set(rule(source))):
                yield f"{source.path}:{line}: {sentence}"


def main(arguments: list[str]) -> int:
    if "--pure" in arguments:
        print(*pure_paths())
        return 0
    sources = list(committed())
    found = list(problems(sources))
    print(*found, f"{len(RULES)} rules, {len(sources)} files: {len(found)} problems.", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
