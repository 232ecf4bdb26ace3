"""Pages for a load to read, by the real verbs, in a process of their own. Prints their slugs and the password."""

import json
import sys
from datetime import timedelta

import django

from tests.load import stage


def publish(count: int) -> dict[str, object]:
    from django.db import transaction  # why: the settings are made in main

    from editorial import clock  # why: as above
    from reviews.demo.cast import PASSWORD  # why: as above

    story = stage.story(clock.now() - timedelta(days=2))
    titles = [f"Is food number {n} good for the heart?" for n in range(1, count + 1)]
    with transaction.atomic():  # what a story writes beside the verbs is explained by the acts around it
        slugs = [story.published(title=title).slug for title in titles]
    return {"slugs": slugs, "password": PASSWORD}


if __name__ == "__main__":
    django.setup()
    print(json.dumps(publish(int(sys.argv[1]))))
