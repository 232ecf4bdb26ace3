from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class EditorialConfig(AppConfig):
    name = "editorial"

    def ready(self) -> None:
        from editorial import (  # why: models must be loaded first
            checks,
            doctor,
            guards,
            health,
            invitations,
            outbox,
            patience,
            policies,
            pulse,
            registry,
            verification,
            weekly,
        )

        checks.register()
        registry.add_check("policies", policies.problems)
        outbox.add_kind(invitations.MAIL_KIND)
        outbox.add_kind(weekly.MAIL_KIND)
        for name in ("memberships", "invitations", "erasures"):
            registry.add_check(name, getattr(verification, name))
        for gauge in health.GAUGES:
            registry.add_gauge(*gauge)
        doctor.register()
        pulse.listen()
        guards.protect("editorial.AuditEvent")
        guards.protect("editorial.HandledRequest")
        pre_migrate.connect(patience.limit, sender=self, dispatch_uid="editorial.patience")
        post_migrate.connect(patience.end, dispatch_uid="editorial.patience")
        post_migrate.connect(guards.install_after_migrate, dispatch_uid="editorial.guards")
