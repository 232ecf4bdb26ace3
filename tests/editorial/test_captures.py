"""The database notes every change to the record, and `verify` asks of each who is on record for it."""

from contextlib import contextmanager
from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from articles.models import Article, Citation, Publication, Reference
from editorial import captures, clock, health, unexplained
from editorial.conditions import Refused
from editorial.models import AuditEvent, CaptureCheck, ChangeCapture, Credential, UnexplainedChange, User
from editorial.verbs import record, save, work
from reviews.demo.cast import PASSWORD
from reviews.models import ReviewAssignment
from tests.desk import Person

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite notes nothing"),
]


class Fresh(list):
    """What nothing explains since this was made."""

    def __init__(self) -> None:
        super().__init__()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()::text::bigint")
            self.since = cursor.fetchone()[0] + 1

    def now(self) -> list[tuple[str, str, str, tuple[str, ...]]]:
        return [
            (change.table, change.row, change.operation, change.columns)
            for one in unexplained.found(since=self.since)
            for change in one.first
        ]


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_every_way_past_the_verbs_is_noted_and_named(story):
    article = story.published()
    publication, citation = article.publications.get(), Citation.objects.first()
    reference, tom = Reference.objects.first(), story.people["tom"]
    chief = Group.objects.get(name="chief editor")
    through = User.groups.through._meta.db_table
    fresh = Fresh()

    Article.objects.filter(pk=article.pk).update(title="Mine")
    Reference.objects.bulk_update([Reference(pk=reference.pk, title="Mine")], ["title"])
    User.objects.filter(pk=tom.pk).update(is_superuser=True, time_zone="Asia/Tokyo")
    tom.groups.add(chief)
    sql("UPDATE articles_publication SET status = 'retired' WHERE id = %s", publication.pk)
    sql("UPDATE reviews_reviewassignment SET state = state")
    sql("DELETE FROM articles_citation WHERE id = %s", citation.pk)
    made = Credential.objects.bulk_create([Credential(**credential_of(story))])[0]

    membership = User.groups.through.objects.get(user=tom, group=chief)
    assert fresh.now() == [
        ("articles_article", str(article.pk), "U", ("title",)),
        ("articles_reference", str(reference.pk), "U", ("title",)),
        ("editorial_user", str(tom.pk), "U", ("is_superuser",)),
        (through, str(membership.pk), "I", ()),
        ("articles_publication", str(publication.pk), "U", ("status",)),
        ("articles_citation", str(citation.pk), "D", ()),
        ("editorial_credential", str(made.pk), "I", ()),
    ]


def credential_of(story) -> dict[str, object]:
    member = story.people["otto"].board_member
    row = member.credentials.values("specialty_id", "letters", "issuer", "licence_number", "expires_on").first()
    return {"member": member, **row}


def test_the_whole_demo_and_what_sets_it_up_are_explained(transactional_db):
    """Seeding, roles, policy, reminder rules, and an article in each state, through some dozens of verbs."""
    call_command("setup_roles", stdout=StringIO())
    call_command("createsuperuser", username="root", email="root@example.org", interactive=False, stdout=StringIO())
    call_command("seed_demo", stdout=StringIO())
    call_command("setup_roles", stdout=StringIO())
    call_command("rebuild_public", stdout=StringIO())
    assert ChangeCapture.objects.count() > 400
    assert [problem.message for problem in unexplained.problems()] == []
    assert list(unexplained.triggers()) == []


def test_a_verb_explains_what_it_changes_and_names_for_whom(story):
    round = story.round()
    fresh = Fresh()
    story.sign(round, "claire")
    assert fresh.now() == []
    rows = ChangeCapture.objects.filter(table="reviews_review", transaction__gte=fresh.since)
    assert [row.actor for row in rows] == [str(story.people["claire"].pk)]


