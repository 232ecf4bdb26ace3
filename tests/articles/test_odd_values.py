"""Values that no form of ours sends are refused in words; a page is never an error page."""

import pytest

from tests.articles.test_admin import EDIT, change_url
from tests.desk import Person

ODD = ["zz", "9" * 40, "-1", "1 OR 1=1", "\ud7ff"]


@pytest.mark.sqlite
@pytest.mark.parametrize("field", ["topics", "citations-0-reference", "authors"])
@pytest.mark.parametrize("value", ODD)
def test_an_odd_choice_in_the_article_form_is_a_form_error(story, field, value):
    answer = Person("tom").fill(change_url(story.draft()), having=EDIT, **{field: value})

    assert answer.status_code == 200
    assert "errorlist" in answer.text


@pytest.mark.sqlite
@pytest.mark.parametrize("value", ODD)
def test_an_odd_member_of_a_panel_is_a_form_error(story, value):
    article = story.triaged()

    chosen = {f"seat_{value}": "required"}
    assert Person("tom").act(article.pk, "open_round", **chosen).status_code == 422


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "query", ["state_since__year=0", "authors__password__startswith=a", "state=zz", "p=99999", "q=%00"]
)
def test_an_odd_query_of_the_article_list_is_no_error_page(story, query):
    assert Person("tom").client.get(f"/admin/articles/article/?{query}").status_code in (200, 302, 400)


@pytest.mark.sqlite
@pytest.mark.parametrize("version", ["zz", "9" * 40, "0"])
def test_an_odd_version_in_history_is_a_404(story, version):
    url = f"/admin/articles/article/{story.draft().pk}/history/{version}/"

    assert Person("tom").client.get(url).status_code in (302, 404)
