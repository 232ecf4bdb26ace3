"""Pages for a load to read, by the real verbs, in a process of their own. Prints their slugs and the password."""

import json
import sys
from datetime import timedelta

import django

django.setup()

from django.db import transaction  # noqa: E402

from editorial import clock, unexplained  # noqa: E402
from editorial.models import User  # noqa: E402
from reviews.demo.cast import PASSWORD  # noqa: E402
from tests.conftest import cast_and_policy  # noqa: E402
from tests.story import Story  # noqa: E402

if __name__ == "__main__":
    with unexplained.by_operator("load.cast"):
        cast_and_policy()
    people = {user.username: user for user in User.objects.select_related("board_member")}
    story = Story(people, clock.now() - timedelta(days=2))
    titles = [f"Is food number {n} good for the heart?" for n in range(1, int(sys.argv[1]) + 1)]
    with transaction.atomic():  # what a story writes beside the verbs is explained by the acts around it
        slugs = [story.published(title=title).slug for title in titles]
    print(json.dumps({"slugs": slugs, "password": PASSWORD}))
