"""A publisher with many years behind it, written by the database itself: a million seats in a minute or two.

Rows are written with triggers and checks of foreign keys off, as a restore does it; ``loose`` counts afterwards what
points nowhere. Everything is made to fit: most rounds are closed and their pages live, some wait, and some are due.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection, models

from articles.models import Article, Citation, Publication, Reference
from editorial.models import BoardMember, Credential, MailPreferences, Specialty, User
from editorial.presets import standard_policy
from reviews.demo.cast import make_cast
from reviews.models import Review, ReviewAssignment, ReviewRound
from reviews.reminders import standard_rules

SEATS = 4
FIRST = 1000
"""Ids below it are the cast's."""


@dataclass(frozen=True)
class House:
    """``rows`` seats, ``due`` of which became overdue with the last midnight, each another member's."""

    rows: int
    due: int
    now: datetime

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def rounds(self) -> int:
        return self.rows // SEATS

    @property
    def due_rounds(self) -> int:
        return self.due // 2

    def ago(self, days: int) -> datetime:
        return datetime.combine(self.today - timedelta(days=days), time(9), tzinfo=self.now.tzinfo)


def begin(house: House) -> None:
    """The cast, the rules, and a board that has one member for each review that is due."""
    make_cast(today=house.today, password="correct horse battery")
    standard_policy(in_force_from=house.today - timedelta(days=400))
    standard_rules()
    specialty, editor = Specialty.objects.first(), User.objects.get(username="tom")
    person = User(username="", email="", last_name="", first_name="Member", password="!", date_joined=house.ago(900))
    names = {"username": "'member' || n", "email": "'member' || n || '@example.org'", "last_name": "'No. ' || n"}
    every = f"generate_series(1, {house.due}) AS n"
    _write(person, every, id=f"{FIRST} + n", uuid="gen_random_uuid()", **names)
    member = BoardMember(joined_on=house.ago(800).date())
    _write(member, every, id=f"{FIRST} + n", user_id=f"{FIRST} + n", slug="'member-' || n")
    _write(
        MailPreferences(hour=0, quiet_from=0, quiet_until=0, weekly=False), every, id="n + 1000", user_id=f"{FIRST} + n"
    )
    licence = Credential(
        specialty=specialty, letters="MD", licence_number="1", issuer="A board", verified_by=editor,
        verified_on=house.ago(700).date(), expires_on=house.today + timedelta(days=700),
    )  # fmt: skip
    lapsed = f"CASE WHEN n %% 50 = 0 THEN DATE '{house.ago(100).date()}' ELSE DATE '{licence.expires_on}' END"
    _write(licence, every, id=f"{FIRST} + n", member_id=f"{FIRST} + n", expires_on=lapsed)
    source = Reference(kind="research", title="A trial", authors="Doe, J", year=2020)
    alert = "CASE WHEN n %% 100 = 0 THEN 'retracted' ELSE 'ok' END"
    checked = f"DATE '{house.ago(90).date()}'"
    _write(source, "generate_series(1, 1000) AS n", id="n + 1000", status=alert, status_checked_on=checked)


def fill(house: House, first: int, last: int) -> None:
    """Rounds ``first`` to ``last`` with their articles, seats, reviews and pages."""
    waiting = 2 * house.due_rounds
    decided = waiting + house.due_rounds // 10
    state = f"CASE WHEN r <= {decided} THEN 'under_review' ELSE 'approved' END"
    rounds = f"generate_series({first}, {last}) AS r"
    editor = User.objects.get(username="tom")
    article = Article(
        title="", risk_tier="standard", handling_editor=editor, specialty=Specialty.objects.first(), funding="none",
        created_at=house.ago(120), created_by=editor, submitted_at=house.ago(110), triaged_at=house.ago(109),
        state_since=house.ago(60),
    )  # fmt: skip
    titled = "'What does the evidence say about question ' || r || '?'"
    _write(article, rounds, id="r", uuid="gen_random_uuid()", slug="'question-' || r", title=titled, state=state)
    _authored(first, last)
    _round(house, rounds, decided)
    _seats(house, rounds, waiting, decided)
    _write(
        Citation(key="trial"), rounds, id="r", article_id="r", reference_id="1001 + r %% 1000",
    )  # fmt: skip
    if last > decided:
        _pages(house, max(first, decided + 1), last)


def _authored(first: int, last: int) -> None:
    through, author = Article.authors.through, User.objects.get(username="nora")
    _write(through(user=author), f"generate_series({first}, {last}) AS r", id="r", article_id="r")


def _round(house: House, rounds: str, decided: int) -> None:
    editor = User.objects.get(username="tom")
    closed = f"CASE WHEN r > {decided} THEN TIMESTAMPTZ '{house.ago(60)}' END"
    stuck = f"r > {house.due_rounds} AND r <= {decided} AND r %% 100 = 0"
    _write(
        ReviewRound(number=1, digest="0" * 64, rule={}, opened_at=house.ago(100), opened_by=editor),
        rounds,
        id="r",
        article_id="r",
        closed_at=closed,
        outcome=f"CASE WHEN r > {decided} THEN 'approved' ELSE '' END",
        unsatisfiable=f"CASE WHEN {stuck} THEN 'nobody is left' ELSE '' END",
        unsatisfiable_since=f"CASE WHEN {stuck} THEN TIMESTAMPTZ '{house.ago(60)}' END",
    )


