"""Pages by the last row's own values."""

from datetime import timedelta

import pytest
from django.db.models import F

from articles.models import Article
from editorial import keyset
from editorial.keyset import Order
from reviews.queue.looking import ORDERS

SINCE = Order(F("state_since"), keyset.instant)


@pytest.fixture
def seven(people, now) -> list[int]:
    """Seven articles, of which two and three have waited since the very same instant."""
    rows = Article.objects.bulk_create(
        Article(
            title=f"Question {n}?",
            slug=f"q{n}",
            created_at=now,
            created_by=people["nora"],
            state_since=now + timedelta(hours=n if n != 3 else 2),
        )
        for n in range(1, 8)
    )
    return [row.pk for row in rows]


def pks(page) -> list[int]:
    return [row.pk for row in page.rows]


@pytest.mark.parametrize("name", sorted(ORDERS.keys() - {"review"}))  # that one is for rows with a live version
def test_walking_forth_and_back_shows_every_row_once(seven, name):
    seen, page, first = [], keyset.cut(Article.objects.all(), ORDERS[name], size=3), None
    while True:
        seen.append(pks(page))
        first = first or page
        if not page.after:
            break
        page = keyset.cut(Article.objects.all(), ORDERS[name], size=3, after=page.after)
    assert [len(part) for part in seen] == [3, 3, 1]
    assert sorted(pk for part in seen for pk in part) == sorted(seven)
    back = [pks(page)]
    while page.before:
        page = keyset.cut(Article.objects.all(), ORDERS[name], size=3, before=page.before)
        back.append(pks(page))
    assert back[::-1] == seen


def test_rows_of_the_same_instant_are_told_apart(seven):
    page = keyset.cut(Article.objects.all(), SINCE, size=2)
    assert pks(page) == seven[:2]
    assert pks(keyset.cut(Article.objects.all(), SINCE, size=2, after=page.after)) == seven[2:4]


def test_a_row_that_came_in_between_shifts_nobody(seven, people, now):
    page = keyset.cut(Article.objects.all(), SINCE, size=3)
    Article.objects.create(title="New?", slug="new", created_at=now, created_by=people["nora"], state_since=now)
    assert pks(keyset.cut(Article.objects.all(), SINCE, size=3, after=page.after)) == seven[3:6]


def test_the_only_page_leads_nowhere(seven):
    page = keyset.cut(Article.objects.all(), SINCE, size=7)
    assert (page.before, page.after) == ("", "")


@pytest.mark.parametrize("place", ["x", "~", "2026-03-02~x", "2026-03-02T09:00:00~1", "9" * 40 + "~1", "a~1", "~²"])
def test_no_place_is_refused(seven, place):
    with pytest.raises((ValueError, OverflowError)):
        keyset.cut(Article.objects.all(), SINCE, size=3, after=place)
