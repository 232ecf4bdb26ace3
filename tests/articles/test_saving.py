from articles.contributors import contributors
from articles.models import Article, AudienceVariant
from tests.articles.test_admin import EDIT, change_url
from tests.desk import Person


def test_saving_an_untouched_form_changes_no_text_and_makes_nobody_a_contributor(story, people):
    article, tom = story.draft(), Person("tom")
    body, rows = article.variants.get().body, AudienceVariant.history.count()
    form = tom.fields(change_url(article), having=EDIT)
    as_browsers_send = {k: v.replace("\n", "\r\n") if isinstance(v, str) else v for k, v in form.items()}
    assert tom.client.post(change_url(article), as_browsers_send).status_code == 302
    assert article.variants.get().body == body
    assert AudienceVariant.history.count() == rows
    assert people["tom"].pk not in contributors(Article.objects.get())


def test_the_history_of_an_invisible_article_looks_like_that_of_none(story):
    article = story.draft()
    article.authors.clear()
    nora = Person("nora")
    answers = [nora.client.get(f"/admin/articles/article/{pk}/history/") for pk in (article.pk, 999_999)]
    assert len({(a.status_code, a.content) for a in answers}) == 1