def _seats(house: House, rounds: str, waiting: int, decided: int) -> None:
    """Two of the seats of a due round are due, and the other two members have signed."""
    editor = User.objects.get(username="tom")
    yesterday, later, past = (house.today + timedelta(days=n) for n in (-1, 14, -70))
    due = f"r <= {house.due_rounds} AND k < 2"
    is_open = f"({due} OR (r > {house.due_rounds} AND r <= {waiting}))"
    member = _member(house)
    each = f"{rounds}, generate_series(0, {SEATS - 1}) AS k"
    _write(
        ReviewAssignment(
            time_zone="UTC", assigned_at=house.ago(100), assigned_by=editor, respond_on=house.ago(95).date()
        ),
        each,
        id=f"(r - 1) * {SEATS} + k + 1",
        round_id="r",
        member_id=member,
        state=f"CASE WHEN {is_open} THEN 'accepted' WHEN k = 3 AND r %% 20 = 0 THEN 'released' ELSE 'completed' END",
        review_on=f"CASE WHEN {due} THEN DATE '{yesterday}' WHEN {is_open} THEN DATE '{later}' ELSE DATE '{past}' END",
    )
    _write(
        Review(digest="0" * 64, verdict="approve", signed_at=house.ago(61)),
        f"{each} WHERE NOT {is_open} AND NOT (k = 3 AND r %% 20 = 0)",
        id=f"(r - 1) * {SEATS} + k + 1",
        assignment_id=f"(r - 1) * {SEATS} + k + 1",
        round_id="r",
        member_id=member,
    )


def _member(house: House) -> str:
    """Who sits on seat ``k`` of round ``r``: two seats pass through the whole board, so what is due is spread."""
    return f"{FIRST} + 1 + (2 * (r - 1) + k + (k / 2) * ({house.due} / 2)) %% {house.due}"


def _pages(house: House, first: int, last: int) -> None:
    """A live page for each article; one in fifty is past its day, and was so for a while."""
    day = house.ago(60).date()
    page = Publication(
        number=1, status="live", digest="0" * 64, snapshot="", html={}, evidence={}, policy={}, change_class="new",
        reviewed_version=1, editorial_responsibility="Tom Okafor", published_at=house.ago(60), submitted_on=day,
        review_opened_on=day, last_updated=day, last_reviewed=day,
    )  # fmt: skip
    past, ahead = (house.today + timedelta(days=n) for n in (-50, 300))
    due = f"CASE WHEN r %% 50 = 0 THEN DATE '{past}' ELSE DATE '{ahead}' END"
    series = f"generate_series({first}, {last}) AS r"
    slug, title = "'question-' || r", "'Question ' || r"
    _write(page, series, id="r", article_id="r", slug=slug, title=title, next_review_due=due)


def ready() -> None:
    """Numbers go on after the last one, and the database knows what it holds."""
    with connection.cursor() as cursor:
        for model in _FILLED:
            table, column = model._meta.db_table, model._meta.pk.column
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('\"{table}\"', '{column}'),"
                f' (SELECT COALESCE(max("{column}"), 1) FROM "{table}"))'
            )
        cursor.execute("VACUUM ANALYZE")


def loose() -> list[str]:
    """Foreign keys of what was filled that point nowhere: the load left checks off. Empty when all is whole."""
    found = []
    for model in _FILLED:
        for field in model._meta.local_concrete_fields:
            if field.is_relation:
                missing = model.objects.filter(**{f"{field.name}__pk": None}).exclude(**{field.attname: None})
                if missing.exists():
                    found.append(f"{model._meta.label}.{field.name}")
    return found


_FILLED = (
    *(User, BoardMember, MailPreferences, Credential, Reference, Article, Article.authors.through),
    *(ReviewRound, ReviewAssignment, Review, Citation, Publication),
)


def _write(template: models.Model, source: str, **expressions: str) -> None:
    """One row for each row of ``source``: an expression of SQL for a column, or else what ``template`` has there."""
    columns, values, params = [], [], []
    for field in template._meta.local_concrete_fields:
        columns.append(f'"{field.column}"')
        if field.column in expressions:
            values.append(f"({expressions[field.column]})")
        else:
            values.append(f"CAST(%s AS {field.db_type(connection)})" if not field.primary_key else "DEFAULT")
            params.append(_stored(field, template))
    statement = (
        f'INSERT INTO "{template._meta.db_table}" ({", ".join(columns)}) SELECT {", ".join(values)} FROM {source}'
    )
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, params)
        cursor.execute("SET session_replication_role = DEFAULT")


def _stored(field: Any, template: models.Model) -> Any:
    return field.get_db_prep_save(field.pre_save(template, add=True), connection)
