"""What the first house of a drill holds, and who writes to it. Needs Django set up on the house's database."""

import argparse
import threading
from collections import Counter

from django.db import DatabaseError, InterfaceError, connection

from editorial import clock, unexplained
from editorial.models import UnexplainedChange, User
from reviews.demo.cast import BOARD, STAFF
from reviews.models import ReviewRound
from tests.faults import feeding
from tests.story import Story

AT_ONCE = 3


def furnished(options: argparse.Namespace) -> ReviewRound:
    """Published articles, a round on its way, and seats whose review is late."""
    original = feeding.opened()
    people = {user.username: user for user in User.objects.filter(username__in=[p.username for p in (*STAFF, *BOARD)])}
    story = Story(people, clock.now())
    for number in range(options.articles):
        story.published(title=f"Does treatment {number} help?")
    feeding.feed(original, options.seats)
    looked_into(people["ingrid"])
    return original


def looked_into(chief: User) -> None:
    """People, topics and sources of a drill are written past the desk; a chief editor says so, as after a repair."""
    unexplained.look(clock.now())
    for row in UnexplainedChange.objects.filter(acknowledged_at=None):
        unexplained.acknowledge(row, actor=chief, now=clock.now(), reason="Made for the drill.")


def write_on(original: ReviewRound, stop: threading.Event, written: Counter[str]) -> None:
    """Another few seats, again and again, until told to stop."""
    try:
        while not stop.wait(0.1):
            try:
                written["seats"] += len(feeding.feed(original, AT_ONCE))
            except (DatabaseError, InterfaceError):
                written["failed"] += 1
    finally:
        connection.close()
