"""Two people stand behind every licence: one who put its holder on the list, another who checked it."""

from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from editorial.models import BoardInvitation, BoardMember, Specialty, User
from reviews.demo.cast import PASSWORD
from tests.desk import Person
from tests.editorial.test_board_import import HEADER, line

ADD = "/admin/editorial/boardmember/add/"
ENTERED = "You put this member on the list, so somebody else has to check the licence."
INVITED = "You invited this member, so somebody else has to check the licence."
CHECKED = {"credentials-0-verified_on": "2026-03-01"}


def url(member: BoardMember) -> str:
    return f"/admin/editorial/boardmember/{member.pk}/change/"


def check(who: str, member: BoardMember, **values):
    """Enter the day of verification in the form of the membership."""
    return Person(who).fill(url(member), having="credentials-0-letters", **{**CHECKED, "password": PASSWORD, **values})


def verifier(member: BoardMember) -> str | None:
    by = member.credentials.get().verified_by
    return by.username if by else None


def by_hand(who: str, **given):
    """A new membership with a licence, in the one form that takes both."""
    licence = {
        "specialty": Specialty.objects.get(slug="cardiology").pk,
        "letters": "MD",
        "licence_number": "S-1",
        "issuer": "National Medical Register",
        "expires_on": "2031-05-01",
        **given,
    }
    return Person(who).fill(
        ADD,
        having="slug",
        password=PASSWORD,
        user=User.objects.get(username="stranger").pk,
        slug="sam-stranger",
        affiliation="Hospital de Santa Maria",
        joined_on="2026-03-01",
        **{"credentials-TOTAL_FORMS": "1", **{f"credentials-0-{name}": value for name, value in licence.items()}},
    )


def imported(people, *, who: str = "") -> BoardMember:
    if who:
        file = SimpleUploadedFile("board.csv", f"{HEADER}\n{line()}".encode())
        assert Person(who).client.post("/admin/board/import/", {"file": file}).status_code == 200
    return BoardMember.objects.get(user__email="vera@example.org")


def test_nobody_enters_a_member_with_a_licence_that_they_checked_themselves(people):
    refused = by_hand("tom", verified_on="2026-03-01")
    assert refused.status_code == 200
    assert ENTERED in refused.text
    assert "Hospital de Santa Maria" in refused.text
    assert 'value="S-1"' in refused.text
    assert not BoardMember.objects.filter(slug="sam-stranger").exists()


def test_whoever_entered_a_member_by_hand_leaves_the_licence_to_another(people):
    assert by_hand("tom").status_code == 302
    member = BoardMember.objects.get(slug="sam-stranger")
    refused = check("tom", member)
    assert ENTERED in refused.text
    assert verifier(member) is None
    assert check("lena", member).status_code == 302
    assert verifier(member) == "lena"


def test_whoever_imported_a_member_leaves_the_licence_to_another(people):
    member = imported(people, who="tom")
    assert not BoardInvitation.objects.exists()
    assert ENTERED in check("tom", member).text
    assert verifier(member) is None
    assert check("lena", member).status_code == 302


def test_a_licence_that_an_operator_imported_is_checked_by_any_editor(people, tmp_path):
    file = tmp_path / "board.csv"
    file.write_text(f"{HEADER}\n{line()}", encoding="utf-8")
    call_command("import_board", str(file), stdout=StringIO())
    member = imported(people)
    assert check("tom", member).status_code == 302
    assert verifier(member) == "tom"


def test_a_second_licence_of_a_member_whom_they_entered_is_no_way_round(people):
    by_hand("tom")
    member = BoardMember.objects.get(slug="sam-stranger")
    assert check("lena", member).status_code == 302
    changed = {"credentials-0-licence_number": "S-2", "credentials-0-verified_on": "2026-03-02"}
    assert ENTERED in check("tom", member, **changed).text
    assert member.credentials.get().licence_number == "S-1"


def invite(who: str, member: BoardMember):
    return Person(who).fill(f"/admin/board/{member.pk}/send_invitation/")


def test_whoever_sent_the_invitation_leaves_the_licence_to_another(people):
    """Entered by Lena, invited by Tom: neither of them checks the licence."""
    member = imported(people, who="lena")
    assert invite("tom", member).status_code == 302
    assert INVITED in check("tom", member).text
    assert ENTERED in check("lena", member).text
    assert verifier(member) is None
    assert check("ingrid", member).status_code == 302
    assert verifier(member) == "ingrid"


