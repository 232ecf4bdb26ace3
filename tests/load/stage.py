"""Where a load begins: a database of its own, and the cast, whose story can be told on it."""

import os
from datetime import datetime
from typing import Any

import django
from django.conf import settings

from tests.servers import keep


def begin() -> None:
    """Start a PostgreSQL that ends with this process, set Django up on it, and make its tables."""
    os.environ.update(keep(["DATABASE_URL"]))
    os.environ.update(IMPRIMATUR_ENV="test", DJANGO_SETTINGS_MODULE="config.settings")
    unwatched()
    from django.core.management import call_command  # why: the settings were made just now

    call_command("migrate", verbosity=0)


def unwatched() -> None:
    """Set Django up without zeal, which looks at each query of a test, at a price that nobody pays in production."""
    settings.INSTALLED_APPS.remove("zeal")
    settings.MIDDLEWARE[:] = [name for name in settings.MIDDLEWARE if not name.startswith("zeal")]
    django.setup()


def story(now: datetime) -> Any:
    """The cast under the standard policy, from ``now`` on. Needs Django set up on the database."""
    from editorial import unexplained  # why: models need the settings, which are made when a load begins
    from editorial.models import User  # why: as above
    from tests.conftest import cast_and_policy  # why: as above
    from tests.story import Story  # why: as above

    with unexplained.by_operator("load.cast"):
        cast_and_policy()
    return Story({user.username: user for user in User.objects.select_related("board_member")}, now)
