"""Fixtures that every test may use: the cast, and articles on their way."""

import gc
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client, TransactionTestCase
from whitenoise.middleware import WhiteNoiseMiddleware

from articles.projection import policy_pages
from editorial import captures, guards
from editorial.models import User
from editorial.presets import standard_policy
from reviews.demo.cast import BOARD, PASSWORD, STAFF, make_cast
from tests import kept, roles
from tests.story import Story

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

# What is imported by now stays: looked through again and again for garbage it makes the suite a tenth slower.
gc.freeze()
gc.set_threshold(100_000, 50, 100)

_teardown = TransactionTestCase._fixture_teardown


def _teardown_without_guards(self: TransactionTestCase) -> None:
    """A flush deletes recorded rows, which the guards forbid; migrating afterwards installs them again."""
    guards.remove()
    captures.remove()
    _teardown(self)
    captures.install()
    guards.install()
    kept.forget()


TransactionTestCase._fixture_teardown = _teardown_without_guards

_look_for_static_files = WhiteNoiseMiddleware.add_files_from_finders
_static_files: dict[tuple[str, ...], dict[str, Any]] = {}


def _static_files_found_once(self: WhiteNoiseMiddleware) -> None:
    """Each test's client has a handler of its own, which would look for all static files anew: 10 ms a test."""
    where = (self.static_prefix, *settings.STATICFILES_FINDERS, *map(str, settings.STATICFILES_DIRS))
    if where not in _static_files:
        _look_for_static_files(self)
        _static_files[where] = dict(self.files)
    self.files.update(_static_files[where])


WhiteNoiseMiddleware.add_files_from_finders = _static_files_found_once
WhiteNoiseMiddleware.add_files = lambda self, root, prefix=None: None  # what a demo has collected is none of a test's


@pytest.fixture(autouse=True)
def no_memory_of_earlier_tests():
    """Wrong passwords are counted in the cache, by people whose numbers come back after a rollback."""
    cache.clear()


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def people(db: None) -> dict[str, User]:
    """The cast of the demo by username, under the standard policy."""
    kept.once("people", cast_and_policy)
    names = [person.username for person in (*STAFF, *BOARD)]
    cast = User.objects.select_related("board_member").filter(username__in=names)
    return {user.username: user for user in cast}


def cast_and_policy() -> None:
    make_cast(today=NOW.date())
    standard_policy(in_force_from=NOW.date().replace(year=2025))
    policy_pages.project()


@pytest.fixture
def story(people: dict[str, User]) -> Story:
    """Tells an article's way in short sentences; see tests/story.py."""
    kept.begin()
    return Story(people, NOW)


@pytest.fixture
def sign_in(people: dict[str, User]):
    """A signed-in client for one of the cast."""

    def signed_in(username: str) -> Client:
        client = Client()
        assert client.login(username=username, password=PASSWORD)
        return client

    return signed_in


@pytest.fixture(scope="module")
def database_roles(django_db_setup, django_db_blocker):
    """Owner, application and reader as they stand in production; see tests/roles.py."""
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL has roles")
    with django_db_blocker.unblock(), roles.standing() as found:
        yield found
