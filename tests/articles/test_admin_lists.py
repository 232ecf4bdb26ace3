"""Every list of the desk, walked from the registry: it opens, and costs the same queries however long it is."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib import admin
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.models import Publication, ReaderMessage, Reference, Topic
from editorial import outbox
from editorial.admin.base import ByRole
from editorial.models import (
    AuditEvent,
    BoardMember,
    ClosedPeriod,
    Credential,
    EditorialPolicy,
    OutboxMessage,
    Specialty,
    UnexplainedChange,
    User,
)
from editorial.verbs import record, work
from reviews.models import ReminderDispatch, ReminderRule, ReviewRound
from tests.desk import Person

DAY = date(2026, 1, 1)


def models_of_the_desk() -> list[type[models.Model]]:
    return [model for model, page in admin.site._registry.items() if isinstance(page, ByRole)]


def list_url(model: type[models.Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def copies(row: models.Model, count: int, /, **own: Any) -> None:
    """More rows like this one; its unique columns are made unlike, the fields in ``own`` as they say."""
    for n in range(count):
        copy = type(row)._base_manager.get(pk=row.pk)
        copy.pk, copy._state.adding = None, True
        for field in row._meta.concrete_fields:
            if field.unique and not field.primary_key:
                value = getattr(copy, field.attname)
                unlike = uuid4() if isinstance(value, UUID) else f"{str(value)[:40]}-{uuid4().hex[:8]}"
                setattr(copy, field.attname, unlike)
        for name, value in own.items():
            vars(copy)[name] = value(n) if callable(value) else value  # a protected status is set this way alone
        copy.save()


class Growth:
    """Adds rows to each list, each with relations of its own kind."""

    def __init__(self, story: Any) -> None:
        self.story = story
        self.round = story.round(title="Under review")
        self.article = story.published()
        self.dispatch = ReminderDispatch.objects.create(
            rule=ReminderRule.objects.create(name="Late", trigger="review_due", offset_days=1),
            assignment=self.round.assignments.first(),
            recipient=story.people["claire"],
            due_version=1,
            scheduled_for=story.now,
        )
        ClosedPeriod.objects.create(name="Summer", first_day=DAY, last_day=DAY)
        UnexplainedChange.objects.create(
            transaction=1, began_at=story.now, role="root", changes=1, found_at=story.now, rows=[]
        )
        ReaderMessage.objects.create(kind="error", text="A dose is wrong.", received_at=story.now)
        self.used = 1000

    def more(self, model: type[models.Model], number: int) -> None:
        self.used += number
        numbers = iter(range(self.used, self.used + number))
        if model is AuditEvent:
            with work(actor=self.story.people["tom"], now=self.story.now):
                for _n in range(number):
                    record("test.done", self.article.subject)
        elif model is OutboxMessage:
            for _n in range(number):
                outbox.write("news", self.story.people["tom"], now=self.story.now, text="News", path="/admin/")
        elif model is BoardMember:
            self._members(number)
        elif model in (Publication, ReviewRound):
            row = model.objects.filter(article=self.article).order_by("pk").first()
            own = {"number": lambda n: next(numbers)}
            copies(row, number, **own, **({"status": "superseded"} if model is Publication else {}))
        elif model is EditorialPolicy:
            copies(EditorialPolicy.objects.first(), number, version=lambda n: next(numbers))
        elif model is ReminderDispatch:
            copies(self.dispatch, number, occurrence=lambda n: next(numbers))
        elif model is UnexplainedChange:
            copies(UnexplainedChange.objects.first(), number, transaction=lambda n: next(numbers))
        else:
            copies(model._base_manager.order_by("pk").last(), number)

    def _members(self, number: int) -> None:
        verifier = self.story.people["ingrid"]
        for _n in range(number):
            name = uuid4().hex[:12]
            user = User.objects.create(username=name, first_name=name)
            member = BoardMember.objects.create(user=user, slug=name, joined_on=DAY)
            for specialty in Specialty.objects.all()[:2]:
                Credential.objects.create(
                    member=member,
                    specialty=specialty,
                    letters="MD",
                    licence_number=name,
                    issuer="Register",
                    verified_by=verifier,
                    verified_on=DAY,
                    expires_on=DAY + timedelta(days=900),
                )


@pytest.fixture
def growth(story) -> Growth:
    return Growth(story)


def queries_of(person: Person, model: type[models.Model]) -> int:
    with CaptureQueriesContext(connection) as queries:
        page = person.client.get(list_url(model))
    assert page.status_code == 200, model
    return len(queries)


def test_every_list_costs_the_same_queries_at_1_at_3_and_at_30_rows_more(growth, monkeypatch):
    ingrid = Person("ingrid")
    counts: dict[str, list[int]] = {}
    for model in models_of_the_desk():
        monkeypatch.setattr(admin.site._registry[model], "list_per_page", 200)
        queries_of(ingrid, model)
        for rows in (1, 2, 27):
            growth.more(model, rows)
            counts.setdefault(model._meta.label, []).append(queries_of(ingrid, model))
    assert {label: seen for label, seen in counts.items() if len(set(seen)) > 1} == {}


def test_no_list_costs_more_than_twenty_queries(growth):
    ingrid = Person("ingrid")
    assert {m._meta.label: n for m in models_of_the_desk() if (n := queries_of(ingrid, m)) > 20} == {}


def test_every_page_of_a_row_opens_for_whoever_may_see_the_list(growth):
    """No list without its pages: the form or the facts, and the history where there is one."""
    people = [Person(name) for name in ("ingrid", "tom", "nora", "claire")]
    opened = 0
    for model in models_of_the_desk():
        row = model._base_manager.order_by("pk").last()
        for person in people:
            if person.client.get(list_url(model)).status_code != 200:
                continue
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
            answer = person.client.get(reverse(f"{name}_change", args=[row.pk]))
            assert answer.status_code == 200, (person.username, model)
            assert person.client.get(reverse(f"{name}_history", args=[row.pk])).status_code == 200
            opened += 1
    assert opened > 20


def test_the_home_page_costs_the_same_for_many_articles(growth, story):
    ingrid = Person("ingrid")
    seen = []
    for rows in (1, 2, 3):
        for _n in range(rows):
            story.submitted(title=f"Submitted {uuid4().hex}")
        with CaptureQueriesContext(connection) as queries:
            assert ingrid.client.get("/admin/").status_code == 200
        seen.append(len(queries))
    assert len(set(seen)) == 1, seen


def test_topics_and_references_are_found_by_name(growth):
    tom = Person("tom")
    for model in (Topic, Reference):
        row = model.objects.first()
        assert str(row)[:20] in tom.client.get(list_url(model), {"q": str(row)[:12]}).text
