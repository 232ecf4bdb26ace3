"""The search of the whole desk: what each person finds, and that nobody finds what their lists don't show."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Publication, Reference
from editorial import clock
from editorial.models import User
from reviews.models import ReviewAssignment, ReviewRound
from reviews.states import SeatKind
from tests.desk import Person

URL = "/admin/search/"
LOOKING = ("SELECT", "DECLARE", "SAVEPOINT", "RELEASE")


def page(who: str, query: str) -> str:
    answer = Person(who).client.get(URL, {"q": query})
    assert answer.status_code == 200, query
    return answer.text


def hits(who: str, query: str) -> dict[str, list[tuple[str, str]]]:
    """By the group's name, each hit's address and title."""
    found = {}
    for section in page(who, query).split('<section class="hits" aria-labelledby="hits-')[1:]:
        rows = re.findall(r'<div class="hit__what"><a href="([^"]+)">([^<]*)</a>', section)
        found[section.split('"')[0]] = rows
    return found


def test_an_editor_finds_an_article_with_where_it_stands(story):
    article = story.submitted(title="How low should pressure be?")
    assert hits("tom", "low pressure")["articles"] == [
        (f"/admin/articles/article/{article.pk}/change/", "How low should pressure be?")
    ]
    assert '<span class="badge badge--state-submitted">Submitted</span>' in page("tom", "low")


def test_a_hit_says_which_version_readers_have(story):
    story.published(title="Which statin?")
    assert "Cardiology · readers have version 1" in page("tom", "statin")


def test_an_author_finds_their_own_articles_alone(story):
    User.objects.get(username="stranger").groups.add(Group.objects.get(name="author"))
    mine = story.draft(title="Mine of cramps?")
    story.draft(title="Theirs of cramps?", author="stranger")
    assert hits("nora", "cramps") == {"articles": [(f"/admin/articles/article/{mine.pk}/change/", "Mine of cramps?")]}


def test_an_abandoned_draft_is_found_by_nobody(story, now):
    article = story.draft(title="Gone?")
    Article.objects.filter(pk=article.pk).update(abandoned_at=now)
    assert hits("tom", "Gone") == hits("nora", "Gone") == {}


def test_a_member_finds_what_they_are_seated_on_and_nothing_else(story):
    round = story.round("claire", "ravi", title="Seated on?")
    story.draft(title="Not seated on?")
    seat = story.seat(round, "claire")
    assert hits("claire", "seated on") == {"reviews": [(seat.get_absolute_url(), "Seated on?")]}
    assert hits("ana", "seated on") == {}


def test_a_members_hit_says_whether_it_waits(story):
    round = story.round("claire", "ravi", title="Seated on?")
    rows = ReviewAssignment.objects.filter(round=round)
    rows.update(review_on=clock.now().date() + timedelta(days=9))
    assert ">waits for you<" in page("claire", "seated")
    rows.update(review_on=clock.now().date() - timedelta(days=9))
    assert ">overdue<" in page("claire", "seated")
    story.sign(round, "claire")
    assert ">signed<" in page("claire", "seated")


def test_a_seat_whose_page_is_closed_to_its_member_is_not_found(story):
    seat, client = story.seat(story.round(title="Closed?"), "claire"), Person("claire").client
    rows, closed = ReviewAssignment.objects.filter(pk=seat.pk), ("recused", "declined", "released", "expired")
    for fields in (*({"state": state} for state in closed), {"state": "accepted", "seat": SeatKind.ALTERNATE}):
        rows.update(**fields)
        assert client.get(seat.get_absolute_url()).status_code == 404, fields
        assert hits("claire", "closed") == {}, fields


def test_a_seat_of_a_round_that_is_over_is_found_and_opens(story):
    round = story.round(title="Over?")
    story.sign(round, "claire")
    story.sign(round, "ravi")
    story.confirm(round.article)
    assert hits("claire", "over")["reviews"] == [(story.seat(round, "claire").get_absolute_url(), "Over?")]


@pytest.mark.parametrize("who", ["ingrid", "nora", "claire"])
def test_every_hit_opens(story, who):
    """Whatever is shown may also be looked at: each list's own rules said so."""
    story.published(title="Which pressure to aim for?")
    story.round(title="Another pressure?")
    client = Person(who).client
    found = {
        hit for query in ("o", "claire", "2015", "version 1") for rows in hits(who, query).values() for hit in rows
    }
    assert found
    for url, title in found:
        assert client.get(url).status_code == 200, title


