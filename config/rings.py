"""What beat rings for, and how often. Every task asks its rows what is due, so a ring too many does no harm."""

from typing import Any

LEAST_EXPIRES = 300.0


def every(sweep_seconds: int) -> dict[str, dict[str, Any]]:
    """Celery's schedule: by name the task, the seconds between two rings, and when an unheard ring expires.

    A ring that nobody heard is worth nothing later: rows wait, rings don't pile up while workers are away. Five minutes
    at least, so that hosts whose clocks differ a little still hear each other.
    """
    rings = {
        "tick": ("editorial.tasks.tick", float(sweep_seconds)),
        "sweep-reminders": ("reviews.tasks.sweep", float(sweep_seconds)),
        "send-outbox": ("editorial.tasks.send_outbox", float(sweep_seconds)),
        "sign-the-record": ("editorial.tasks.sign_the_record", 60.0),
        "look-for-changes": ("editorial.tasks.look_for_changes", 60.0),
        "write-weekly-summaries": ("editorial.tasks.write_weekly_summaries", 300.0),
        "forget-sessions": ("editorial.tasks.forget_sessions", 6 * 3600.0),
        "look-after-seats": ("reviews.tasks.look_after_seats", 3600.0),
        "publish-scheduled": ("reviews.tasks.publish_scheduled", 60.0),
        "check-rounds": ("reviews.tasks.check_rounds", 3600.0),
        "hold-what-lost-its-quorum": ("reviews.tasks.hold_what_lost_its_quorum", 600.0),
        "hold-what-missed-its-full-review": ("reviews.tasks.hold_what_missed_its_full_review", 600.0),
        "open-what-waits": ("reviews.tasks.open_what_waits", 600.0),
        "tell-of-reader-messages": ("articles.tasks.tell_of_reader_messages", 300.0),
        "delete-old-reader-messages": ("articles.tasks.delete_old_reader_messages", 6 * 3600.0),
        "ask-for-re-reviews": ("reviews.tasks.ask_for_re_reviews", 6 * 3600.0),
    }
    return {
        name: {"task": task, "schedule": seconds, "options": {"expires": max(seconds, LEAST_EXPIRES)}}
        for name, (task, seconds) in rings.items()
    }
