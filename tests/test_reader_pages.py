"""What holds on every page of the public site that links lead to: light, nothing inline, no way lost."""

import gzip
import re

import pytest
from django.conf import settings
from django.test import Client

from tests.reading import Seen, furnish, pages
from tests.test_desk_pages import loaded, weight_of

pytestmark = pytest.mark.django_db

MOST_BYTES = 60_000
"""Of a page with all that it loads, compressed."""

INLINE = re.compile(r"<script(?![^>]*\b(?:src|type=\"application/ld\+json\"))[^>]*>|<style\b|\bstyle=\"|\bon[a-z]+=\"")


@pytest.fixture
def site(story) -> list[Seen]:
    furnish(story)
    return pages("/articles/is-salt-bad-for-everyone/", "/articles/does-vitamin-c-prevent-colds/")


def test_every_page_is_light_loads_nothing_from_elsewhere_and_has_nothing_inline(site):
    assert {"/", "/topics/", "/board/", "/policy/", "/policy/v/1/", "/board/ravi-menon/"} <= {
        seen.path for seen in site
    }
    heavy, foreign, inline = {}, {}, {}
    for seen in site:
        addresses = loaded(seen.html)
        own = [address for address in addresses if address.startswith(settings.STATIC_URL)]
        weight = len(gzip.compress(seen.html.encode())) + sum(map(weight_of, own))
        outside = [a for a in addresses if not a.startswith(("/", settings.PUBLIC_URL))]
        if weight > MOST_BYTES:
            heavy[seen.path] = weight
        if outside:
            foreign[seen.path] = outside
        if INLINE.search(seen.html):
            inline[seen.path] = INLINE.search(seen.html)[0]
    assert (heavy, foreign, inline) == ({}, {}, {})


def test_no_link_leads_nowhere_and_no_slot_is_left(site):
    gone = {"/nowhere/", "/articles/is-salt-bad-for-everyone/"}
    assert [seen.path for seen in site if seen.status != 200 and seen.path not in gone] == []
    assert [seen.path for seen in site if "slot:" in seen.html] == []


def test_every_page_has_one_first_heading_a_skip_link_and_marks_where_it_is(site):
    for seen in site:
        assert len(re.findall(r"<h1\b", seen.html)) == 1, seen.path
        first = re.search(r'<body>\s*<a class="skip-link" href="#main">', seen.html)
        assert first, seen.path
        marked = re.findall(r'<a href="(/\w+/)" aria-current="true">', seen.html)
        section = re.match(r"/(topics|board|policy)/", seen.path)
        assert marked == ([section[0]] if section and seen.status == 200 else []), seen.path


def test_the_front_page_says_what_is_new_what_was_put_right_and_who_signs(site):
    home = next(seen.html for seen in site if seen.path == "/")
    new, right, board = (home.split(f'id="{name}"')[1].split("</section>")[0] for name in NAMES)
    assert "How low should blood pressure be?" in new
    assert "Does vitamin C prevent colds?" not in new
    assert "Retraction</span> Does vitamin C prevent colds?" in right
    assert "Is salt bad" not in home
    assert "Claire Dubois" in board
    assert "Ravi Menon" not in board
    assert "Mina Haddad" not in board


NAMES = ("home-new", "home-notices", "home-board")


def test_an_empty_site_says_so_everywhere(people):
    assert "Nothing is published yet" in Client().get("/").text
    assert "No notice has been issued" in Client().get("/").text
    assert "No topic yet" in Client().get("/topics/").text
    assert "None of the articles that are on the site now" in Client().get("/board/claire-dubois/").text
