"""What the desk's search says where there is nothing to find, or nothing to look for."""

from urllib.parse import quote

import pytest

from tests.desk import Person
from tests.editorial.test_searching import URL, page


def test_nothing_typed_says_what_can_be_looked_for(people):
    for query in ("", "   "):
        assert "What are you looking for?" in page("nora", query)
    assert "the name of a person" in page("tom", "")
    assert "the name of a person" not in page("nora", "")
    assert "a text that you review" in page("claire", "")


def test_no_hit_says_what_to_try(people):
    found = page("tom", "zzzz <b>")
    assert "Nothing here fits" in found
    assert "Try fewer words" in found
    assert "Search for “zzzz &lt;b&gt;”" in found


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("x" * 301, "at most 300 characters"),
        ("y " * 9000, "at most"),
        ("a\x00b", "NUL character"),
        ("e" + "\u0301" * 40, "accents"),
    ],
)
def test_what_cannot_be_looked_for_is_said_in_words(people, query, words):
    answer = Person("tom").client.get(URL, {"q": query})
    assert answer.status_code == 422
    assert words in answer.text


def test_odd_bytes_break_nothing(story):
    story.published()
    odd = ("%ED%A0%80", "%FF%FE", "%00", quote("'\"\\%_"), quote("𝔞" * 200), "%", "1" * 200, "%ED%A0%80+" * 9)
    for who in ("tom", "nora", "claire"):
        client = Person(who).client
        for query in odd:
            assert client.get(f"{URL}?q={query}").status_code in (200, 422), query


def test_whoever_holds_no_role_finds_no_search(people):
    assert Person("stranger").client.get(URL).status_code in (302, 403)


def test_the_box_stands_on_every_page_and_keeps_what_was_typed(people):
    tom = Person("tom").client
    for url in ("/admin/", "/admin/queue/", "/admin/articles/article/add/", "/admin/mail/", "/admin/board/invite/"):
        assert 'id="desk-search"' in tom.get(url).text, url
    assert 'value="dubois"' in page("tom", "dubois")
