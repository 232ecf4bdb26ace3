"""Public addresses are answered before sessions exist, and every address that isn't known looks alike."""

from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from articles.models import Article, PublicPage
from reviews import workflow
from tests.reading import headers as shown

pytestmark = pytest.mark.django_db

UNKNOWN = [
    "/nowhere/",
    "/articles/unknown/",
    "/articles/",
    "/articles/a/b/",
    "/articles/unknown/history/",
    "/articles/unknown/v/1/",
    "/articles/unknown/v/1/changes/",
    "/articles/unknown/v/0/",
    "/articles/unknown/v/01/",
    "/articles/unknown/v/999999999/",
    "/articles/unknown/v/9999999999999999999999/",
    "/notices/2f1c0e0e-0000-4000-8000-000000000000/",
    "/notices/not-a-uuid/",
    "/policy/2/",
    "/robots.txt/",
    "/.env",
    "/wp-login.php",
    "/index.html",
    "/administrator",
    "/administrator/",
    "/accountant",
    "/activities",
    "/Admin/",
    "/ARTICLES/unknown/",
    "/articles/%00/",
    "/articles/a%00b/",
    "/articles/%ff%fe/",
    "/articles/%E9/",
    "/articles/..%2f..%2fetc%2fpasswd/",
    "/articles/%0d%0aSet-Cookie:%20a=b/",
    "/articles/%252e/",
    "/articles/" + "a" * 5000 + "/",
    "/" + "%2f" * 200,
    "/static/%00",
    "/static/../config/settings.py",
    "/static/nowhere.css",
]
HEADERS = {"Date", "Server", "X-Request-ID"}


def answer(path: str, client: Client | None = None, **headers: str) -> tuple[int, bytes, dict[str, str], list[str]]:
    """All that a visitor could tell one 404 from another by."""
    response = (client or Client()).get(path, headers=headers)
    shown = {name: value for name, value in response.items() if name not in HEADERS}
    return response.status_code, response.content, shown, list(response.cookies)


@pytest.fixture
def plain() -> tuple[int, bytes, dict[str, str], list[str]]:
    found = answer("/nowhere/")
    assert found[0] == 404
    assert found[3] == []
    return found


@pytest.mark.sqlite
@pytest.mark.parametrize("path", UNKNOWN)
def test_every_unknown_address_gets_the_one_404(plain, path):
    assert answer(path) == plain


def test_a_signed_in_person_gets_the_very_same_404(plain, sign_in):
    tom = sign_in("tom")
    assert [path for path in UNKNOWN if answer(path, tom) != plain] == []


def test_a_forged_session_cookie_changes_nothing(plain):
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32
    assert answer("/articles/unknown/", client) == plain


@pytest.mark.parametrize("language", ["de", "zz-ZZ", "*", "\x7f"])
def test_the_404_depends_on_no_header_of_the_visitor(plain, language):
    found = answer("/articles/unknown/", accept_language=language, user_agent="bot", if_none_match="*")
    assert found == plain


@pytest.mark.parametrize("stage", ["draft", "submitted", "triaged", "round"])
def test_an_unpublished_article_gets_the_one_404_whoever_asks(plain, story, sign_in, stage):
    made = getattr(story, stage)()
    article = made if isinstance(made, Article) else made.article
    clients = [None, *(sign_in(username) for username in ("nora", "tom", "claire"))]
    assert [answer(f"/articles/{article.slug}/", client) for client in clients] == [plain] * 4


def test_an_article_that_was_withdrawn_gets_the_one_404(plain, story):
    article = story.round().article
    workflow.withdraw(article, actor=story.people["tom"], now=story.tick(), reason="A newer trial came out.")
    assert answer(f"/articles/{article.slug}/") == plain


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
def test_public_pages_can_only_be_read(story, method):
    send = getattr(Client(enforce_csrf_checks=True), method)
    for path in ("/", "/policy/", "/board/", "/topics/", f"/articles/{story.published().slug}/", "/robots.txt"):
        response = send(path)
        assert (path, response.status_code, response["Allow"]) == (path, 405, "GET, HEAD")
        assert not response.cookies


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_writing_to_an_unknown_article_says_no_more_than_writing_to_a_known_one(story, method):
    slug = story.published().slug
    known = getattr(Client(), method)(f"/articles/{slug}/")
    unknown = getattr(Client(), method)("/articles/unknown/")
    assert (known.status_code, known.content, shown(known)) == (
        unknown.status_code,
        unknown.content,
        shown(unknown),
    )