PASTED = (
    "10.1056/nejmoa1511939",
    "https://doi.org/10.1056/NEJMoa1511939",
    "doi: 10.1056/NEJMoa1511939.",
    "(doi:10.1056/NEJMoa1511939)",
    "26551272",
    "PMID: 26551272",
    "https://pubmed.ncbi.nlm.nih.gov/26551272/",
    "randomized INTENSIVE",
    "SPRINT Research",
)


def test_a_reference_is_found_however_its_identifier_is_pasted(story):
    story.draft()
    sprint, client = Reference.objects.get(pmid="26551272"), Person("tom").client
    for query in PASTED:
        found = hits("tom", query)["references"]
        assert found == [(f"/admin/articles/reference/{sprint.pk}/change/", sprint.title)], query
        assert sprint.title in client.get("/admin/articles/reference/", {"q": query}).text, query


def test_a_retracted_reference_says_so(story):
    story.draft()
    Reference.objects.filter(pmid="26551272").update(status="retracted")
    assert '<span class="badge badge--bad">retracted</span>' in page("nora", "26551272")


def test_a_published_version_is_found_by_title_and_number(story):
    story.published(title="Which statin?")
    version, client = Publication.objects.get(), Person("tom").client
    url = f"/admin/articles/publication/{version.pk}/change/"
    for query in ("statin", "version 1", "statin v1", "statin version 1", "1"):
        assert hits("tom", query)["publications"] == [(url, "Which statin?")], query
        assert url in client.get("/admin/articles/publication/", {"q": query}).text, query
    assert "publications" not in hits("tom", "statin version 2")


def test_a_published_version_is_found_by_the_beginning_of_its_digest(story):
    story.published()
    digest = Publication.objects.get().digest
    for beginning in (digest[:6], digest[:12].upper(), digest):
        assert "publications" in hits("tom", beginning)
    assert "publications" not in hits("tom", digest[1:13])


def test_versions_belong_to_the_editors(story):
    story.published(title="Which statin?")
    for who in ("nora", "claire"):
        assert "publications" not in hits(who, "statin")


def test_people_are_found_by_whoever_may_look_at_them(story):
    claire, nora = story.people["claire"], story.people["nora"]
    on_board = f"/admin/editorial/boardmember/{claire.board_member.pk}/change/"
    assert hits("tom", "dubois")["people"] == [(on_board, "Claire Dubois")]
    assert hits("tom", "claire@example")["people"] == [(on_board, "Claire Dubois")]
    assert hits("tom", "nora@example.org")["people"] == [(f"/admin/editorial/user/{nora.pk}/change/", "Nora Feld")]
    assert hits("ana", "dubois")["people"] == [(on_board, "Claire Dubois")]
    assert hits("ana", "nora") == hits("ana", "claire@example") == {}
    assert hits("nora", "claire") == hits("nora", "tom") == {}


def test_a_person_says_where_they_stand(story):
    assert '<span class="badge badge--good">on the board</span>' in page("tom", "dubois")
    assert '<span class="badge badge--info">author</span>' in page("tom", "feld")
    User.objects.filter(username="nora").update(is_active=False)
    assert '<span class="badge badge--bad">disabled</span>' in page("tom", "feld")


def test_a_superuser_is_hidden_as_in_the_list_of_accounts(people):
    User.objects.filter(username="nora").update(is_superuser=True)
    assert hits("tom", "feld") == {}


