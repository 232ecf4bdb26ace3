"""Who has to have a second factor, from when; how one is added, removed, and reset by another person.

The demand is the policy's (setting SECOND_FACTOR). It is on board members, editors and chief editors, and binds after a
grace of 14 days from the day the role was given or the demand began, whichever is later (``User.factor_demanded_at``).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.apps import apps as registered
from django.conf import settings
from django.contrib.auth.models import Group
from django.db.models.signals import m2m_changed, post_migrate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial import clock, factors, outbox, reauth, sessions
from editorial.conditions import Condition, Refused, unless
from editorial.models import User
from editorial.passkeys import Adapter
from editorial.roles import Role, is_chief, roles_of
from editorial.verbs import record, verb, work

GRACE = timedelta(days=14)
DEMANDED_OF = frozenset({Role.BOARD, Role.EDITOR, Role.CHIEF})
KIND = "factors"
NEXT = "enrolment_next"
"""Where a session keeps where somebody was going when they were led to enrol."""


@dataclass(frozen=True)
class Demand:
    """What is asked of somebody who has no second factor yet."""

    until: datetime
    days_left: int

    @property
    def is_overdue(self) -> bool:
        return self.days_left <= 0


def is_demanded_of(user: User) -> bool:
    return bool(settings.SECOND_FACTOR and roles_of(user) & DEMANDED_OF)


def demand_on(user: User, *, now: datetime) -> Demand | None:
    """None for whoever has a factor, or needs none. Days are counted up: on the last one it is still one day."""
    if not is_demanded_of(user) or factors.held_by(user):
        return None
    until = (user.factor_demanded_at or now) + GRACE
    return Demand(until=until, days_left=-((now - until) // timedelta(days=1)))


def settle(*people: int, now: datetime | None = None) -> str:
    """Write down since when the demand is on these people, or on everybody; says what it did."""
    rows = User.objects.filter(pk__in=people) if people else User.objects.all()
    held = User.objects.filter(groups__name__in=DEMANDED_OF).values("pk")
    if not settings.SECOND_FACTOR:
        rows.exclude(factor_demanded_at=None).update(factor_demanded_at=None)
        return "not demanded"
    rows.exclude(factor_demanded_at=None).exclude(pk__in=held).update(factor_demanded_at=None)
    begun = rows.filter(factor_demanded_at=None, pk__in=held).update(factor_demanded_at=now or clock.now())
    return f"demanded of {begun} more from today" if begun else "stands"


def watch() -> None:
    m2m_changed.connect(_roles_changed, sender=User.groups.through, dispatch_uid="editorial.enrolment.roles")
    post_migrate.connect(_migrated, dispatch_uid="editorial.enrolment.migrated")


def _roles_changed(instance: Any, action: str, reverse: bool, pk_set: set[int] | None, **_: Any) -> None:
    if action.startswith("post_"):
        settle(*([] if action == "post_clear" and reverse else (pk_set or []) if reverse else [instance.pk]))


def _migrated(app_config: Any, apps: Any = registered, **_: Any) -> None:
    """The demand begins with the first migrate after it was switched on; on the way back it has no column."""
    if app_config.name != "editorial":
        return
    fields = {field.name for field in apps.get_model("editorial", "User")._meta.fields}
    if "factor_demanded_at" in fields and Group.objects.exists():
        settle()


def may_remove(user: User) -> Condition:
    """Of whom a factor is demanded, the last one stays until there is another."""
    kinds = (factors.Type.TOTP, factors.Type.WEBAUTHN)
    last = Authenticator.objects.filter(user_id=user.pk, type__in=kinds).count() <= 1
    return unless(
        not (last and is_demanded_of(user)), _("Your role needs a passkey or one-time codes: add another one first.")
    )


def add_passkey(user: User, *, now: datetime, name: str, credential: dict[str, Any]) -> list[str]:
    """Gives recovery codes with the first factor, to be shown once."""
    with work(actor=user, now=now):
        row = WebAuthn.add(user, name, credential).instance
        return _added(user, row, _("A passkey was added to your account."), now=now)


def add_app(user: User, *, now: datetime, secret: str, step: int) -> list[str]:
    """Gives recovery codes like ``add_passkey``. ``step`` is that of the first code, which counts as used."""
    with work(actor=user, now=now):
        User.objects.select_for_update().get(pk=user.pk)
        if factors.held_by(user).codes:
            return []
        row = Authenticator.objects.create(
            user=user, type=factors.Type.TOTP, data={"secret": Adapter().encrypt(secret), "step": step}
        )
        return _added(user, row, _("One-time codes were set up for your account."), now=now)


def _added(user: User, row: Authenticator, text: str, *, now: datetime) -> list[str]:
    record("factor.added", user.subject, factor=row.type)
    _tell(user, text, now=now)
    known = Authenticator.objects.filter(user_id=user.pk, type=factors.Type.RECOVERY_CODES).exists()
    return [] if known else factors.fresh_recovery_codes(user)


def renew_codes(user: User, *, now: datetime) -> list[str]:
    with work(actor=user, now=now):
        record("factor.renewed", user.subject, factor=factors.Type.RECOVERY_CODES.value)
        _tell(user, _("New recovery codes were made for your account. The old ones work no more."), now=now)
        return factors.fresh_recovery_codes(user)


def remove(user: User, *, now: datetime, factor: Authenticator) -> None:
    """Recovery codes go with the last factor."""
    with work(actor=user, now=now):
        User.objects.select_for_update().get(pk=user.pk)
        may_remove(user).enforce()
        record("factor.removed", user.subject, factor=factor.type)
        factor.delete()
        if not factors.held_by(user):
            Authenticator.objects.filter(user_id=user.pk).delete()
        _tell(user, _("A way to sign in was removed from your account."), now=now)


def may_reset(user: User, actor: User) -> Condition:
    """Whether ``actor`` may take away the factors of ``user``, who has lost them. Never one's own."""
    return (
        unless(is_chief(actor), _("Only a chief editor resets what somebody has lost."))
        & unless(user.pk != actor.pk, _("Nobody resets their own. Ask another chief editor, or the operator."))
        & unless(not user.is_superuser, _("An operator's account is reset on the command line."))
        & unless(factors.held_by(user), _("Nothing is set up for this account, so there is nothing to reset."))
    )


