"""Each rule for migrations with what it refuses and what it lets pass."""

import pytest

from config import lint_migrations as rules
from config.lint_sources import Source, committed

LATER = "editorial/migrations/9000_later.py"
EARLIER = "editorial/migrations/0003_mail_and_reminders.py"
FIELD = "migrations.AddField(model_name='a', name='b', field={})"


def found(rule, *operations: str, path: str = LATER, atomic: str = "") -> list[int]:
    body = "\n".join(f"        {operation}," for operation in operations)
    first = atomic or "dependencies = []"
    text = f"class Migration(migrations.Migration):\n    {first}\n    operations = [\n{body}\n    ]\n"
    return [line for line, _sentence in rule(Source(path, text))]


@pytest.mark.parametrize("path", [LATER, EARLIER])
@pytest.mark.parametrize(
    ("operation", "lines"),
    [
        ("migrations.RunPython(fill)", [4]),
        ("migrations.RunPython(fill, elidable=True)", [4]),
        ("migrations.RunSQL('SELECT 1')", [4]),
        ("migrations.RunPython(fill, empty)", []),
        ("migrations.RunPython(code=fill, reverse_code=migrations.RunPython.noop)", []),
        ("migrations.RunSQL('a', reverse_sql='b')", []),
    ],
)
def test_what_cant_be_taken_back_is_reported_at_any_time(operation, lines, path):
    assert found(rules.migrations_can_be_taken_back, operation, path=path) == lines


@pytest.mark.parametrize(
    ("field", "lines"),
    [
        ("models.TextField()", [4]),
        ("models.TextField(default='')", [4]),
        ("models.TextField(null=False)", [4]),
        ("models.TextField(db_default='')", []),
        ("models.TextField(default='', db_default='')", []),
        ("models.TextField(null=True)", []),
        ("models.ManyToManyField(to='a.b')", []),
    ],
)
def test_a_column_that_the_running_release_doesnt_fill_is_reported(field, lines):
    rule = rules.new_columns_take_what_the_running_release_writes
    assert found(rule, FIELD.format(field)) == lines
    assert found(rule, FIELD.format(field), path=EARLIER) == []


@pytest.mark.parametrize(
    "operation",
    [
        "migrations.RemoveField(model_name='a', name='b')",
        "migrations.RenameField('a', 'b', 'c')",
        "migrations.RenameModel('a', 'b')",
        "migrations.DeleteModel('a')",
        "migrations.AlterField('a', 'b', models.TextField())",
        "migrations.AlterModelTable('a', 'b')",
    ],
)
def test_what_takes_something_from_the_running_release_is_reported_unless_explained(operation):
    rule = rules.nothing_is_taken_from_the_running_release
    assert found(rule, operation) == [4]
    assert found(rule, operation, path=EARLIER) == []
    assert found(rule, f"{operation},  # why-safe: unused since 0.4") == []
    assert found(rule, f"# why-safe: unused since 0.4\n        {operation}") == []
    assert found(rule, f"# it is safe\n        {operation}") == [5]


def test_what_only_adds_is_fine():
    made = "migrations.CreateModel(name='A', fields=[])"
    assert found(rules.nothing_is_taken_from_the_running_release, made, FIELD.format("models.TextField()")) == []


INDEX = "{}(model_name='a', index=models.Index(fields=['b'], name='c'))"


@pytest.mark.parametrize(
    ("name", "atomic", "lines"),
    [
        ("migrations.AddIndex", "", [4]),
        ("migrations.RemoveIndex", "atomic = False", [4]),
        ("AddIndexBeside", "", [4]),
        ("AddIndexBeside", "atomic = True", [4]),
        ("AddIndexBeside", "atomic = False", []),
        ("RemoveIndexBeside", "atomic = False", []),
    ],
)
def test_an_index_that_blocks_writes_is_reported(name, atomic, lines):
    rule = rules.indexes_are_made_beside_the_traffic
    assert found(rule, INDEX.format(name), atomic=atomic) == lines
    assert found(rule, INDEX.format(name), atomic=atomic, path=EARLIER) == []


def test_an_index_of_a_table_that_is_made_with_it_blocks_nobody():
    made = "migrations.CreateModel(name='A', fields=[])"
    assert found(rules.indexes_are_made_beside_the_traffic, made, INDEX.format("migrations.AddIndex")) == []
    made = "migrations.CreateModel(name='Other', fields=[])"
    assert found(rules.indexes_are_made_beside_the_traffic, made, INDEX.format("migrations.AddIndex")) == [5]


@pytest.mark.parametrize("rule", rules.RULES)
def test_other_files_are_left_alone(rule):
    assert list(rule(Source("editorial/guards.py", "migrations.RunPython(fill)\nmigrations.DeleteModel('a')\n"))) == []


def test_every_migration_of_this_project_keeps_the_rules():
    migrations = [source for source in committed() if "/migrations/0" in source.path]
    assert migrations
    assert [(source.path, found) for source in migrations for rule in rules.RULES for found in rule(source)] == []
