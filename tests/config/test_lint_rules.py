from pathlib import Path

import pytest

from config import lint_rules as rules
from config.lint_sources import ROOT, Source, committed, is_pure

AT = "articles/reader/views.py"
PURE = "reviews/quorum.py"


def lines(rule, text, path=AT, root=ROOT):
    return [line for line, _ in rule(Source(path, text, root))]


@pytest.mark.parametrize(
    "text",
    ["task.apply_async(eta=when)", "task.apply_async(args, countdown=60)", "self.retry(exc=error)"],
)
def test_a_long_timer_is_reported(text):
    assert lines(rules.no_long_timers, f"x = 1\n{text}\n") == [2]


@pytest.mark.parametrize("text", ["task.delay_on_commit(1)", "estimate(beta=1)", "retry = 3"])
def test_a_plain_call_of_a_task_is_fine(text):
    assert lines(rules.no_long_timers, text) == []


@pytest.mark.parametrize(
    "markup",
    [
        '<p style="color: red">',
        "<p style='color: red'>",
        '<p class="a" {% if x > 1 %}style="b"{% endif %}>',
        "<style>p {}</style>",
        "<script>alert(1)</script>",
        '<script type="module">go()</script>',
        '<button onclick="go()">',
        "<body ONLOAD='go()'>",
        '<a href="javascript:go()">',
    ],
)
def test_inline_code_in_a_template_is_reported(markup):
    assert lines(rules.no_inline_code_in_templates, f"<p>\n{markup}\n", "articles/templates/a.html") == [2]


@pytest.mark.parametrize(
    "markup",
    [
        '<p class="style" data-style="x" data-onset="y">',
        '<link rel="stylesheet" href="{% static \'css/style.css\' %}">',
        '<script src="{% static "js/a.js" %}" defer></script>',
        '<script type="application/ld+json">{{ data }}</script>',
        '{# never style="x" #}',
        "<p>Based on = the evidence; choose a style = plain</p>".replace("style =", "style, or"),
    ],
)
def test_markup_that_the_csp_allows_is_fine(markup):
    assert lines(rules.no_inline_code_in_templates, markup, "articles/templates/a.html") == []


def test_inline_style_in_a_python_string_is_reported():
    text = "badge = format_html('<span style=\"color: {}\">', colour)"
    assert lines(rules.no_inline_code_in_python_strings, text) == [1]


def test_a_class_in_a_python_string_is_fine_and_so_are_attacks_in_tests():
    assert lines(rules.no_inline_code_in_python_strings, "badge = '<span class=\"badge\">'") == []
    attack = "text = '<img src=x onerror=alert(1)>'"
    assert lines(rules.no_inline_code_in_python_strings, attack, "tests/articles/test_rendering.py") == []
    assert lines(rules.no_inline_code_in_python_strings, attack, "articles/rendering.py") == [1]


@pytest.mark.parametrize(
    "text",
    [
        "article.state = ArticleState.APPROVED",
        "self.article.state: str = 'approved'",
        "Article.objects.filter(pk=1).update(state='approved')",
        "setattr(article, 'state', 'approved')",
        "Article.objects.bulk_update(found, ['state'])",
        "a, article.state = 1, 'approved'",
    ],
)
@pytest.mark.parametrize("path", ["articles/publishing.py", "reviews/workflow.py", "editorial/admin/site.py"])
def test_state_set_outside_the_workflow_is_reported(text, path):
    assert lines(rules.state_moves_only_in_workflow, text, path) == [1]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("article.state = ArticleState.APPROVED", "articles/workflow.py"),
        ("assignment.state = SeatState.ACCEPTED", "reviews/workflow.py"),
        ("ReviewAssignment.objects.filter(pk=1).update(state='expired')", "reviews/workflow.py"),
        ("if article.state == ArticleState.APPROVED: pass", "articles/publishing.py"),
        ("rows.update(status='live')", "articles/publishing.py"),
    ],
)
def test_state_moved_where_it_belongs_is_fine(text, path):
    assert lines(rules.state_moves_only_in_workflow, text, path) == []


def test_an_assignment_named_as_a_seat_is_reported_outside_reviews():
    assert lines(rules.state_moves_only_in_workflow, "assignment.state = 'x'", "articles/publishing.py") == [1]


@pytest.mark.parametrize(
    "handler",
    [
        "except:\n    log()",
        "except ValueError:\n    pass",
        "except ValueError:\n    continue",
        "except Exception:\n    pass  # fine",
        "except (ValueError, TypeError):\n    ...",
    ],
)
def test_a_silent_except_is_reported(handler):
    text = f"for a in b:\n    try:\n        go()\n    {handler.replace(chr(10), chr(10) + '    ')}\n"
    assert lines(rules.no_silent_except, text) == [4]


@pytest.mark.parametrize(
    "handler",
    [
        "except ValueError:\n    return None",
        "except FileExistsError:\n    pass  # another process was first",
        "except Exception:\n    log.exception('row parked')",
    ],
)
def test_an_except_that_acts_or_explains_is_fine(handler):
    assert lines(rules.no_silent_except, f"try:\n    go()\n{handler}\n") == []


