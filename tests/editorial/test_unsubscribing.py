"""The unsubscribe link of RFC 8058: a GET changes nothing, one POST stops the weekly summary and nothing else."""

import pytest
from django.apps import apps
from django.conf import settings
from django.core.signing import Signer
from django.test import Client

from editorial import calendar_address, unsubscribing
from editorial.models import AuditEvent, MailPreferences, User


@pytest.fixture
def link(people) -> str:
    return unsubscribing.address(people["claire"]).removeprefix(settings.PUBLIC_URL)


@pytest.fixture
def strict() -> Client:
    """A client without cookies whose forged requests would be noticed."""
    return Client(enforce_csrf_checks=True)


def counts() -> dict[str, int]:
    return {model._meta.label: model._base_manager.count() for model in apps.get_models()}


def weekly(people) -> bool:
    row = MailPreferences.objects.filter(user=people["claire"]).first()
    return row is None or row.weekly


def test_looking_at_the_page_twice_changes_nothing(people, strict, link):
    before = counts()
    for _twice in range(2):
        page = strict.get(link)
        assert page.status_code == 200
        assert "Stop the weekly summary" in page.text
        assert "Invitations, reminders of what you owe" in page.text
    assert strict.head(link).status_code == 200
    assert counts() == before
    assert weekly(people)


def test_the_page_sets_no_cookie_is_not_kept_and_tells_no_other_site(strict, link):
    page = strict.get(link)
    assert not page.cookies
    assert page.headers["Cache-Control"] == "private, no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("body", [{"List-Unsubscribe": "One-Click"}, {"stop": "weekly"}])
def test_one_post_without_sign_in_stops_the_summary(people, strict, link, body):
    for _twice in range(2):
        answer = strict.post(link, body)
        assert answer.status_code == 200
        assert "The weekly summary is off" in answer.text
    assert not weekly(people)
    kinds = AuditEvent.objects.filter(subject=people["claire"].subject).values_list("kind", flat=True)
    assert list(kinds).count("mail.preferences_changed") == 1
    assert User.objects.get(pk=people["claire"].pk).is_active


@pytest.mark.parametrize("body", [{}, {"List-Unsubscribe": "Two-Clicks"}, {"stop": ""}])
def test_another_post_changes_nothing(people, strict, link, body):
    assert strict.post(link, body).status_code == 422
    assert weekly(people)


def test_other_verbs_of_http_are_refused(strict, link):
    assert strict.put(link).status_code == 405
    assert strict.delete(link).status_code == 405


def test_a_link_that_nobody_here_signed_looks_like_none(people, strict):
    uuid = people["claire"].uuid.hex
    missing = strict.get("/none/")
    for token in (
        uuid,
        f"{uuid}.forged",
        Signer(salt="another", sep=".").sign(uuid),
        calendar_address.token(people["claire"]),
        unsubscribing._signer().sign("nobody"),
    ):
        for answer in (strict.get(f"/mail/unsubscribe/{token}/"), strict.post(f"/mail/unsubscribe/{token}/", {})):
            assert answer.status_code == 404
            assert answer.text == missing.text
    assert weekly(people)


def test_the_link_of_a_disabled_account_is_dead(people, strict, link):
    User.objects.filter(pk=people["claire"].pk).update(is_active=False)
    assert strict.get(link).status_code == 404
