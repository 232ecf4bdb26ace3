"""Over HTTP: what stands beside a text while it is written, and who may ask for it."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import snapshots, typed
from articles.drafts import as_sent
from articles.models import Article, AudienceVariant, Citation, DraftText, Reference
from editorial.models import AuditEvent, User
from reviews.demo.cast import PASSWORD
from tests.articles.test_admin import EDIT, change_url
from tests.articles.test_proposals import COMMA, WORD, live
from tests.desk import Person

__all__ = ["live"]


def live_url(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/live/"


def types(person: Person, article: Article, **values):
    """What the browser sends while somebody types ``values`` into the form."""
    return person.client.post(live_url(article), {**person.fields(change_url(article), having=EDIT), **values})


def records() -> list[int]:
    histories = (Article, AudienceVariant, Citation)
    return [*(model.history.count() for model in histories), AuditEvent.objects.count(), DraftText.objects.count()]


def test_an_untouched_form_says_what_is_stored_byte_for_byte(story):
    article, tom = story.draft(), Person("tom")
    sent = as_sent({k: v if isinstance(v, list) else [v] for k, v in form_of(tom, article).items()})
    values = typed.values_of(sent, story.people["tom"])
    assert typed.of(article, values).snapshot == snapshots.of(article)


def form_of(person: Person, article: Article) -> dict:
    return person.fields(change_url(article), having=EDIT)


def test_the_typed_text_is_rendered_with_its_references_and_nothing_is_stored(story):
    article, nora = story.draft(), Person("nora")
    before = records()
    body = "## Answer {.other}\n\nA **typed** sentence [@sprint].\n"
    answer = types(nora, article, **{"variants-0-body": body, "title": "A title as typed?"})
    assert answer.status_code == 200
    assert "A <strong>typed</strong> sentence" in answer.text
    assert 'href="#clinician-ref-1"' in answer.text
    assert "SPRINT Research Group" in answer.text
    assert "A title as typed?" in answer.text
    assert records() == before
    assert article.variants.get().body != body


def test_findings_are_grouped_and_each_says_where(story):
    article, nora = story.draft(), Person("nora")
    body = "## Answer {.other}\n\nTake .5 mg [@nobody].\n"
    answer = types(nora, article, **{"variants-0-body": body, "funding": ""})
    assert "4 things block submission" in answer.text
    assert '<span class="live__where">Funding</span>' in answer.text
    assert '<span class="live__where">[@aha]</span>' in answer.text
    assert '<span class="live__where">Health professionals</span>' in answer.text
    blocking, advice = answer.text.split('data-part="advice"')
    assert 'data-code="marker-unresolved"' in blocking
    assert 'data-code="dose-naked-decimal"' in advice


def test_a_revision_shows_its_class_while_it_is_typed(story, live):
    article, nora = story.revised(live), Person("nora")
    body = article.variants.get().body
    unchanged = types(nora, article)
    assert "Nothing differs from version 1 yet" in unchanged.text
    for (old, new), label in ((COMMA, "typographic"), (WORD, "correction")):
        answer = types(nora, article, **{"variants-0-body": body.replace(old, new)})
        assert f"Proposed change class: {label}" in answer.text
    assert "Why, compared with version 1" in answer.text


def test_a_text_that_cant_become_a_page_says_so_and_never_fails(story):
    article, nora = story.draft(), Person("nora")
    deep = "> " * 200 + "x"
    for body, says in (
        ("![scan](https://example.org/x.png)", "images aren&#x27;t supported yet"),
        (deep, "nested too deeply"),
        ("## A {.nonsense}\n\nText.\n", "nonsense"),
        ("", "Nothing is written yet."),
    ):
        answer = types(nora, article, **{"variants-0-body": body})
        assert answer.status_code == 200, body
        assert says in answer.text


def test_hostile_markdown_stays_text(story):
    article, nora = story.draft(), Person("nora")
    body = (
        "## <script>alert(1)</script> {.other}\n\n<img src=x onerror=alert(2)> [x](javascript:alert(3)) "
        "<style>*{}</style> [y](data:text/html,<script>alert(4)</script>)\n"
    )
    answer = types(nora, article, **{"variants-0-body": body, "title": "<script>alert(5)</script>"})
    page = answer.text.split('class="live__page"')[1]
    assert answer.status_code == 200
    for markup in ("<script", "<img", "<style", 'href="javascript', 'href="data:'):
        assert markup not in page
    assert "&lt;script&gt;alert(5)" in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("variants-0-audience", "martian"),
        ("citations-0-reference", "not a number"),
        ("citations-0-reference", "9" * 30),
        ("citations-0-reference", "999999"),
        ("citations-0-key", "no key!"),
        ("literature_current_to", "yesterday"),
        ("literature_current_to", "2026-02-31"),
        ("topics", "'; --"),
        ("conclusions_changed", "maybe"),
        ("variants-TOTAL_FORMS", "-7"),
        ("language", "x" * 500),
    ],
)
def test_what_no_form_would_send_is_answered_too(story, field, value):
    article, tom = story.draft(), Person("tom")
    assert types(tom, article, **{field: value}).status_code == 200


def test_what_cant_be_kept_is_refused_in_words(story):
    article, nora = story.draft(), Person("nora")
    for values, status, says in (
        ({"variants-0-body": "A\x00 body"}, 422, "NUL character"),
        ({"variants-0-body": "x" * 200_001}, 413, "at most 200000 fit"),
        ({f"variants-{n}-body": "x" * 199_000 for n in range(6)}, 413, "at most 1000000 fit"),
    ):
        answer = types(nora, article, keep="text", **values)
        assert answer.status_code == status
        assert says in answer.text
    assert DraftText.objects.count() == 0


def test_outsiders_find_nothing_there(story):
    article = story.draft()
    User.objects.create_superuser("root", password=PASSWORD)
    other = User.objects.create_user("olga", password=PASSWORD)
    other.groups.add(Group.objects.get(name="author"))
    for somebody in map(Person, ("claire", "ana", "root", "olga")):
        for page in ("live", "sources"):
            answer = somebody.client.post(f"/admin/articles/article/{article.pk}/{page}/", {"keep": "text"})
            missing = somebody.client.post(f"/admin/articles/article/999999/{page}/", {"keep": "text"})
            assert (answer.status_code, missing.status_code) == (404, 404), somebody.username
            assert answer.content == missing.content
    assert DraftText.objects.count() == 0


def test_a_frozen_text_is_answered_in_words_and_nothing_is_kept(story):
    article, nora = story.submitted(), Person("nora")
    for page in ("live", "sources"):
        answer = nora.client.post(f"/admin/articles/article/{article.pk}/{page}/", {"keep": "text", "title": "Mine"})
        assert answer.status_code == 409
        assert "The text is frozen while the article is “Submitted”." in answer.text
    assert DraftText.objects.count() == 0


def test_signed_out_or_by_get_nothing_is_shown(story, client):
    article = story.draft()
    assert client.post(live_url(article), {"title": "Mine"}).status_code == 302
    assert Person("nora").client.get(live_url(article)).status_code == 405


def test_the_number_of_queries_depends_on_nothing(story, live):
    article, tom = story.revised(live), Person("tom")
    form = form_of(tom, article)
    counts = []
    for many in (1, 3, 30):
        rows = {}
        for number in range(many):
            reference = Reference.objects.create(kind="research", title=f"Trial {many}.{number}", doi=f"10.1/{number}")
            rows[f"citations-{number + 2}-reference"] = reference.pk
            rows[f"citations-{number + 2}-key"] = f"trial{number}"
        with CaptureQueriesContext(connection) as queries:
            assert tom.client.post(live_url(article), {**form, **rows, "keep": "text"}).status_code == 200
        counts.append(len(queries))
    assert len(set(counts[1:])) == 1
    assert max(counts) <= 22
