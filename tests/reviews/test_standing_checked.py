"""What struck-off members signed, and where everybody finds the signatures to look at."""

import pytest

from reviews import decisions
from reviews.models import Review, Signature, SignatureKept
from reviews.workflow.standing import to_check
from tests.desk import Person
from tests.editorial.test_verify import found
from tests.reviews.later import asked_again, current, typographic, void
from tests.reviews.test_standing import send, signature_of, struck_off, url_of

# Members who were struck off


def test_a_chief_lets_the_signature_of_a_struck_off_member_stand(story):
    article = story.published()
    struck_off(story, "claire")
    assert list(to_check()) == [signature_of("claire")]
    assert send("ingrid", "claire", "keep").status_code == 302
    assert list(to_check()) == []
    assert SignatureKept.objects.get().by == story.people["ingrid"]
    assert decisions.lacking_today(current(article)) == ()
    assert found() == {}


def test_one_that_was_withdrawn_waits_no_more(story):
    article = story.published()
    struck_off(story, "claire")
    void(story, article, "claire", by="ingrid")
    assert list(to_check()) == []


def test_what_lies_under_a_carried_version_is_checked_too(story):
    article = story.published()
    typographic(story, article)
    struck_off(story, "claire")
    assert list(to_check()) == [signature_of("claire")]


def test_what_was_superseded_is_not_checked(story):
    article = story.published()
    round = asked_again(story, article, "ravi")
    story.sign(round, "ravi")
    struck_off(story, "eva")
    assert list(to_check()) == []


@pytest.mark.parametrize(("person", "status"), [("tom", 404), ("claire", 403), ("nora", 404), ("ingrid", 302)])
def test_nobody_but_a_chief_keeps_a_signature(person, status, story):
    story.published()
    struck_off(story, "claire")
    assert send(person, "claire", "keep").status_code == status


def test_nothing_is_kept_of_a_member_who_still_serves(story):
    story.published()
    refused = send("ingrid", "claire", "keep")
    assert refused.status_code == 403
    assert "struck off" in refused.text


# The list


def test_each_sees_their_own_and_chiefs_what_to_check(story):
    article = story.published()
    mine = Person("claire").client.get("/admin/signatures/").text
    assert article.title in mine
    assert "Ravi Menon" not in mine
    assert "To check" not in mine
    assert "There is none." in Person("eva").client.get("/admin/signatures/").text
    struck_off(story, "ravi")
    chief = Person("ingrid").client.get("/admin/signatures/").text
    assert "Ravi Menon" in chief
    assert url_of("ravi", "keep") in chief
    assert "Signatures to check" in Person("ingrid").client.get("/admin/").text


def test_the_list_costs_the_same_for_one_three_and_thirty(story, django_assert_max_num_queries):
    story.published()
    client, counts = Person("ingrid").client, []
    struck_off(story, "claire")
    signature = signature_of("claire")
    for more in (0, 2, 27):
        for _copy in range(more):
            review = Review.objects.get(pk=signature.review_id)
            review.pk = None
            review.save()
            copy = Signature.objects.get(pk=signature.pk)
            copy.pk, copy.review = None, review
            copy.save()
        with django_assert_max_num_queries(60) as seen:
            page = client.get("/admin/signatures/")
        counts.append((page.text.count("Let it stand<"), len(seen)))
    assert [shown for shown, _queries in counts] == [1, 3, 30]
    assert len({queries for _shown, queries in counts}) == 1


def test_chiefs_find_the_signatures_on_the_articles_page(story):
    article = story.published()
    url = f"/admin/articles/article/{article.pk}/change/"
    assert "3 signatures count" in Person("ingrid").client.get(url).text
    assert "signatures count" not in Person("tom").client.get(url).text
