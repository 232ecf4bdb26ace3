"""Over HTTP: what was typed and not saved is kept for whoever typed it, offered again, and goes with a save."""

from articles import drafts
from articles.models import Article, AudienceVariant, DraftText
from tests.articles.test_admin import EDIT, change_url
from tests.articles.test_live import types
from tests.desk import Person

TYPED = "## Answer {.other}\n\nTyped for an hour, with é.\n"
TAKE, OFFER = "_take_up", "Take up what you typed at"


def typed_by(person: Person, article: Article, **values) -> DraftText:
    answer = types(person, article, keep="text", **{"variants-0-body": TYPED, **values})
    assert answer.status_code == 200
    assert "Kept at " in answer.text
    return DraftText.objects.get(user__username=person.username)


def test_what_was_typed_is_offered_again_to_its_author_alone(story):
    article, nora = story.draft(), Person("nora")
    kept = typed_by(nora, article)
    assert kept.data["variants-0-body"] == [TYPED]
    assert "csrfmiddlewaretoken" not in kept.data
    assert OFFER in nora.client.get(change_url(article)).text
    assert OFFER not in Person("tom").client.get(change_url(article)).text
    assert article.variants.get().body != TYPED


def test_the_latest_of_several_is_the_one_that_is_kept(story):
    article, nora = story.draft(), Person("nora")
    for title in ("One", "Two", "Three"):
        typed_by(nora, article, title=title)
    assert DraftText.objects.get().data["title"] == ["Three"]


def test_taken_up_it_is_in_the_form_and_not_yet_saved(story):
    article, nora = story.draft(), Person("nora")
    typed_by(nora, article, title="A better title?")
    history = AudienceVariant.history.count()

    page = nora.client.post(change_url(article), {TAKE: "1"})

    assert page.status_code == 200
    assert "Typed for an hour, with é." in page.text
    assert "A better title?" in page.text
    assert "It isn't saved yet" in page.text
    assert "errornote" not in page.text
    assert (AudienceVariant.history.count(), Article.objects.get().title) == (history, article.title)
    assert DraftText.objects.count() == 1


def test_a_save_drops_what_was_kept(story):
    article, nora = story.draft(), Person("nora")
    typed_by(nora, article)
    saved = nora.fill(change_url(article), having=EDIT, **{"variants-0-body": TYPED})
    assert saved.status_code == 302
    assert article.variants.get().body == TYPED
    assert DraftText.objects.count() == 0


def test_another_persons_save_leaves_it_alone(story):
    article, nora = story.draft(), Person("nora")
    typed_by(nora, article)
    assert Person("tom").fill(change_url(article), having=EDIT, title="Tom's title?").status_code == 302
    page = nora.client.post(change_url(article), {TAKE: "1"})
    assert "Tom Okafor saved this article after you opened it" in page.text
    assert "Typed for an hour, with é." in page.text
    assert Article.objects.get().title == "Tom's title?"


def test_it_can_be_discarded_and_is_gone(story):
    article, nora = story.draft(), Person("nora")
    typed_by(nora, article)
    gone = nora.client.post(change_url(article), {"_discard": "1"}, follow=True)
    assert "What you had typed and not saved is discarded." in gone.text
    assert OFFER not in gone.text
    assert DraftText.objects.count() == 0
    again = nora.client.post(change_url(article), {TAKE: "1"}, follow=True)
    assert "Nothing that you typed is waiting here any more." in again.text


def test_typing_it_back_to_what_is_stored_keeps_nothing(story):
    article, nora = story.draft(), Person("nora")
    typed_by(nora, article)
    assert types(nora, article, keep="saved").status_code == 200
    assert DraftText.objects.count() == 0


def test_keeping_alone_answers_without_the_page(story):
    article, nora = story.draft(), Person("nora")
    answer = types(nora, article, keep="text", only="1", title="Quick?")
    assert "live__page" not in answer.text
    assert "Kept at " in answer.text
    assert DraftText.objects.get().data["title"] == ["Quick?"]


def test_a_refused_save_is_kept_too_and_waits_while_the_text_is_frozen(story):
    article, nora = story.draft(), Person("nora")
    form = {**nora.fields(change_url(article), having=EDIT), "title": "Typed too late?"}
    story.submitted(article)
    assert "Not saved. The text is frozen" in nora.client.post(change_url(article), form).text
    assert DraftText.objects.get().data["title"] == ["Typed too late?"]
    assert "until the text is open for editing again" in nora.client.get(change_url(article)).text


def test_it_goes_with_the_person(story, people):
    article = story.draft()
    typed_by(Person("nora"), article)
    typed_by(Person("tom"), article)
    drafts.HOOKS.erase(people["nora"], now=story.now)
    assert [kept.user.username for kept in DraftText.objects.all()] == ["tom"]
