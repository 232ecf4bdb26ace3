"""What holds on every page of the desk that somebody can get to."""

import gzip
import re
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.staticfiles import finders

from tests.crawl import Place, furnish, places
from tests.desk import Person

pytestmark = pytest.mark.django_db

MOST_BYTES = 150_000
"""Of a page with all that it loads, compressed."""

LOADED = re.compile(r'<(?:link|script|img)\b[^>]*?\b(?:href|src)="([^"]+)"')
INLINE = re.compile(r"<script(?![^>]*\b(?:src|type=\"application/json\"))[^>]*>|<style\b|\bstyle=\"|\bon[a-z]+=\"")


@pytest.fixture
def desk(story) -> list[Place]:
    return places(f"/admin/hold/{furnish(story).slug}/")


def loaded(html: str) -> set[str]:
    return set(LOADED.findall(html))


@cache
def weight_of(address: str) -> int:
    file = finders.find(address.removeprefix(settings.STATIC_URL).partition("?")[0])
    assert file, f"{address} is loaded and isn't there"
    return len(gzip.compress(Path(str(file)).read_bytes()))


@pytest.mark.long
def test_every_page_is_light_loads_nothing_from_elsewhere_and_has_nothing_inline(desk):
    assert len(desk) > 60
    heavy, foreign, inline = {}, {}, {}
    for place in desk:
        addresses, html = loaded(place.html), place.html
        outside = [address for address in addresses if not address.startswith("/")]
        bytes_of_it = len(gzip.compress(html.encode())) + sum(
            weight_of(address) for address in addresses if address.startswith(settings.STATIC_URL)
        )
        if bytes_of_it > MOST_BYTES:
            heavy[place.route] = bytes_of_it
        if outside:
            foreign[place.route] = outside
        if INLINE.search(html):
            inline[place.route] = INLINE.search(html)[0]
    assert (heavy, foreign, inline) == ({}, {}, {})


def test_no_address_tells_whether_a_row_of_any_table_is_there(story):
    """The framework's “view on site” leads to a seat by its number, and fails for tables that it doesn't know."""
    seat = story.seat(story.round(), "claire")
    for person in ("nora", "tom", "claire", "ingrid"):
        client = Person(person).client
        for kind in ContentType.objects.all():
            for pk in (seat.pk, 10**6):
                assert client.get(f"/admin/r/{kind.pk}/{pk}/").status_code == 404, (person, kind)
