from django.apps import AppConfig
from django.db.models.signals import post_migrate


class EditorialConfig(AppConfig):
    name = "editorial"

    def ready(self) -> None:
        from editorial import (  # why: models must be loaded first
            accounts,
            checks,
            enrolment,
            guards,
            health,
            invitations,
            outbox,
            policies,
            pulse,
            registry,
            sessions,
            verification,
            weekly,
        )

        checks.register()
        registry.add_check("policies", policies.problems)
        outbox.add_kind(invitations.MAIL_KIND)
        outbox.add_kind(weekly.MAIL_KIND)
        outbox.add_kind(enrolment.MAIL_KIND)
        for name in ("memberships", "invitations", "erasures"):
            registry.add_check(name, getattr(verification, name))
        for gauge in health.GAUGES:
            registry.add_gauge(*gauge)
        pulse.listen()
        sessions.watch()
        enrolment.watch()
        accounts.watch()
        registry.add_setup("second factors", enrolment.settle)
        guards.protect("editorial.AuditEvent")
        guards.protect("editorial.HandledRequest")
        post_migrate.connect(guards.install_after_migrate, dispatch_uid="editorial.guards")