def test_suppressing_every_error_is_reported_and_a_named_one_is_fine():
    assert lines(rules.no_silent_except, "with suppress(Exception):\n    go()") == [1]
    assert lines(rules.no_silent_except, "with contextlib.suppress(KeyError):\n    go()") == []


@pytest.mark.parametrize("text", ["timezone.now()", "datetime.now(UTC)", "datetime.date.today()", "time.time()"])
def test_a_clock_in_a_pure_module_is_reported(text):
    assert lines(rules.no_clock_in_pure_modules, text, PURE) == [1]
    assert lines(rules.no_clock_in_pure_modules, text, "reviews/workflow.py") == []
    assert lines(rules.no_clock_in_pure_modules, text, "editorial/clock.py") == []


@pytest.mark.parametrize(
    "text",
    [
        "from django.db import models",
        "import django.conf",
        "from editorial.models import User",
        "from articles import models",
        "import articles.workflow",
        "from config import env",
    ],
)
def test_an_impure_import_of_a_pure_module_is_reported(text):
    assert lines(rules.pure_modules_import_pure_modules, text, PURE) == [1]


@pytest.mark.parametrize(
    "text",
    [
        "from articles.sections import SectionKind",
        "from articles import sections",
        "from articles.intake.manuscript import Manuscript",
        "from django.utils.translation import gettext_lazy as _",
        "import re",
    ],
)
def test_a_pure_import_of_a_pure_module_is_fine(text):
    assert lines(rules.pure_modules_import_pure_modules, text, PURE) == []


def test_an_import_inside_a_function_is_reported():
    assert lines(rules.imports_stand_on_top, "def f():\n    import re\n    return re") == [2]
    assert lines(rules.imports_stand_on_top, "async def f():\n    from a import b\n") == [2]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("def f():\n    import re  # why: circle with workflow\n", AT),
        ("def f():\n    # why: only root needs it\n    import pwd\n", AT),
        ("class C:\n    def ready(self):\n        from articles import checks\n", "articles/apps.py"),
        ("if TYPE_CHECKING:\n    import re\n", AT),
    ],
)
def test_an_import_on_top_or_with_a_reason_is_fine(text, path):
    assert lines(rules.imports_stand_on_top, text, path) == []


@pytest.fixture
def partials(tmp_path: Path) -> Path:
    folder = tmp_path / "config" / "templates" / "components"
    folder.mkdir(parents=True)
    (folder / "button.html").write_text("<form>{% csrf_token %}</form>")
    (folder / "badge.html").write_text("<span>{{ text }}</span>")
    return tmp_path


def test_a_form_included_without_its_token_is_reported(partials):
    text = '<p>\n{% include "components/button.html" with verb=verb only %}'
    assert lines(rules.include_only_passes_the_token, text, "a/templates/a.html", partials) == [2]


@pytest.mark.parametrize(
    "text",
    [
        '{% include "components/button.html" with verb=verb csrf_token=csrf_token only %}',
        '{% include "components/badge.html" with text=text only %}',
        '{% include "components/button.html" with verb=verb %}',
    ],
)
def test_an_include_that_needs_or_passes_no_token_is_fine(partials, text):
    assert lines(rules.include_only_passes_the_token, text, "a/templates/a.html", partials) == []


@pytest.mark.parametrize("folder", ["/home" + "/ada/notes.txt", "/Users" + "/ada", "C:\\Us" + "ers\\ada", str(ROOT)])
def test_a_path_of_one_machine_is_reported_in_any_file(folder):
    assert lines(rules.no_paths_of_one_machine, f"# Notes\nsee {folder}\n", "docs/operating.md") == [2]


@pytest.mark.parametrize(
    "text", ["/usr/lib/postgresql", "var/demo/db.sqlite3", "https://example.org/home/a", "~/notes"]
)
def test_a_path_of_every_machine_is_fine(text):
    assert lines(rules.no_paths_of_one_machine, text, "docs/operating.md") == []


@pytest.mark.parametrize(
    "text",
    ["import requests", "from urllib import request", "import urllib.request as u", "from http.client import HTTPS"],
)
def test_a_library_that_fetches_is_reported_in_every_room(text):
    assert lines(rules.nothing_is_fetched, text, "articles/library.py") == [1]


@pytest.mark.parametrize(
    ("text", "path"),
    [("from urllib.parse import urlsplit", "articles/library.py"), ("import urllib.request", "config/demo.py")],
)
def test_taking_an_address_apart_isnt_fetching_and_the_demo_asks_itself(text, path):
    assert lines(rules.nothing_is_fetched, text, path) == []


def test_migrations_are_left_alone_and_folders_of_pure_modules_count():
    assert lines(rules.no_long_timers, "x(eta=1)", "articles/migrations/0001_initial.py") == []
    assert is_pure("articles/intake/manuscript.py")
    assert not is_pure("articles/intakes.py")


def test_a_problem_is_printed_with_file_line_and_sentence():
    found = list(rules.problems([Source(AT, "x = 1\ny(eta=2)\n")]))

    assert found == [f"{AT}:2: eta= isn't used here: write a due row, a sweep finds it"]


def test_the_files_of_this_project_are_found():
    paths = {source.path for source in committed()}

    assert "config/lint_rules.py" in paths
    assert not any(path.startswith((".venv/", "var/")) for path in paths)
