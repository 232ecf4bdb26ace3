"""The desk's pages of articles: who finds them, what they refuse, and that nothing typed is lost."""

import re
from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import reverse

from articles.models import Article
from editorial.admin.base import ByRole, Historied
from editorial.models import AuditEvent, User
from editorial.verbs import save
from reviews.demo.cast import PASSWORD
from tests.desk import Person

EDIT = "edit_stamp"


def change_url(row) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def list_url(model) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def historied() -> list[type]:
    return [model for model, page in admin.site._registry.items() if hasattr(page, "history_form_view")]


@pytest.fixture
def ingrid(people) -> Person:
    return Person("ingrid")


def test_every_admin_with_a_history_shares_the_guarded_base():
    assert {model._meta.label for model in historied()} == {
        "articles.Article",
        "articles.Reference",
        "editorial.BoardMember",
        "editorial.EditorialPolicy",
    }
    assert all(isinstance(admin.site._registry[model], Historied) for model in historied())


def test_no_history_page_takes_a_post(story, ingrid):
    """The library's own form there would revert the row past every check."""
    story.published()
    root = User.objects.create_superuser("root", password=PASSWORD)
    for person in (ingrid, Person(root.username)):
        for model in historied():
            row = model._base_manager.first()
            record = row.history.first() or _first_record(row)
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}_simple_history"
            url = reverse(name, args=[row.pk, record.pk])
            before = model._base_manager.filter(pk=row.pk).values().get(), row.history.count()
            for values in ({}, {"_save": "Revert", "title": "Mine", "state": "approved"}):
                assert person.client.post(url, values).status_code == 405, url
            assert (model._base_manager.filter(pk=row.pk).values().get(), row.history.count()) == before


def _first_record(row):
    row.save()
    return row.history.first()


def test_nothing_is_deleted_from_any_list(story, ingrid):
    story.published()
    for model, page in admin.site._registry.items():
        row = model._base_manager.first()
        if row is None or not isinstance(page, ByRole):
            continue
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_delete"
        assert ingrid.client.post(reverse(name, args=[row.pk]), {"post": "yes"}).status_code == 403, name
        assert model._base_manager.filter(pk=row.pk).exists()
        bulk = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        ingrid.client.post(list_url(model), bulk)
        assert model._base_manager.filter(pk=row.pk).exists()


def test_every_admin_of_ours_asks_for_roles_and_no_role_opens_another(ingrid):
    foreign = [model for model, page in admin.site._registry.items() if not isinstance(page, ByRole)]
    assert {model.__module__.partition(".")[0] for model in foreign} <= {"allauth"}
    for model in foreign:
        assert ingrid.client.get(list_url(model)).status_code == 403


def test_the_form_has_no_field_that_moves_an_article(story):
    article = story.draft()
    fields = Person("tom").fields(change_url(article), having=EDIT)
    fixed = {"state", "frozen_digest", "frozen_snapshot", "submitted_at", "triaged_at", "state_since", "change_class"}
    fixed |= {"risk_tier", "specialty", "handling_editor", "slug", "created_by", "abandoned_at"}
    assert fixed & set(fields) == set()
    values = {"state": "approved", "risk_tier": "low", "slug": "mine", "frozen_digest": "0" * 64}
    assert Person("tom").fill(change_url(article), having=EDIT, **values).status_code == 302
    after = Article.objects.get()
    assert (after.state, after.risk_tier, after.slug, after.frozen_digest) == ("draft", "", article.slug, "")


@pytest.mark.parametrize("person", ["nora", "tom", "ingrid"])
def test_an_edit_that_comes_too_late_is_refused_with_the_text_still_there(person, story):
    article = story.draft()
    somebody = Person(person)
    typed = {**somebody.fields(change_url(article), having=EDIT), "title": "How low now?"}
    typed["variants-0-body"] += "\nA sentence typed for an hour.\n"
    article = story.submitted(article)
    history = Article.history.count()

    refused = somebody.client.post(change_url(article), typed)

    assert refused.status_code == 200
    assert "Not saved. The text is frozen while the article is “Submitted”." in refused.text
    assert "A sentence typed for an hour." in refused.text
    assert "How low now?" in refused.text
    assert Article.objects.get().title == article.title
    assert "typed for an hour" not in article.variants.get().body
    assert Article.history.count() == history


def test_no_text_is_edited_in_any_frozen_state(story, people):
    tom = Person("tom")
    for article in (story.triaged(), story.round().article, story.published()):
        page = tom.client.get(change_url(article))
        assert page.status_code == 200
        assert 'name="title"' not in page.text
        body = article.variants.get().body
        form = {"title": "Mine", "variants-TOTAL_FORMS": "1", "variants-INITIAL_FORMS": "1"}
        form |= {"variants-0-id": article.variants.get().pk, "variants-0-article": article.pk}
        form |= {"variants-0-audience": "clinician", "variants-0-body": "Mine"}
        for prefix in ("citations", "ai_contributions"):
            form |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
        assert tom.client.post(change_url(article), form).status_code == 200
        assert Article.objects.get(pk=article.pk).title == article.title
        assert article.variants.get().body == body


