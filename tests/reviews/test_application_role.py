"""The application's own role in PostgreSQL is enough for all that people do with an article, and for the clock."""

import pytest
from django.db import connection

from articles import lifecycle
from articles.models import Article, Publication, PublicPage
from editorial import audit
from reviews import objections, workflow
from tests import roles
from tests.desk import *  # noqa

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(database_roles, people):
    with roles.acting(database_roles.application):
        yield database_roles.application


def test_life(application, story):
    article = story.published()
    story.tick()
    lifecycle.retract(article, actor=story.people["ingrid"], now=story.now, notice="W.", proof=story.proof("ingrid"))
