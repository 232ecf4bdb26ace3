"""Verbs on the editorial policy. A version in force is never changed: the next one is drafted from it."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date, datetime

from django.utils.translation import gettext as _

from editorial import audit, clock, registry
from editorial.conditions import Condition, Refused, unless
from editorial.models import AuditEvent, ChecklistItem, EditorialPolicy, ReviewRule, User
from editorial.presets import PRESETS, rules_of
from editorial.roles import is_chief
from editorial.verbs import record, save, verb

PRESENT = "present"
"""The base of a next version that changes nothing yet."""


def may_draft(policy: EditorialPolicy, user: User) -> Condition:
    return _chief(user)


def may_disable(policy: EditorialPolicy, user: User) -> Condition:
    return _chief(user) & unless(policy.disabled_at is None, _("This version is disabled already."))


def may_change(policy: EditorialPolicy, user: User, *, today: date) -> Condition:
    return _chief(user) & unless(
        policy.may_change(today),
        _("Rounds may have been opened under this version, so it stays as it is. Draft the next one."),
    )


def _chief(user: User) -> Condition:
    return unless(is_chief(user), _("Only a chief editor decides on the policy."))


@verb
def draft_next(
    policy: EditorialPolicy, *, actor: User, now: datetime, in_force_from: date, base: str = PRESENT
) -> EditorialPolicy:
    """Make the next version from this one: its text, checklist and settings, with its rules or a preset's.

    Returns the new version, which can be changed until the day before it comes into force. Raises Refused
    for a day that isn't later than today, or a base that doesn't exist.
    """
    may_draft(policy, actor).enforce()
    if in_force_from <= now.date():
        raise Refused(_("A policy comes into force on a later day: choose tomorrow or after."))
    if base != PRESENT and base not in PRESETS:
        raise Refused(_("Choose the present rules or one of the presets."))
    newest = EditorialPolicy.objects.select_for_update().order_by("-version").first()
    made = EditorialPolicy(
        version=newest.version + 1 if newest else 1,
        text=policy.text,
        in_force_from=in_force_from,
        acceptance=policy.acceptance,
        hide_reviews=policy.hide_reviews,
        re_review_by_clock=policy.re_review_by_clock,
    )
    save(made, actor=actor)
    _copy_checklist(policy, made)
    if base == PRESENT:
        _copy_rules(policy, made)
    else:
        ReviewRule.objects.bulk_create(rules_of(made, PRESETS[base]))
    record("policy.drafted", made.subject, after=policy.version, base=base, in_force_from=in_force_from.isoformat())
    written(made)
    return made


@verb
def disable(policy: EditorialPolicy, *, actor: User, now: datetime, reason: str) -> EditorialPolicy:
    """From now on no round is opened under this version. Rounds that run keep their snapshot and go on."""
    may_disable(policy, actor).enforce()
    policy.disabled_at = now
    save(policy, actor=actor, reason=reason, update_fields=["disabled_at"])
    record("policy.disabled", policy.subject, reason=reason)
    show_to_readers()
    return policy


def written(policy: EditorialPolicy) -> None:
    """Bind the chain to what the version says now, and show it to readers. Inside a verb, after every change."""
    record("policy.written", policy.subject, sha256=digest_of(policy))
    show_to_readers()


def digest_of(policy: EditorialPolicy) -> str:
    """SHA-256 of all that the version says: settings, text, rules, checklist."""
    fresh = EditorialPolicy.objects.prefetch_related("rules__also", "checklist").get(pk=policy.pk)
    values = {
        "settings": [
            fresh.version,
            fresh.in_force_from,
            fresh.acceptance,
            fresh.hide_reviews,
            fresh.re_review_by_clock,
        ],
        "text": fresh.text,
        "rules": [
            [*(getattr(rule, name) for name in _rule_fields()), sorted(other.slug for other in rule.also.all())]
            for rule in fresh.rules.all()
        ],
        "checklist": [
            [item.position, item.code, item.text, item.critical, item.every_class] for item in fresh.checklist.all()
        ],
    }
    return hashlib.sha256(audit.canonical(values).encode()).hexdigest()


def problems() -> Iterator[audit.Problem]:
    """Versions that say something else than was written, or that are disabled, or not, against their events.

    What `manage.py setup_roles` made is held by nothing until a chief editor drafts the next version.
    """
    said: dict[str, str] = {}
    disabled = set()
    rows = AuditEvent.objects.filter(kind__in=("policy.written", "policy.disabled")).order_by("sequence")
    for kind, subject, body in rows.values_list("kind", "subject", "body"):
        if kind == "policy.disabled":
            disabled.add(subject)
        else:
            said[subject] = _written_digest(body)
    for policy in EditorialPolicy.objects.order_by("version"):
        row = f"editorial.EditorialPolicy {policy.pk}"
        if policy.subject in said and said[policy.subject] != digest_of(policy):
            yield audit.Problem(row, "it says something else than was written")
        if (policy.subject in disabled) != (policy.disabled_at is not None):
            yield audit.Problem(row, "whether it is disabled isn't what the events say")


def _written_digest(body: str) -> str:
    """Nothing where the body can't be read, which the walk of the chain reports too."""
    try:
        return str(json.loads(body)["data"]["sha256"])
    except (ValueError, KeyError, TypeError):
        return ""


