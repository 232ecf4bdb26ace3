from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate, pre_migrate

HABITS = (
    *("last_login", "first_steps_closed", "time_zone"),
    *("session_generation", "factor_demanded_at"),
)
WATCHED: dict[str, dict[str, Any]] = {
    "editorial.AuditEvent": {},
    "editorial.AuditHead": {},
    "editorial.PersonalText": {},
    # Signing in and one's own habits are no part of the record; rights, names and addresses are.
    "editorial.User": {"unless": HABITS},
    "editorial.User.groups": {},
    "editorial.User.user_permissions": {},
    # Who holds which factor, but not what it keeps of its last use.
    "mfa.Authenticator": {"unless": ("data", "last_used_at")},
    "auth.Group": {},
    "auth.Group.permissions": {},
    "editorial.Specialty": {},
    "editorial.BoardMember": {"by_history": True, "strict": ("struck_off_at", "departure", "user")},
    "editorial.BoardInvitation": {},
    "editorial.Credential": {"by_history": True},
    "editorial.Absence": {},
    "editorial.Interest": {"by_history": True},
    "editorial.EditorialPolicy": {"by_history": True},
    "editorial.ReviewRule": {},
    "editorial.ChecklistItem": {},
    "editorial.ClosedPeriod": {},
}
"""Tables of which every change is noted, and how: see ``captures.Watched``."""


class EditorialConfig(AppConfig):
    name = "editorial"

    def ready(self) -> None:
        from editorial import (  # why: models must be loaded first
            anchors,
            checks,
            doctor,
            health,
            invitations,
            outbox,
            patience,
            policies,
            pulse,
            registry,
            unexplained,
            verification,
            weekly,
        )

        checks.register()
        registry.add_check("policies", policies.problems)
        outbox.add_kind(invitations.MAIL_KIND)
        outbox.add_kind(weekly.MAIL_KIND)
        outbox.add_kind(anchors.MAIL_KIND)
        for name in ("memberships", "invitations", "erasures"):
            registry.add_check(name, getattr(verification, name))
        registry.add_check("triggers", unexplained.triggers)
        registry.add_check("changes", unexplained.problems)
        registry.add_note("changes", unexplained.note)
        registry.add_note("anchors", anchors.note)
        for gauge in (*health.GAUGES, *unexplained.GAUGES, *anchors.GAUGES):
            registry.add_gauge(*gauge)
        doctor.register()
        pulse.listen()
        if apps.is_installed("allauth.account"):
            _open_the_desk()
        _keep_the_record()
        pre_migrate.connect(patience.limit, sender=self, dispatch_uid="editorial.patience")


def _open_the_desk() -> None:
    """What belongs to signing in. The public site as a process of its own has none of it."""
    from editorial import accounts, enrolment, outbox, registry, sessions  # why: models must be loaded first
    from editorial.models.user import keep_hashes_with  # why: models must be loaded first

    sessions.watch()
    enrolment.watch()
    accounts.watch()
    keep_hashes_with(accounts.keep_hash)
    outbox.add_kind(enrolment.MAIL_KIND)
    registry.add_setup("second factors", enrolment.settle)


def _keep_the_record() -> None:
    """What is guarded and watched, and what a migration puts back, in this order."""
    from editorial import captures, database_roles, guards, patience  # why: models must be loaded first

    for name in ("AuditEvent", "HandledRequest", "ChangeCapture"):
        guards.protect(f"editorial.{name}")
    for label, how in WATCHED.items():
        captures.watch(label, **how)
    post_migrate.connect(patience.end, dispatch_uid="editorial.patience")
    post_migrate.connect(guards.install_after_migrate, dispatch_uid="editorial.guards")
    post_migrate.connect(captures.install_after_migrate, dispatch_uid="editorial.captures")
    post_migrate.connect(database_roles.grant_after_migrate, dispatch_uid="editorial.database_roles")