def test_head_answers_as_get_does_but_without_a_body(story):
    for path in ("/", f"/articles/{story.published().slug}/", "/robots.txt"):
        head, get = Client().head(path), Client().get(path)
        assert (head.status_code, head.content) == (200, b"")
        assert {**shown(head), "Content-Length": ""} == {**shown(get), "Content-Length": ""}


def test_an_article_without_its_slash_leads_to_the_one_with_it(story):
    slug = story.published().slug
    response = Client().get(f"/articles/{slug}")
    assert (response.status_code, response["Location"]) == (301, f"/articles/{slug}/")


def test_a_missing_slash_tells_nothing_of_what_exists(story):
    draft = story.draft().slug
    known, unknown = Client().get(f"/articles/{draft}"), Client().get("/articles/unknown")
    assert known.status_code == unknown.status_code == 301


@pytest.mark.parametrize("path", ["/admin", "/accounts/login"])
def test_the_desk_without_its_slash_leads_to_the_one_with_it(path):
    response = Client().get(path)
    assert (response.status_code, response["Location"]) == (301, f"{path}/")


def test_a_leading_double_slash_never_leads_off_the_site():
    for path in ("//evil.example/admin", "//evil.example/articles/statins", "//evil.example"):
        response = Client().get("/", PATH_INFO=path)
        assert response.status_code == 404
        assert "Location" not in response


def test_public_pages_read_and_set_no_cookie_even_for_the_signed_in(story, sign_in):
    url = f"/articles/{story.published().slug}/"
    anonymous, signed_in = answer(url), answer(url, sign_in("tom"))
    assert anonymous == signed_in
    assert "Cookie" not in anonymous[2].get("Vary", "")


def test_an_audience_that_there_is_not_shows_the_usual_page(story):
    url = f"/articles/{story.published().slug}/"
    usual = Client().get(url)
    for asked in ("patient", "nobody", "日本", "é", "a" * 10_000, "\x00", "<script>", "\u2028"):
        response = Client().get(f"{url}?for={quote(asked)}")
        assert (response.status_code, response.content) == (200, usual.content)
        assert len(response["ETag"]) < 100
        assert response["ETag"].isascii()


def test_an_odd_if_none_match_gets_the_whole_page(story):
    url = f"/articles/{story.published().slug}/"
    for tag in ("", ",", '"', "W/", "*", '"a", "b"', "é", "x" * 9000):
        assert Client().get(url, headers={"if-none-match": tag}).status_code == 200


def test_a_matching_etag_is_answered_without_a_body(story):
    url = f"/articles/{story.published().slug}/"
    etag = Client().get(url)["ETag"]
    for sent in (etag, f"W/{etag}", f'"other", {etag}'):
        response = Client().get(url, headers={"if-none-match": sent})
        assert (response.status_code, response.content, response["ETag"]) == (304, b"", etag)


def test_an_article_takes_one_query_and_an_unknown_address_two_at_most(story, django_assert_num_queries):
    url = f"/articles/{story.published().slug}/"
    with django_assert_num_queries(1):
        Client().get(url)
    with django_assert_num_queries(2):  # the second asks whether an article has left this address
        Client().get("/articles/unknown/")
    with django_assert_num_queries(0):
        Client().get("/nowhere/")


@hypothesis_settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    prefix=st.sampled_from(["/", "/articles/", "/notices/", "/act/", "/accounts/", "/static/"]),
    rest=st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30),
)
def test_no_address_whatever_breaks_the_site(db, prefix, rest):
    response = Client(raise_request_exception=True).get(prefix + quote(rest, safe="/%."))
    assert response.status_code < 500
    assert not PublicPage.objects.exists()
