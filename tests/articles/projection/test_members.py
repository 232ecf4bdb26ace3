"""The reader's board follows the board's own rows, whoever changes them, and verification finds what doesn't."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection

from articles import projection
from articles.models import Publication, PublicMember, PublicPage
from articles.projection import members
from editorial import membership
from editorial.models import BoardMember, Credential, Interest, Specialty, User
from editorial.roles import Role
from reviews import workflow
from reviews.models import Signature
from tests.faults.racing import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def claire(people) -> BoardMember:
    return BoardMember.objects.select_related("user").get(user=people["claire"])


def row(member: BoardMember) -> PublicMember:
    return PublicMember.objects.get(uuid=member.user.uuid)


def test_everybody_who_holds_the_role_has_a_row_and_nobody_else(people):
    held = set(User.objects.filter(groups__name=Role.BOARD).values_list("uuid", flat=True))
    assert set(PublicMember.objects.values_list("uuid", flat=True)) == held
    assert list(members.differences()) == []


def test_what_members_say_of_themselves_is_shown_and_never_as_markup(claire):
    claire.biography, claire.affiliation = "Trained in Lyon.\n\n<script>alert(1)</script>", "Clinique du Parc"
    claire.save()
    assert row(claire).affiliation == "Clinique du Parc"
    assert row(claire).main_html == ("<p>Trained in Lyon.</p>\n\n<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>")


def test_only_a_verified_credential_is_shown(claire, people, now):
    fresh = Credential(
        member=claire,
        specialty=Specialty.objects.get(slug="pharmacology"),
        letters="PharmD",
        licence_number="1",
        issuer="R",
        expires_on=now.date(),
    )
    fresh.save()
    assert [each["letters"] for each in row(claire).credentials] == ["MD"]
    fresh.verified_by, fresh.verified_on = people["ingrid"], now.date()
    fresh.save()
    assert [each["letters"] for each in row(claire).credentials] == ["MD", "PharmD"]
    fresh.delete()
    assert [each["letters"] for each in row(claire).credentials] == ["MD"]


def test_an_interest_in_a_person_stays_with_the_editors(claire, people, now):
    since = now.date() - timedelta(days=9)
    Interest.objects.create(member=claire, company="Cardex", product="Lowera", nature="Speaker's fees", since=since)
    Interest.objects.create(member=claire, person=people["nora"], nature="Co-author", since=since)
    assert [each["text"] for each in row(claire).interests] == ["Lowera, Cardex: Speaker's fees"]


def test_a_new_name_a_closed_account_and_a_lost_role_are_seen_at_once(claire):
    user = claire.user
    user.last_name = "Martin"
    user.save()
    assert (row(claire).name, row(claire).sort_key) == ("Claire Martin", "martin claire claire")
    user.groups.clear()
    assert not PublicMember.objects.filter(uuid=user.uuid).exists()
    Group.objects.get(name=Role.BOARD).user_set.add(user)
    assert row(claire).is_serving
    user.is_active = False
    user.save(update_fields=["is_active"])
    assert not PublicMember.objects.filter(uuid=user.uuid).exists()


def test_a_whole_role_that_is_emptied_leaves_nobody(people):
    Group.objects.get(name=Role.BOARD).user_set.clear()
    assert not PublicMember.objects.exists()


def test_a_specialty_gets_its_new_name_on_every_member(claire):
    specialty = Specialty.objects.get(slug="cardiology")
    specialty.name = "Heart medicine"
    specialty.save()
    assert row(claire).credentials[0]["specialty"] == "Heart medicine"
    assert list(members.differences()) == []


def test_whoever_left_keeps_a_row_if_they_ever_signed(story, claire, people):
    story.published()
    workflow.leave_board(claire, actor=people["claire"], reason="Enough.")
    workflow.leave_board(people["eva"].board_member, actor=people["eva"], reason="Enough.")
    assert (row(claire).is_serving, row(claire).serves_until) == (False, BoardMember.objects.get(pk=claire.pk).left_on)
    assert not PublicMember.objects.filter(uuid=people["eva"].uuid).exists()
    assert list(members.differences()) == []


def test_a_page_names_whose_signatures_stand_and_not_who_withdrew(story, claire, people):
    article = story.published()
    page = PublicPage.objects.get(publication__article=article)
    assert [member.name for member in page.reviewed_by.all()] == ["Claire Dubois", "Ravi Menon"]
    signature = Signature.objects.get(signer=people["claire"])
    workflow.void_signature(
        article,
        actor=people["claire"],
        now=story.tick(),
        signature=signature,
        reason="I was wrong.",
        proof=story.proof("claire"),
    )
    page.refresh_from_db()
    assert [member.name for member in page.reviewed_by.all()] == ["Ravi Menon"]
    assert "/board/claire-dubois/" not in page.main_html
    assert "/board/ravi-menon/" in page.main_html


def test_an_address_that_moved_is_followed_by_the_pages_that_link_to_it(
    story, claire, django_capture_on_commit_callbacks
):
    story.published()
    with django_capture_on_commit_callbacks(execute=True):
        claire.slug = "claire-martin"
        claire.save()
    html = PublicPage.objects.get().main_html
    assert "/board/claire-martin/" in html
    assert "/board/claire-dubois/" not in html
    assert projection.differences(Publication.objects.get()) == []


def test_a_name_of_any_length_fits(claire):
    claire.user.first_name, claire.user.last_name = "C" * 150, "D" * 150
    claire.user.save()
    assert len(row(claire).name) == 200
    assert list(members.differences()) == []


def test_signing_in_and_other_accounts_cost_nothing(people, django_assert_num_queries):
    nora = people["nora"]
    with django_assert_num_queries(1):
        nora.save(update_fields=["last_login"])


def test_verification_finds_a_tampered_missing_or_invented_row(claire, people):
    PublicMember.objects.filter(uuid=claire.user.uuid).update(affiliation="Elsewhere")
    PublicMember.objects.filter(uuid=people["ravi"].uuid).delete()
    made = row(claire)
    made.pk, made.uuid, made.slug = None, people["nora"].uuid, "nora-feld"
    made.save()
    assert sorted(members.differences()) == [
        ("PublicMember claire-dubois", "isn't what the board says"),
        ("PublicMember nora-feld", "is shown, and stands for nobody"),
        ("PublicMember ravi-menon", "is missing; run `manage.py rebuild_public`"),
    ]
    members.project_all()
    assert list(members.differences()) == []


def test_verification_finds_a_page_that_names_somebody_else(story, people):
    story.published()
    page, publication = PublicPage.objects.get(), Publication.objects.get()
    page.reviewed_by.add(row(people["eva"].board_member))
    assert projection.differences(publication) == ["reviewed_by"]
    page.reviewed_by.clear()
    assert projection.differences(publication) == ["reviewed_by"]
    projection.project(publication)
    assert projection.differences(publication) == []


def test_the_setup_fills_an_empty_board_and_leaves_a_full_one(people):
    held = PublicMember.objects.count()
    assert members.fill() == "filled already"
    PublicMember.objects.all().delete()
    assert members.fill() == f"{held} shown"


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one writer in at a time: nothing races")
def test_of_two_who_change_one_member_at_once_readers_get_what_both_did(claire, now):
    for number in range(5):
        turns = iter(["line", "interest"])

        def act(turn: str, number: int = number) -> None:
            if turn == "line":
                membership.describe(claire, actor=claire.user, affiliation=f"Clinic {number}", biography="")
            else:
                Interest.objects.create(member=claire, company=f"C{number}", nature="Shares", since=now.date())

        at_once(2, lambda turns=turns, act=act: act(next(turns)))
        assert (row(claire).affiliation, len(row(claire).interests)) == (f"Clinic {number}", number + 1)
    assert list(members.differences()) == []