def test_no_reviewer_is_named_to_an_author_or_to_who_has_not_signed(story):
    round = story.round("claire", "ravi", title="Blind to whom?")
    story.sign(round, "ravi")
    for query in ("blind", "claire", "ravi", "cardiology", "reviewer"):
        assert "Dubois" not in page("nora", query)
        assert "Menon" not in page("nora", query)
    assert "Menon" not in page("claire", "blind")
    assert "approve" not in page("claire", "blind").split('id="content-main"')[1].lower()


def test_an_editor_who_wrote_the_text_does_not_learn_who_reviews_it(story):
    story.round("claire", "ravi", title="Blind to whom?").article.authors.add(story.people["tom"])
    assert "Dubois" not in page("tom", "blind")


def test_more_than_fits_leads_to_the_full_list(story, people, now):
    Article.objects.bulk_create(
        Article(title=f"Cramps {n}?", slug=f"c{n}", created_at=now, created_by=people["nora"], state_since=now)
        for n in range(9)
    )
    assert len(hits("tom", "cramps")["articles"]) == 8
    assert 'href="/admin/articles/article/?q=cramps"' in page("tom", "cramps")
    assert 'href="/admin/articles/article/?q=' not in page("tom", "Cramps 7")


def test_looking_changes_nothing(story):
    story.published()
    client = Person("tom").client
    with CaptureQueriesContext(connection) as queries:
        client.get(URL, {"q": "pressure"})
    assert [q["sql"] for q in queries if not q["sql"].startswith(LOOKING)] == []


def grown(story, upto: int) -> None:
    """As many articles, each with a round that Claire sat in, and references and accounts beside them."""
    tom, claire, now = story.people["tom"], story.people["claire"].board_member, story.now
    ahead = range(Article.objects.count(), upto)
    given = {"created_at": now, "created_by": tom, "state_since": now}
    articles = [Article(title=f"Pressure {n}?", slug=f"pressure-{n}", **given) for n in ahead]
    opened = {"number": 1, "digest": "0" * 64, "rule": {}, "opened_at": now, "opened_by": tom, "closed_at": now}
    rounds = [ReviewRound(article=article, **opened) for article in Article.objects.bulk_create(articles)]
    due = {"respond_on": now.date(), "review_on": now.date(), "time_zone": "UTC", "state": "completed"}
    seat = {"member": claire, "assigned_at": now, "assigned_by": tom, **due}
    rounds = ReviewRound.objects.bulk_create(rounds)
    ReviewAssignment.objects.bulk_create(ReviewAssignment(round=round, **seat) for round in rounds)
    Reference.objects.bulk_create(Reference(kind="research", title=f"Trial {n}") for n in ahead)
    User.objects.bulk_create(User(username=f"person{n}", last_name=f"Person {n}") for n in ahead)


@pytest.mark.parametrize("who", ["ingrid", "both"])
def test_it_costs_at_most_eight_queries_however_much_there_is(story, who):
    """Beside what every page of the desk costs."""
    if who == "both":
        story.people["claire"].groups.add(Group.objects.get(name="editor"))
    client, asked = Person("claire" if who == "both" else who).client, []
    story.published()
    for upto in (1, 3, 30):
        grown(story, upto)
        with CaptureQueriesContext(connection) as bare:
            client.get(URL)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(URL, {"q": "e"}).status_code == 200
        asked.append(len(queries) - len(bare))
    assert len(set(asked)) == 1, asked
    assert asked[0] <= 8, asked


def test_hits_while_typing_are_the_same_hits_without_the_page(story):
    story.submitted(title="How low should pressure be?")
    client = Person("tom").client
    piece = client.get(f"{URL}hits/", {"q": "low pressure"}).text
    assert "How low should pressure be?" in piece
    assert "<html" not in piece
    assert "1 hit; arrow down leads there" in piece
    assert "Nothing here fits" in client.get(f"{URL}hits/", {"q": "zzzz"}).text
    assert "How low" not in Person("claire").client.get(f"{URL}hits/", {"q": "low pressure"}).text
    assert client.get(f"{URL}hits/", {"q": "x" * 301}).status_code == 422
    assert client.get(f"{URL}hits/", {"q": "a\x00"}).status_code == 422