def test_whoever_checked_a_licence_sends_its_holder_no_invitation(people):
    member = imported(people, who="lena")
    check("tom", member)
    refused = Person("tom").client.post(
        f"/admin/board/{member.pk}/send_invitation/", {"stamp": member.stamp, "request_id": "0" * 32}
    )
    assert refused.status_code == 403
    assert "another editor has to send the invitation" in refused.text
    assert not BoardInvitation.objects.exists()
    assert invite("lena", member).status_code == 302


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("specialty", ""),
        ("letters", "MD, PhD"),
        ("licence_number", "X-9"),
        ("issuer", "Elsewhere"),
        ("expires_on", "2040-01-01"),
    ],
)
def test_a_changed_licence_has_to_be_checked_again(field, value, people):
    member = people["claire"].board_member
    value = value or Specialty.objects.get(slug="rheumatology").pk
    saved = Person("tom").fill(
        url(member), having="credentials-0-letters", password=PASSWORD, **{f"credentials-0-{field}": value}
    )
    assert saved.status_code == 302
    credential = member.credentials.get()
    assert (credential.verified_on, credential.verified_by) == (None, None)
    assert not member.valid_credentials(people["claire"].date_joined.date()).exists()


def test_a_form_sent_back_as_it_was_leaves_the_verification_standing(people):
    member = people["claire"].board_member
    assert (
        Person("tom")
        .fill(url(member), having="credentials-0-letters", password=PASSWORD, affiliation="Porto")
        .status_code
        == 302
    )
    assert verifier(member) == "ingrid"


TYPED = "You entered this licence, so somebody else has to check it."


def test_nobody_makes_another_physician_of_a_member_alone(people):
    """A friendly surgeon would be a cardiologist by one editor's hand."""
    otto = people["otto"].board_member
    heart = {"credentials-0-specialty": Specialty.objects.get(slug="cardiology").pk}
    assert TYPED in check("tom", otto, **heart).text
    assert otto.credentials.get().specialty.slug == "orthopaedics"
    saved = Person("tom").fill(url(otto), having="credentials-0-letters", password=PASSWORD, **heart)
    assert saved.status_code == 302
    assert TYPED in check("tom", otto).text
    assert verifier(otto) is None
    assert check("lena", otto).status_code == 302
    assert verifier(otto) == "lena"


@pytest.mark.parametrize("password", ["", "a guess"])
def test_an_open_session_checks_no_licence(password, people):
    """Whoever typed a licence of their own would be a physician by an editor's unlocked browser."""
    member = imported(people, who="lena")
    refused = check("tom", member, password=password)
    assert refused.status_code == 200
    assert 'name="password"' in refused.text
    assert refused.text.count('name="password"') == refused.text.count('name="request_id"') == 1
    assert verifier(member) is None


def test_a_second_licence_takes_two_as_well(people):
    claire = people["claire"].board_member
    second = {
        "credentials-TOTAL_FORMS": "2",
        "credentials-1-specialty": Specialty.objects.get(slug="pharmacology").pk,
        "credentials-1-letters": "PharmD",
        "credentials-1-licence_number": "P-1",
        "credentials-1-issuer": "National Medical Register",
        "credentials-1-expires_on": "2031-05-01",
    }
    fill = Person("tom").fill
    refused = fill(
        url(claire),
        having="credentials-0-letters",
        password=PASSWORD,
        **second,
        **{"credentials-1-verified_on": "2026-03-01"},
    )
    assert TYPED in refused.text
    assert fill(url(claire), having="credentials-0-letters", password=PASSWORD, **second).status_code == 302
    fresh = claire.credentials.get(licence_number="P-1")
    at = list(claire.credentials.order_by("expires_on")).index(fresh)
    day = {f"credentials-{at}-verified_on": "2026-03-01"}
    assert TYPED in fill(url(claire), having="credentials-0-letters", password=PASSWORD, **day).text
    assert Person("lena").fill(url(claire), having="credentials-0-letters", password=PASSWORD, **day).status_code == 302
    fresh.refresh_from_db()
    assert fresh.verified_by == people["lena"]
