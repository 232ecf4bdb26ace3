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
ADDED = {"Review": ("checklist", "carried_from")}
"""Fields that a sealed model got after the first rows were sealed."""


class ReviewsConfig(AppConfig):
    name = "reviews"

    def ready(self) -> None:
        from editorial import audit, guards, outbox, registry  # why: models must be loaded first
        from reviews import reminders, verification  # why: models must be loaded first

        for name in RECORDED:
            guards.protect(f"reviews.{name}")
            audit.sealed(f"reviews.{name}", added=ADDED.get(name, ()))
        for name in ("digests", "rounds", "seats", "carried", "quorums", "statuses", "personal_texts", "pages"):
            registry.add_check(name.replace("_", " "), getattr(verification, name))
        registry.add_setup("reminder rules", reminders.standard_rules)
        for kind in reminders.MAIL_KINDS:
            outbox.add_kind(kind)
