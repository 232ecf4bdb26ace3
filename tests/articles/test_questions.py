"""Which articles ask what another one asks already, and who is told."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import lifecycle, likeness, questions
from articles import workflow as bare
from articles.models import Article, LikeQuestion, QuestionWord
from tests.desk import Person

TITLE = "Do knee injections work for osteoarthritis?"
LIKE = "Does a knee injection help with osteoarthritis?"


def pairs() -> set[tuple[int, int]]:
    return set(LikeQuestion.objects.values_list("article", "other"))


def words_of(article) -> set[str]:
    return set(QuestionWord.objects.filter(article=article).values_list("word", flat=True))


def test_two_drafts_that_ask_the_same_are_a_pair(story):
    first, second = story.draft(title=TITLE), story.draft(title=LIKE)
    story.draft(title="Do hip injections work for osteoarthritis?")
    assert pairs() == {(first.pk, second.pk)}
    assert [alike.title for alike in questions.of([second.pk])[second.pk]] == [TITLE]


def test_a_title_changed_on_its_page_changes_the_pairs(story):
    first, second = story.draft(title=TITLE), story.draft(title="Is surgery needed?")
    tom, url = Person("tom"), f"/admin/articles/article/{second.pk}/change/"
    assert tom.fill(url, having="title", title=LIKE).status_code == 302
    assert words_of(second) == likeness.words(LIKE)
    assert pairs() == {(first.pk, second.pk)}
    assert tom.fill(url, having="title", title="Is surgery needed?").status_code == 302
    assert pairs() == set()


def test_an_article_added_in_the_desk_is_compared(story):
    first = story.draft(title=TITLE)
    url = "/admin/articles/article/add/"
    text = {"variants-0-audience": "clinician", "variants-0-body": "Yes."}
    assert Person("tom").fill(url, having="title", title=LIKE, **text).status_code == 302
    assert pairs() == {(first.pk, Article.objects.latest("pk").pk)}


def test_a_revision_given_up_has_the_old_title_again(story, people):
    article = story.revised(story.published(title=TITLE), title="Is surgery needed?")
    questions.keep(article)
    bare.discard_revision(article, actor=people["tom"], now=story.tick(), reason="Not now.")
    assert words_of(article) == likeness.words(TITLE)


def test_the_command_mends_what_was_written_past_the_verbs(story):
    first, second = story.draft(title=TITLE), story.draft(title="Is surgery needed?")
    Article.objects.filter(pk=second.pk).update(title=LIKE)
    call_command("compare_questions")
    assert pairs() == {(first.pk, second.pk)}
    before = set(QuestionWord.objects.values_list("pk", flat=True))
    call_command("compare_questions")
    assert set(QuestionWord.objects.values_list("pk", flat=True)) == before


def test_an_abandoned_draft_is_nothing_to_look_at(story, people):
    first, second = story.draft(title=TITLE), story.draft(title=LIKE)
    bare.abandon(first, actor=people["tom"], now=story.tick(), reason="Twice.")
    assert questions.of([second.pk])[second.pk] == []
    assert questions.like(LIKE, without=second.pk) == []


def test_the_likeliest_five_are_kept(story):
    for _number in range(8):
        story.draft(title=TITLE)
    last = Article.objects.latest("pk")
    assert len(questions.of([last.pk])[last.pk]) == questions.MOST_SHOWN
    assert len(questions.like(TITLE)) == questions.MOST_SHOWN


def test_looking_takes_two_queries_however_many_articles(story):
    asked = []
    for upto in (1, 3, 30):
        while Article.objects.count() < upto:
            bare.create(actor=story.people["tom"], title=TITLE)
        with CaptureQueriesContext(connection) as queries:
            assert questions.like(TITLE)
        asked.append(len(queries))
    assert asked == [2, 2, 2]


def test_words_that_are_everywhere_are_found_together(story, monkeypatch):
    """Where no word of a title is rare, whatever shares all of them is compared."""
    monkeypatch.setattr(likeness, "COMMON", 2)
    for _number in range(3):
        story.draft(title=TITLE)
    story.draft(title="Do knee injections hurt?")
    assert {alike.title for alike in questions.like(TITLE)} == {TITLE}


@pytest.mark.parametrize("title", ["", "?", "of the", "a" * 400, "\u202e" * 9, "Is %s (safe); DROP TABLE --?"])
def test_an_odd_title_breaks_nothing(story, title):
    story.draft(title=TITLE)
    assert questions.like(title) == []
    assert questions.readers_have(title) == []


def test_editors_see_it_in_the_queue_and_on_the_page_with_the_others_state(story):
    first, second = story.draft(title=TITLE), story.submitted(title=LIKE)
    tom = Person("tom")
    queue = tom.client.get("/admin/queue/?view=triage").text
    assert f'Like <a href="/admin/articles/article/{first.pk}/change/">{TITLE}</a> (draft)' in queue
    page = tom.client.get(f"/admin/articles/article/{second.pk}/change/").text
    assert "Asked before?" in page
    assert f'<a href="/admin/articles/article/{first.pk}/change/">{TITLE}</a>' in page
    draft = tom.client.get(f"/admin/articles/article/{first.pk}/change/").text
    assert f'<a href="/admin/articles/article/{second.pk}/change/">{LIKE}</a>' in draft


def typed(person: Person, article, title: str) -> str:
    url = f"/admin/articles/article/{article.pk}/"
    form = {**person.fields(f"{url}change/", having="title"), "title": title}
    answer = person.client.post(f"{url}live/", form)
    assert answer.status_code == 200
    return answer.text


def test_an_author_is_told_while_writing_of_what_is_on_the_site_and_of_nothing_else(story):
    live = story.published(title=TITLE)
    unpublished = story.draft(title="Is surgery needed for a torn meniscus?", author="tom")
    mine = story.draft(title="Something else entirely?")
    nora = Person("nora")
    page = typed(nora, mine, LIKE)
    assert "Asked before?" in page
    assert f'<a href="/articles/{live.slug}/">{TITLE}</a>' in page
    hidden = typed(nora, mine, unpublished.title)
    assert "Asked before?" not in hidden
    assert f"/{unpublished.pk}/change/" not in hidden
    assert LikeQuestion.objects.count() == 0


def test_what_is_off_the_site_is_no_news_for_authors_nor_is_a_revisions_new_title(story, people):
    live, mine = story.published(title=TITLE), story.draft(title="Something else entirely?")
    nora = Person("nora")
    revised = story.revised(live, title="Is surgery needed for a torn meniscus?")
    questions.keep(revised)
    assert "Asked before?" not in typed(nora, mine, "Is surgery needed for a torn meniscus?")
    bare.discard_revision(revised, actor=people["tom"], now=story.tick(), reason="Not now.")
    assert TITLE in typed(nora, mine, LIKE)
    proof = story.proof("tom")
    lifecycle.hold(live, actor=people["tom"], now=story.tick(), reason="A doubt.", proof=proof)
    assert "Asked before?" not in typed(nora, mine, LIKE)


def test_it_blocks_nothing(story):
    story.published(title=TITLE)
    assert Person("nora").act(story.draft(title=LIKE).pk, "submit").status_code == 302


def test_an_author_who_wrote_it_sees_no_panel_once_the_text_is_frozen(story):
    story.draft(title=TITLE, author="tom")
    article = story.submitted(title=LIKE)
    assert "Asked before?" not in Person("nora").client.get(f"/admin/articles/article/{article.pk}/change/").text
