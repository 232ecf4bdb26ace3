from django.apps import AppConfig

RECORDED = (
    "Review",
    "Signature",
    "SignatureVoided",
    "SignatureKept",
    "Objection",
    "ObjectionStep",
    "ConflictDeclaration",
)
WATCHED = ("ReviewRound", "ReviewAssignment", "ReviewComment", "WaitingRound", "RoundPace", "ReminderRule")
"""Further tables of which every change is noted."""

ADDED = {"Review": ("checklist", "carried_from")}
"""Fields that a sealed model got after the first rows were sealed."""

CHECKS = (
    *("digests", "rounds", "prospects", "seats", "carried", "quorums", "statuses"),
    *("personal_texts", "comments", "pages"),
)
"""Functions of ``reviews.verification`` that `manage.py verify` runs."""


class ReviewsConfig(AppConfig):
    name = "reviews"

    def ready(self) -> None:
        from articles import comparing as articles_comparing  # why: models must be loaded first
        from articles import page  # why: models must be loaded first
        from articles import signers as articles_signers  # why: models must be loaded first
        from articles.projection import members  # why: models must be loaded first
        from editorial import outbox, registry  # why: models must be loaded first
        from reviews import (  # why: models must be loaded first
            blindness,
            comparing,
            gauges,
            reminders,
            signers,
            standing,
            verification,
            watching,
            yearly,
        )
        from reviews.timeline import outcome  # why: models must be loaded first
        from reviews.workflow import board  # why: models must be loaded first

        _keep_the_record()
        for name in CHECKS:
            registry.add_check(name.replace("_", " "), getattr(verification, name))
        registry.add_people_hooks("reviews", board.HOOKS)
        registry.add_setup("reminder rules", reminders.standard_rules)
        page.add_withdrawals(standing.withdrawn_from)
        articles_signers.add(signers.of)
        members.add_signed(signers.signed)
        articles_comparing.add_texts(comparing.texts)
        for kind in reminders.MAIL_KINDS:
            outbox.add_kind(kind)
        for gauge in gauges.GAUGES:
            registry.add_gauge(*gauge)
        registry.count_years_with(yearly.until)
        registry.hide_with(blindness.hidden_from, blindness.paths_hidden_from)
        registry.tell_with(outcome.of)
        registry.say_turn_with(outcome.whose_turn)
        watching.start()


def _keep_the_record() -> None:
    """What is guarded, sealed and watched."""
    from editorial import audit, captures, guards  # why: models must be loaded first

    for name in RECORDED:
        guards.protect(f"reviews.{name}")
        audit.sealed(f"reviews.{name}", added=ADDED.get(name, ()))
    captures.watch(*(f"reviews.{name}" for name in (*RECORDED, *WATCHED)))