def show_to_readers() -> None:
    """The readers' page of the policy, made afresh."""
    setup = registry.setups().get("reader's policy page")
    if setup:
        setup()


def what_disabling_does(policy: EditorialPolicy, *, today: date) -> list[str]:
    """What to know before this version is disabled."""
    said = [
        _("Rounds that run go on under the rules they were opened with: nothing is completed, broken or published.")
    ]
    others = EditorialPolicy.objects.filter(in_force_from__lte=today, disabled_at=None).order_by("-version")
    in_force = others.first()
    if in_force is None or in_force.pk != policy.pk:
        return [*said, _("This version isn't the one in force, so nothing else changes.")]
    fallback = others.exclude(pk=policy.pk).first()
    if fallback:
        words = _("New rounds are opened under version %(version)s again (in force from %(day)s).")
        return [*said, words % {"version": fallback.version, "day": clock.shown(fallback.in_force_from)}]
    return [
        *said,
        _("No other version is in force: no round can be opened until a next one is, tomorrow at the earliest."),
    ]


def why_no_rule(today: date) -> str:
    """What whoever needs a rule is told where there is none."""
    if EditorialPolicy.in_force(today) is None:
        return _(
            "No editorial policy is in force, so no round can be opened: a chief editor has to draft the next one."
        )
    return _("The policy in force has no rule for this risk and change class: a chief editor has to add one.")


def warnings_for_authors(today: date) -> list[str]:
    """What whoever submits should know of the policy; nothing while one is in force."""
    if EditorialPolicy.in_force(today) is not None:
        return []
    return [_("No editorial policy is in force: it can be submitted, and waits until a round can be opened.")]


def _copy_checklist(policy: EditorialPolicy, made: EditorialPolicy) -> None:
    ChecklistItem.objects.bulk_create(
        ChecklistItem(
            policy=made,
            position=item.position,
            code=item.code,
            text=item.text,
            critical=item.critical,
            every_class=item.every_class,
        )
        for item in policy.checklist.all()
    )


def _copy_rules(policy: EditorialPolicy, made: EditorialPolicy) -> None:
    names = _rule_fields()
    for rule in policy.rules.prefetch_related("also"):
        copied = ReviewRule.objects.create(policy=made, **{name: getattr(rule, name) for name in names})
        copied.also.set(rule.also.all())


def _rule_fields() -> list[str]:
    return [field.attname for field in ReviewRule._meta.concrete_fields if field.name not in ("id", "policy")]
