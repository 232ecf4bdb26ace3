"""What the two heaviest moments of an article cost: submitting it, and the last signature with all that follows.

Starts a PostgreSQL of its own. Counted are the queries of the verbs alone, and the CPU of this process and of the
database's backend. ``tests.load.capture_cost`` says what noting each change adds.
"""

import argparse
import os
import statistics
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tests.load import costs, stage

SUBMIT_GOAL, PUBLISH_GOAL = 12, 25
WARMING = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40, help="articles")
    chosen = parser.parse_args()
    stage.begin()
    run(chosen.rounds)


def run(rounds: int) -> None:
    story = stage.story(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
    spent: dict[str, list[tuple[int, float]]] = {"submit": [], "publish": []}
    for number in range(rounds + WARMING):
        submitted, published = one(story, f"Question {number} of the bench?")
        if number >= WARMING:
            spent["submit"].append(submitted)
            spent["publish"].append(published)
    tell("submit", spent["submit"], SUBMIT_GOAL)
    tell("last signature, confirmation, approval, publication", spent["publish"], PUBLISH_GOAL)


def one(story: Any, title: str) -> tuple[tuple[int, float], tuple[int, float]]:
    """One article from its draft to the live page; what leads from the one moment to the other isn't counted."""
    from articles import workflow as bare  # why: it needs the settings that were made in main
    from articles.models import Article  # why: as above
    from reviews import workflow  # why: as above

    people, draft = story.people, story.draft(title=title)
    now = story.tick()
    submitted = measured(lambda: bare.submit(draft, actor=people["nora"], now=now))
    round = story.round(title=f"{title} Again?")
    story.sign(round, "claire")
    seat, article = story.declare(round, "ravi"), Article.objects.get(pk=round.article_id)
    answers = {item["code"]: "yes" for item in round.rule["checklist"]}
    story.tick()
    signer = {"actor": people["ravi"], "now": story.now, "proof": story.proof("ravi")}
    editor = {"actor": people["tom"], "now": story.now, "proof": story.proof("tom")}

    def publish() -> None:
        workflow.sign_review(article, assignment=seat, verdict="approve", checklist=answers, **signer)
        workflow.confirm(article, **editor)

    published = measured(publish)
    assert article.publications.exists()
    return submitted, published


def measured(act: Callable[[], object]) -> tuple[int, float]:
    """How many queries it took, and how many seconds of CPU."""
    from django.db import connection  # why: it needs the settings that were made in main

    asked: list[str] = []

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    connection.ensure_connection()
    pids = (os.getpid(), connection.connection.info.backend_pid)
    before = sum(map(costs.precisely, pids))
    with connection.execute_wrapper(count):
        act()
    return len(asked), sum(map(costs.precisely, pids)) - before


def tell(name: str, spent: list[tuple[int, float]], goal: int) -> None:
    queries = statistics.median(each[0] for each in spent)
    cpu = statistics.median(each[1] for each in spent)
    said = "reached" if queries <= goal else "MISSED"
    print(
        f"{name}: {queries:.0f} queries (goal: at most {goal}): {said}; {cpu * 1000:.1f} ms of CPU with the database's"
    )


if __name__ == "__main__":
    sys.exit(main())