def test_a_password_is_explained_by_its_owners_page_and_never_by_sql(story):
    claire, new = Person("claire"), "a longer battery staple"
    fresh = Fresh()
    page = claire.fill(
        "/accounts/password/change/", having="oldpassword", oldpassword=PASSWORD, password1=new, password2=new
    )
    assert page.status_code == 302
    assert User.objects.get(username="claire").check_password(new)
    assert fresh.now() == []

    fresh = Fresh()
    pk = story.people["claire"].pk
    User.objects.filter(pk=pk).update(password=story.people["ravi"].password)
    assert fresh.now() == [("editorial_user", str(pk), "U", ("password",))]


def test_a_stronger_hash_of_the_same_password_is_explained(story, settings):
    claire = story.people["claire"]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher", *settings.PASSWORD_HASHERS]
    fresh = Fresh()
    assert claire.check_password(PASSWORD)
    assert User.objects.get(pk=claire.pk).password.startswith("pbkdf2")
    assert fresh.now() == []


def test_a_verb_that_records_nothing_explains_nothing(story):
    article = story.draft()
    fresh = Fresh()
    with work(actor=story.people["nora"]):
        Article.objects.filter(pk=article.pk).update(region="EU")
    assert fresh.now() == [("articles_article", str(article.pk), "U", ("region",))]


def test_a_history_entry_with_a_person_explains_an_edit_but_no_decision(story):
    article, nora = story.draft(), story.people["nora"]
    fresh = Fresh()
    article.region = "EU"
    save(article, actor=nora)
    assert fresh.now() == []

    article.region = "US"
    article.save()  # nobody is named
    assert ("articles_article", str(article.pk), "U", ("region",)) in fresh.now()

    fresh = Fresh()
    with transaction.atomic():
        article.region = "EU"
        save(article, actor=nora)
        Article.objects.filter(pk=article.pk).update(frozen_digest="0" * 64)
    assert fresh.now() == [("articles_article", str(article.pk), "U", ("frozen_digest",))]


def test_no_event_explains_a_change_of_what_never_changes(story):
    story.published()
    fresh = Fresh()
    with work(actor=story.people["tom"]):
        record("test.done", "article:1")
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("UPDATE reviews_review SET verdict = 'abstain'")
            cursor.execute("SET LOCAL session_replication_role = origin")
    assert {(table, columns) for table, _row, _operation, columns in fresh.now()} == {("reviews_review", ("verdict",))}


def test_whoever_may_write_the_tables_can_neither_skip_nor_forge_nor_change_what_is_noted(story):
    article = story.draft()
    sql("CREATE ROLE capture_app")
    try:
        sql("GRANT USAGE ON SCHEMA public TO capture_app")
        sql("GRANT SELECT, UPDATE ON articles_article TO capture_app")
        sql("GRANT SELECT ON editorial_changecapture TO capture_app")
        fresh = Fresh()
        with as_role("capture_app"):
            sql("UPDATE articles_article SET region = 'EU' WHERE id = %s", article.pk)
        assert fresh.now() == [("articles_article", str(article.pk), "U", ("region",))]
        for forbidden in (
            "INSERT INTO editorial_changecapture SELECT * FROM editorial_changecapture",
            "DELETE FROM editorial_changecapture",
            "ALTER TABLE articles_article DISABLE TRIGGER imprimatur_capture_row",
            "DROP FUNCTION imprimatur_capture_articles_article() CASCADE",
            "SET session_replication_role = replica",
            (
                "CREATE TEMP TABLE mine (id int);"
                " CREATE TRIGGER mine AFTER INSERT ON mine EXECUTE FUNCTION imprimatur_capture_articles_article()"
            ),
        ):
            with pytest.raises(DatabaseError, match=r"permission denied|must be owner"), as_role("capture_app"):
                sql(forbidden)
    finally:
        sql("DROP OWNED BY capture_app")
        sql("DROP ROLE capture_app")


@contextmanager
def as_role(name: str):
    with transaction.atomic():
        sql(f"SET LOCAL ROLE {name}")
        yield
        sql("RESET ROLE")