def test_of_two_editors_the_second_is_told_who_saved_before(story):
    article = story.draft()
    tom, lena = Person("tom"), Person("lena")
    typed = {**lena.fields(change_url(article), having=EDIT), "short_answer": "Lena's short answer."}
    assert tom.fill(change_url(article), having=EDIT, short_answer="Tom's short answer.").status_code == 302

    refused = lena.client.post(change_url(article), typed)

    assert refused.status_code == 200
    assert "Not saved: Tom Okafor saved this article after you opened it." in refused.text
    assert "Lena&#x27;s short answer." in refused.text
    assert Article.objects.get().short_answer == "Tom's short answer."


@pytest.mark.parametrize("what", ["variants", "citations", "ai_contributions"])
def test_a_change_of_any_part_counts_as_saved_in_between(what, story, people):
    article = story.draft()
    lena = Person("lena")
    typed = {**lena.fields(change_url(article), having=EDIT), "short_answer": "Lena's short answer."}
    if what == "variants":
        row = article.variants.get()
        row.body += "\nMore.\n"
    elif what == "citations":
        row = article.citations.first()
        row.supporting_quote = "Quoted."
    else:
        row = article.ai_contributions.model(article=article, tool="A model", use="Spelling")
    save(row, actor=people["tom"])
    refused = lena.client.post(change_url(article), typed)
    assert "after you opened it" in refused.text
    assert "Lena&#x27;s short answer." in refused.text


def test_an_edit_saved_by_a_machine_whose_clock_is_late_still_counts(story, people):
    article = story.draft()
    Article.history.update(history_date=story.now + timedelta(days=3650))
    lena = Person("lena")
    typed = lena.fields(change_url(article), having=EDIT)
    article.short_answer = "Tom's short answer."
    save(article, actor=people["tom"])
    assert "after you opened it" in lena.client.post(change_url(article), typed).text


def test_an_author_finds_their_own_articles_alone(story):
    other = User.objects.create_user("olga", password=PASSWORD, first_name="Olga")
    other.groups.add(Group.objects.get(name="author"))
    story.people["olga"] = other
    own, theirs = story.draft(title="Nora's own article"), story.draft(title="Another one", author="olga")
    nora = Person("nora")
    listed = nora.client.get(list_url(Article)).text
    assert "Nora&#x27;s own article" in listed
    assert "Another one" not in listed
    assert nora.client.get(change_url(own)).status_code == 200
    missing = nora.client.get(change_url(Article(pk=999_999)))
    theirs_to_her = nora.client.get(change_url(theirs))
    assert (theirs_to_her.status_code, theirs_to_her["Location"]) == (missing.status_code, missing["Location"])
    assert nora.client.get(change_url(theirs).replace("change", "history")).status_code in (403, 404)
    for page in ("preview", "markers"):
        assert nora.client.get(reverse(f"admin:{page}", args=[theirs.pk])).status_code == 404
        assert nora.client.get(reverse(f"admin:{page}", args=[own.pk])).status_code == 200


@pytest.mark.parametrize("person", ["claire", "ana"])
def test_a_board_member_has_no_list_of_articles(person, story):
    article = story.round().article
    member = Person(person)
    assert member.client.get(list_url(Article)).status_code == 403
    assert member.client.get(change_url(article)).status_code in (302, 403)
    assert "/admin/articles/article/" not in member.client.get("/admin/").text
    for page in ("preview", "markers"):
        assert member.client.get(reverse(f"admin:{page}", args=[article.pk])).status_code == 404


def test_a_superuser_without_a_role_finds_no_article(story):
    article = story.draft()
    User.objects.create_superuser("root", password=PASSWORD)
    root = Person("root")
    assert root.client.get("/admin/").status_code == 200
    assert root.client.get(list_url(Article)).status_code == 403
    assert root.client.get(change_url(article)).status_code in (302, 403)


def test_an_author_who_adds_an_article_is_its_author_and_it_is_recorded(people):
    nora = Person("nora")
    url = reverse("admin:articles_article_add")
    added = nora.fill(url, having="title", title="A new question?", **{"variants-0-body": "## Text {.other}\n\nYes.\n"})
    assert added.status_code == 302, re.findall(r"errorlist[^<]*<li>(.*?)</li>", added.text)
    article = Article.objects.get()
    assert (article.slug, article.state, article.created_by.username) == ("a-new-question", "draft", "nora")
    assert [author.username for author in article.authors.all()] == ["nora"]
    assert [event.kind for event in AuditEvent.objects.all()] == ["article.created", "article.added"]


def test_bad_input_is_a_form_error(story):
    article, tom = story.draft(), Person("tom")
    for field, value, says in (
        ("title", "A\x00 title", "Null characters are not allowed"),
        ("short_answer", "A\x00n answer", "Null characters are not allowed"),
        ("variants-0-body", "A\x00 body", "Null characters are not allowed"),
        ("variants-0-body", "x" * 300_000, "at most 200000 fit"),
        ("title", "x" * 501, "at most 500 characters"),
        ("topics", "999999", "999999"),
    ):
        answer = tom.fill(change_url(article), having=EDIT, **{field: value})
        assert answer.status_code == 200, field
        assert says in answer.text
    assert Article.objects.get().title == article.title


def test_a_search_for_anything_is_answered(story, ingrid):
    story.published()
    for model, page in admin.site._registry.items():
        if page.search_fields:
            for query in ("\x00", "%", "'; --", "é" * 500, "\U0001f4a9"):
                assert ingrid.client.get(list_url(model), {"q": query}).status_code == 200, (model, query)
