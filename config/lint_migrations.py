"""Rules for migrations: the release that runs goes on running while the next one's migrations are applied.

What was written before the first release is bound by the first rule alone: there was nothing to keep running. A line
``# why-safe:`` at an operation says why it is safe all the same, such as which release stopped using a column.
"""

import ast
from collections.abc import Iterator

from config.lint_sources import Source

Problem = tuple[int, str]

LAST_BEFORE_RELEASE = {"articles": 11, "editorial": 8, "reviews": 7}
"""The number of each app's last migration that was written before the first release."""

TAKES_AWAY = {
    "AlterField", "AlterModelTable", "AlterUniqueTogether", "DeleteModel", "RemoveField", "RenameField", "RenameModel",
}  # fmt: skip
MANY = ("ManyToManyField",)
INDEXES = {"AddIndex": "AddIndexBeside", "RemoveIndex": "RemoveIndexBeside"}
SAFE = "# why-safe:"


def migrations_can_be_taken_back(source: Source) -> Iterator[Problem]:
    """A release that fails is gone back from within minutes; nobody writes a migration then."""
    for call in _calls(source):
        for name, reverse in (("RunPython", "reverse_code"), ("RunSQL", "reverse_sql")):
            if _name(call) == name and len(call.args) < 2 and not _given(call, reverse):
                yield call.lineno, f"{name} needs {reverse}; {name}.noop where there is nothing to take back"


def new_columns_take_what_the_running_release_writes(source: Source) -> Iterator[Problem]:
    """Django drops a ``default`` from the table at once, and the running release names no column it doesn't know."""
    for call in _judged(source, {"AddField"}):
        field = _argument(call, "field", 2)
        if isinstance(field, ast.Call) and _name(field) not in MANY:
            empty = _given(field, "null") and getattr(_argument(field, "null"), "value", False) is True
            if not empty and not _given(field, "db_default"):
                yield call.lineno, "a new column takes db_default= or null=True: the running release doesn't fill it"


def nothing_is_taken_from_the_running_release(source: Source) -> Iterator[Problem]:
    """In two releases: the first stops using it, the second takes it away and says so."""
    for call in _judged(source, TAKES_AWAY):
        yield (
            call.lineno,
            f"{_name(call)} breaks the release that runs: first stop using it, then say in `{SAFE} …` since when",
        )


def indexes_are_made_beside_the_traffic(source: Source) -> Iterator[Problem]:
    """Each blocks writes to its table while it is made. A table of the same migration is empty."""
    fresh = {str(_value(_argument(call, "name", 0))).lower() for call in _calls(source) if _name(call) == "CreateModel"}
    for call in _judged(source, {*INDEXES, *INDEXES.values()}):
        model = str(_value(_argument(call, "model_name", 0))).lower()
        instead = INDEXES.get(_name(call))
        if instead and model not in fresh:
            yield (
                call.lineno,
                f"{_name(call)} blocks writes: use {instead} of editorial.operations, with atomic = False",
            )
        elif not instead and not _is_not_atomic(source):
            yield call.lineno, f"{_name(call)} runs outside a transaction only: set atomic = False on the migration"


RULES = (
    migrations_can_be_taken_back,
    new_columns_take_what_the_running_release_writes,
    nothing_is_taken_from_the_running_release,
    indexes_are_made_beside_the_traffic,
)


def _calls(source: Source) -> list[ast.Call]:
    return [node for node in source.migration if isinstance(node, ast.Call)]


def _judged(source: Source, names: set[str]) -> Iterator[ast.Call]:
    """The operations of these names, in a migration after the first release, that no comment explains."""
    app, _, rest = source.path.partition("/migrations/")
    if not rest[:4].isdecimal() or int(rest[:4]) <= LAST_BEFORE_RELEASE.get(app, 0):
        return
    for call in _calls(source):
        lines = source.lines[max(call.lineno - 2, 0) : call.end_lineno]
        if _name(call) in names and not any(SAFE in line for line in lines):
            yield call


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _argument(call: ast.Call, name: str, place: int = 99) -> ast.AST | None:
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    return call.args[place] if len(call.args) > place else None


def _given(call: ast.Call, name: str) -> bool:
    return any(keyword.arg == name for keyword in call.keywords)


def _value(node: ast.AST | None) -> object:
    return node.value if isinstance(node, ast.Constant) else None


def _is_not_atomic(source: Source) -> bool:
    for node in source.migration:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "atomic":
            return _value(node.value) is False
    return False