def test_what_is_noted_stays_even_for_the_owner(story):
    story.draft()
    for change in ("DELETE FROM", "UPDATE", "TRUNCATE"):
        statement = f"{change} editorial_changecapture" + (" SET role = 'nobody'" if change == "UPDATE" else "")
        with pytest.raises(DatabaseError, match="recorded rows never change"):
            sql(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TRIGGER imprimatur_capture_row ON articles_article",
        "ALTER TABLE articles_article DISABLE TRIGGER imprimatur_capture_truncate",
        "ALTER TABLE articles_article ENABLE REPLICA TRIGGER imprimatur_capture_row",
        "ALTER FUNCTION imprimatur_capture_articles_article() SECURITY INVOKER",
        (
            "CREATE OR REPLACE FUNCTION imprimatur_capture_articles_article() RETURNS trigger SECURITY DEFINER"
            " LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
        ),
    ],
)
def test_a_trigger_that_does_not_note_as_it_should_is_missed_and_migrate_mends_it(statement):
    assert captures.missing() == []
    with transaction.atomic():
        sql(statement)
        assert captures.missing() == ["articles_article"]
        captures.install()
        assert captures.missing() == []
        transaction.set_rollback(True)


def test_the_clock_finds_it_the_desk_says_so_and_a_chief_acknowledges_it_once(story, sign_in, people):
    story.published()
    unexplained.look(clock.now())
    before = UnexplainedChange.objects.count()
    sql("UPDATE articles_article SET title = 'Mine'")
    assert unexplained.look(clock.now()) == 1
    assert unexplained.look(clock.now()) == 0
    change = UnexplainedChange.objects.first()
    assert change.rows[0][0] == "articles_article"
    assert unexplained.waiting(clock.now()) == before + 1
    assert health.standstill(people["ingrid"], clock.now()).changes == before + 1
    assert health.standstill(people["tom"], clock.now()).changes == 0

    with pytest.raises(Refused, match="Only a chief editor"):
        unexplained.acknowledge(change, actor=people["tom"], reason="Me.")
    chief, list_url = sign_in("ingrid"), "/admin/editorial/unexplainedchange/"
    assert list_url in chief.get("/admin/").content.decode()
    assert "articles_article" in chief.get(list_url).content.decode()
    assert "title" in chief.get(f"{list_url}{change.pk}/change/").content.decode()
    page = chief.get(f"{list_url}{change.pk}/verb/acknowledge/")
    fields = page.context["form"].initial
    sent = {"stamp": fields["stamp"], "request_id": fields["request_id"], "reason": "Restored from a backup."}
    assert chief.post(f"{list_url}{change.pk}/verb/acknowledge/", sent).status_code == 302
    assert unexplained.waiting(clock.now()) == before
    assert AuditEvent.objects.filter(kind="changes.acknowledged").count() == 1
    assert not [p for p in unexplained.problems() if f"transaction {change.transaction}" in p.message]
    with pytest.raises(Refused, match="looked into already"):
        unexplained.acknowledge(change, actor=people["ingrid"], reason="Again.")
    assert sign_in("tom").get(list_url).status_code == 403


def test_a_restored_database_that_counts_from_a_lower_number_is_looked_through_from_the_start(story):
    sql("UPDATE editorial_user SET is_staff = NOT is_staff WHERE username = 'tom'")
    CaptureCheck.objects.create(pk=1, below=10**15)
    assert unexplained.look(clock.now()) > 0


def test_pruning_keeps_what_nothing_explains_and_what_is_young(story):
    story.published()
    sql("UPDATE articles_article SET title = 'Mine'")
    unexplained.look(clock.now())
    with pytest.raises(CommandError, match="30 days at least"):
        call_command("prune_captures", older_than_days=3)
    out = StringIO()
    call_command("prune_captures", older_than_days=30, stdout=out)
    assert out.getvalue() == "0 deleted.\n"
    CaptureCheck.objects.update(below=10**15)  # as if no other worker's test had been running all the while
    known = [p.message for p in unexplained.problems()]
    rows = ChangeCapture.objects.count()
    assert 0 < unexplained.prune(clock.now()) < rows
    assert [p.message for p in unexplained.problems()] == known != []
    assert not ChangeCapture.objects.filter(table="reviews_review").exists()
    assert ReviewAssignment.objects.exists()
    assert Publication.objects.exists()
    with pytest.raises(DatabaseError, match="recorded rows never change"):
        sql("DELETE FROM editorial_changecapture")