@verb
def reset_factors(user: User, *, actor: User, now: datetime, reason: str, proof: reauth.Proof | None) -> User:
    """Somebody lost their passkey or phone: all their factors go, and their sessions end."""
    may_reset(user, actor).enforce()
    reauth.is_fresh(proof, actor, now=now).enforce()
    return _reset(user, reason=reason, now=now)


@verb
def reset_by_operator(user: User, *, actor: User, now: datetime, reason: str) -> User:
    """The same from the server's command line, for the case of one chief editor."""
    unless(factors.held_by(user), _("Nothing is set up for this account, so there is nothing to reset.")).enforce()
    return _reset(user, reason=reason, now=now)


def _reset(user: User, *, reason: str, now: datetime) -> User:
    if not reason.strip():
        raise Refused(_("Give the reason in a sentence: how you know that it is they who ask."))
    kinds = sorted(Authenticator.objects.filter(user_id=user.pk).values_list("type", flat=True))
    Authenticator.objects.filter(user_id=user.pk).delete()
    sessions.end_all(user.pk)
    record("factor.reset", user.subject, factors=kinds, reason=reason)
    _tell(
        user,
        _("Your passkeys and one-time codes were reset. If you didn't ask for it, tell a chief editor now."),
        now=now,
    )
    return user


def _tell(user: User, text: str, *, now: datetime) -> None:
    outbox.write(KIND, user, now=now, text=str(text), path="/accounts/factors/", subject=user.subject)


SAMPLE = {"text": gettext_lazy("A passkey was added to your account.")}
MAIL_KIND = outbox.Kind(KIND, "factors", urgency=outbox.Urgency.URGENT, sample=SAMPLE)
