"""A person's own news: read, marked, counted; never another's."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from editorial import notifications
from editorial.models import Notification, User
from editorial.roles import roles_of
from tests.desk import Person

URL = "/admin/notifications/"
LOOKING = ("SELECT", "DECLARE", "SAVEPOINT", "RELEASE")


@pytest.fixture
def news(people, now):
    """``news("tom", 3)``: three notifications, each a minute newer than the one before."""

    def tell(who: str, count: int = 1, path: str = "/admin/queue/", **fields) -> list[Notification]:
        return [
            Notification.objects.create(
                user=people[who],
                kind="news",
                text=f"News {n}.",
                path=path,
                created_at=now + timedelta(minutes=n),
                **fields,
            )
            for n in range(1, count + 1)
        ]

    return tell


def count(person: Person) -> str:
    return person.client.get(f"{URL}count/").json()["unread"]


def test_news_stands_newest_first_and_unread_is_marked(news):
    news("tom", 3)
    Notification.objects.filter(text="News 2.").update(read_at="2026-03-03T00:00Z")
    page = Person("tom").client.get(URL).text
    assert [page.index(f"News {n}.</") for n in (3, 2, 1)] == sorted(page.index(f"News {n}.</") for n in (1, 2, 3))
    assert page.count("is-unread") == 2
    assert '<a class="news__text" href="/admin/queue/">News 2.</a>' in page


def test_what_happens_at_the_desk_is_counted_on_every_page(story):
    story.round("claire", "ravi")
    claire = Person("claire")
    for url in (URL, "/admin/", "/admin/mail/"):
        assert '<span data-unread>1</span><span class="visually-hidden"> unread</span>' in claire.client.get(url).text
    assert count(claire) == "1"


def test_nothing_unread_shows_no_number(people):
    page = Person("tom").client.get("/admin/").text
    assert '<span class="desk-bell__count" hidden>' in page
    assert count(Person("tom")) == ""


def test_the_count_ends_at_99(people, now):
    Notification.objects.bulk_create(
        Notification(user=people["tom"], kind="news", text="N", path="/admin/", created_at=now) for _ in range(100)
    )
    assert count(Person("tom")) == "99+"
    Notification.objects.filter(pk=Notification.objects.first().pk).delete()
    assert count(Person("tom")) == "99"


def test_looking_marks_nothing(news):
    (one,) = news("tom")
    tom = Person("tom")
    with CaptureQueriesContext(connection) as queries:
        for url in (URL, f"{URL}count/", f"{URL}read/", f"{URL}{one.pk}/read/", f"{URL}{one.pk}/go/"):
            assert tom.client.get(url, follow=True).status_code == 200, url
    assert [q["sql"] for q in queries if not q["sql"].startswith(LOOKING)] == []
    assert count(tom) == "1"


def test_going_there_marks_it_read(news):
    one, _two = news("tom", 2)
    tom = Person("tom")
    answer = tom.client.post(f"{URL}{one.pk}/go/")
    assert (answer.status_code, answer["Location"]) == (302, "/admin/queue/")
    one.refresh_from_db()
    assert one.read_at is not None
    assert count(tom) == "1"


@pytest.mark.parametrize("path", ["//evil.example/", "https://evil.example/", "javascript:alert(1)", "", "\\\\evil"])
def test_going_there_never_leaves_the_site(news, path):
    (one,) = news("tom", path=path)
    assert Person("tom").client.post(f"{URL}{one.pk}/go/")["Location"] == URL


def test_one_is_marked_read_and_the_page_stays_where_it_was(news):
    one, _two = news("tom", 2)
    answer = Person("tom").client.post(f"{URL}{one.pk}/read/", {"after": "2026-03-02T09:00:00+00:00~1", "next": "//x"})
    assert answer["Location"] == f"{URL}?after=2026-03-02T09%3A00%3A00%2B00%3A00~1"
    assert [row.read_at is None for row in Notification.objects.order_by("pk")] == [False, True]


def test_reading_twice_keeps_the_first_time(news):
    (one,) = news("tom", read_at="2026-03-03T00:00Z")
    Person("tom").client.post(f"{URL}{one.pk}/read/")
    before, after = one.read_at, Notification.objects.get().read_at
    assert f"{after:%Y-%m-%dT%H:%MZ}" == before


def test_all_that_was_shown_is_marked_and_nothing_newer(news):
    news("tom", 2)
    tom = Person("tom")
    form = tom.fields(URL, having="upto")
    news("tom")
    news("lena")
    page = tom.client.post(f"{URL}read/", form, follow=True).text
    assert "2 notifications are marked as read." in page
    assert (count(tom), count(Person("lena"))) == ("1", "1")


@pytest.mark.parametrize("upto", ["", "x", "-1", "9" * 30, "1\x00"])
def test_a_form_without_its_number_marks_nothing(news, upto):
    news("tom")
    tom = Person("tom")
    assert "Nothing was marked" in tom.client.post(f"{URL}read/", {"upto": upto}, follow=True).text
    assert count(tom) == "1"


@pytest.mark.parametrize("act", ["read", "go"])
def test_anothers_looks_like_one_that_is_not_there(news, act):
    (lenas,) = news("lena")
    tom = Person("tom").client
    for pk in (lenas.pk, lenas.pk + 1000, 10**30):
        assert tom.post(f"{URL}{pk}/{act}/").status_code == 404
    assert "News 1." not in tom.get(URL).text
    assert Notification.objects.get().read_at is None


def test_pages_lead_on_and_back(news):
    news("tom", 31)
    tom = Person("tom").client
    first = tom.get(URL).text
    assert first.count('class="news__item') == 30
    link = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = tom.get(link).text
    assert second.count('class="news__item') == 1
    assert 'name="after"' in second
    assert 'rel="prev"' in second


@pytest.mark.parametrize("query", ["?after=x", "?before=2026~", "?after=%00~1", "?after=2026-13-01T00:00:00Z~1"])
def test_a_place_that_cannot_be_read_is_said(news, query):
    news("tom")
    page = Person("tom").client.get(URL + query).text
    assert "can&#x27;t be read" in page
    assert "News 1." in page


def test_no_news_says_what_will_stand_here(people):
    page = Person("nora").client.get(URL).text
    assert "No news yet" in page
    assert "Mark all as read" not in page


def test_times_are_those_of_where_the_reader_lives(news):
    news("ingrid")
    assert "2 March 2026, 10:01" in Person("ingrid").client.get(URL).text


def test_whoever_judges_a_text_reads_nothing_of_it_here_until_they_signed(story, news):
    """Even what they were told as an editor, before they were asked to the panel."""
    claire = story.people["claire"]
    claire.groups.add(Group.objects.get(name="editor"))
    round = story.round("claire", "ravi")
    (told,) = news("claire", path=f"/admin/articles/article/{round.article.pk}/change/")
    person = Person("claire")
    page = person.client.get(URL).text
    assert "News 1." not in page
    assert "until you have signed" in page
    assert person.client.post(f"{URL}{told.pk}/go/").status_code == 404
    person.client.post(f"{URL}read/", {"upto": told.pk})
    assert Notification.objects.get(pk=told.pk).read_at is None
    before = count(person)
    story.sign(round, "claire")
    assert "News 1." in person.client.get(URL).text
    assert int(count(person)) > int(before or 0)


def test_whoever_holds_no_role_has_no_page(people):
    assert Person("stranger").client.get(URL).status_code in (302, 403)


def test_the_count_is_one_query(people, django_assert_num_queries):
    tom = User.objects.get(username="tom")
    roles_of(tom)  # which every page has asked for by then
    with django_assert_num_queries(1):
        notifications.unread(tom)


def test_the_queries_dont_grow_with_the_rows(news):
    tom, asked = Person("tom"), []
    tom.client.get(URL)
    for more in (1, 2, 27):
        news("tom", more)
        with CaptureQueriesContext(connection) as queries:
            tom.client.get(URL)
        asked.append(len(queries))
    assert len(set(asked)) == 1, asked
