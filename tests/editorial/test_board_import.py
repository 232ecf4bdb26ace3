"""A file of members is taken in whole or not at all, and every problem is named with its line."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from editorial import board_import, clock
from editorial.conditions import Refused
from editorial.models import AuditEvent, BoardMember, Credential, OutboxMessage, User
from tests.desk import Person

PAGE = "/admin/board/import/"
HEADER = ",".join(board_import.COLUMNS)
UNTIL = (clock.now().date() + timedelta(days=700)).isoformat()


def line(first: str = "Vera", email: str = "vera@example.org", **own: str) -> str:
    cells = {
        "first_name": first,
        "last_name": "Sousa",
        "email": email,
        "specialty": "cardiology",
        "letters": "MD",
        "licence_number": "V-1",
        "issuer": "Ordem dos Médicos",
        "expires_on": UNTIL,
        "affiliation": '"Santa Maria, Lisboa"',
        "time_zone": "Europe/Lisbon",
        "load_limit": "2",
        **own,
    }
    return ",".join(cells.values())


def take(people, *lines: str, header: str = HEADER, **options):
    data = "\n".join((header, *lines)).encode()
    return board_import.take_in(data, actor=people["tom"], now=clock.now(), **options)


def problems(report) -> list[tuple[int, str]]:
    return [(problem.number, problem.text) for problem in report.problems]


def new() -> list[str]:
    return sorted(User.objects.exclude(email__in=["", *CAST]).values_list("email", flat=True))


CAST: list[str] = []


@pytest.fixture(autouse=True)
def cast(people):
    CAST[:] = User.objects.values_list("email", flat=True)
    return people


def test_everybody_in_the_file_is_put_on_the_list(people):
    report = take(people, line(), line("Wim", "wim@example.org", load_limit=""))
    assert problems(report) == []
    assert report.headline == "2 added, 0 were here already, 0 invited."
    member = BoardMember.objects.select_related("user").get(user__email="vera@example.org")
    assert (member.user.username, member.affiliation, member.load_limit) == ("vera.sousa", "Santa Maria, Lisboa", 2)
    assert not member.user.has_usable_password()
    assert not member.user.groups.exists()
    credential = Credential.objects.get(member=member)
    assert (credential.specialty.slug, credential.verified_on) == ("cardiology", None)
    assert not OutboxMessage.objects.exists()
    assert AuditEvent.objects.filter(kind="board.imported").count() == 1


def test_each_new_person_can_be_invited_at_once(people):
    report = take(people, line(), line("Claire", "claire@example.org"), invite=True)
    assert report.invited == 1
    assert [message.recipient.email for message in OutboxMessage.objects.all()] == ["vera@example.org"]


def test_a_dry_run_says_the_same_and_writes_nothing(people):
    before = AuditEvent.objects.count()
    report = take(people, line(), dry_run=True, invite=True)
    assert report.headline == "1 would be added, 0 are here already, 1 would be invited."
    assert [added.number for added in report.added] == [2]
    assert (new(), AuditEvent.objects.count()) == ([], before)


def test_known_addresses_are_reported_and_left_as_they_are(people):
    report = take(people, line("Klara", "CLAIRE@example.org"), line())
    assert [(known.number, known.text) for known in report.known] == [(2, "Klara Sousa, claire@example.org")]
    people["claire"].refresh_from_db()
    assert people["claire"].first_name == "Claire"
    assert new() == ["vera@example.org"]


def test_sending_the_same_file_again_adds_nobody(people):
    take(people, line())
    report = take(people, line())
    assert (len(report.added), len(report.known)) == (0, 1)


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""])
@pytest.mark.parametrize("separator", [";", "\t", ","])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r\n\r\n"])
def test_files_as_spreadsheets_save_them_are_understood(people, mark, separator, end):
    cells = line(affiliation="Santa Maria").split(",")
    data = mark + end.join(separator.join(row) for row in (board_import.COLUMNS, cells)).encode()
    report = board_import.take_in(data, actor=people["tom"], now=clock.now())
    assert problems(report) == []
    assert new() == ["vera@example.org"]


def test_columns_may_stand_in_any_order_and_the_optional_ones_be_missing(people):
    header = "email,last_name,first_name,specialty,letters,licence_number,issuer,expires_on"
    report = take(people, f"v@example.org,Sousa,Vera,Cardiology,MD,V-1,Ordem,{UNTIL}", header=header)
    assert problems(report) == []
    assert new() == ["v@example.org"]


@pytest.mark.parametrize(
    ("lines", "number", "said"),
    [
        ([line(email="vera")], 2, "email: Enter a valid email address."),
        ([line(), line("Wim", "w@example.org", specialty="astrology")], 3, "Cardiology, Orthopaedics"),
        ([line(expires_on="1/2/2030")], 2, "expires_on: Write the day as 2027-03-14."),
        ([line(expires_on="2020-01-01")], 2, "expired"),
        ([line(time_zone="Lisbon")], 2, "“Lisbon” isn't a time zone"),
        ([line(load_limit="-1")], 2, "load_limit"),
        ([line(load_limit="٣٣٣")], 2, "load_limit"),
        ([line(), line()], 3, "stands on line 2 already"),
        ([line(), line(email="VERA@example.org")], 3, "stands on line 2 already"),
        ([line("=1+1")], 2, "begins with “=”"),
        ([line("+1")], 2, "begins with “+”"),
        ([line("@SUM(A1)")], 2, "begins with “@”"),
        ([line("")], 2, "first_name: This field is required."),
        ([line("V" * 200)], 2, "at most 150"),
        ([line("A\x00")], 2, "NUL"),
        (["Vera,Sousa"], 2, "2 cells, the header has 11"),
        ([line(affiliation='"never closed')], 2, "can't be read"),
        ([line(affiliation='"two\nlines"'), line("W", "w")], 4, "valid email"),
    ],
)
def test_one_bad_line_is_named_and_nothing_is_taken_in(people, lines, number, said):
    report = take(people, *lines, line("Good", "good@example.org") if "closed" not in lines[0] else "", invite=True)
    assert any(found == number and said in text for found, text in problems(report)), problems(report)
    assert (new(), OutboxMessage.objects.count()) == ([], 0)
    assert report.headline.startswith("Nothing was taken in")


def test_every_problem_of_the_file_is_named_at_once(people):
    report = take(people, line(email="x", specialty="y"), line("W", "w@example.org", time_zone="z"))
    assert [number for number, _text in problems(report)] == [2, 2, 3]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b" \n \n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (HEADER.encode(), "names nobody"),
        (b"PK\x03\x04zip", "spreadsheet file"),
        ("Véra".encode("latin-1"), "isn't UTF-8"),
        (HEADER.encode("utf-16"), "isn't UTF-8"),
        (b"a,b\n1,2", "Missing columns: first_name"),
        (f"{HEADER},password\n".encode(), "Unknown columns: password"),
        (f"{HEADER},email\n".encode(), "there twice: email"),
        (b"x" * (board_import.MOST_BYTES + 1), "larger than 1 MiB"),
        pytest.param(
            b"\n".join([HEADER.encode(), *[b"," * 9 + b"x,"] * 2001]), "more than 2000", marks=pytest.mark.long
        ),
    ],
)
def test_what_is_no_such_file_is_refused_in_words(people, data, said):
    report = board_import.take_in(data, actor=people["tom"], now=clock.now())
    assert any(said in text for _number, text in problems(report)), problems(report)[:3]
    assert new() == []


def test_only_editors_import(people):
    with pytest.raises(Refused):
        board_import.take_in(b"", actor=people["claire"], now=clock.now())
    assert Person("claire").client.get(PAGE).status_code == 403
    assert Person("nora").client.post(PAGE, {}).status_code == 403


def test_the_page_looks_first_and_then_takes_the_file_in(people):
    tom = Person("tom")
    page = tom.client.get(PAGE)
    for column in board_import.COLUMNS:
        assert f"<code>{column}</code>" in page.text

    def send(**options):
        file = SimpleUploadedFile("board.csv", f"{HEADER}\n{line()}".encode())
        return tom.client.post(PAGE, {"file": file, **options})

    looked = send(dry_run="on")
    assert looked.status_code == 200
    assert "1 would be added" in looked.text
    assert new() == []
    assert "1 added" in send(invite="on").text
    assert new() == ["vera@example.org"]


def test_the_page_names_the_lines_that_are_wrong_without_running_what_stands_in_them(people):
    file = SimpleUploadedFile("board.csv", f"{HEADER}\n{line('<b>x</b>', 'nope')}".encode())
    page = Person("tom").client.post(PAGE, {"file": file})
    assert page.status_code == 422
    assert "Line 2:" in page.text
    assert "<b>x</b>" not in page.text


def test_the_page_asks_for_a_file(people):
    assert Person("tom").client.post(PAGE, {}).status_code == 422


def test_the_command_takes_a_file_in(people, tmp_path):
    (tmp_path / "board.csv").write_text(f"{HEADER}\n{line()}\n", encoding="utf-8-sig")
    out = StringIO()
    call_command("import_board", tmp_path / "board.csv", "--invite", stdout=out)
    assert "line 2: added: Vera Sousa, vera@example.org" in out.getvalue()
    assert "1 added, 0 were here already, 1 invited." in out.getvalue()


def test_the_command_fails_with_the_lines_that_are_wrong(people, tmp_path):
    (tmp_path / "board.csv").write_text(f"{HEADER}\n{line(email='x')}\n")
    out = StringIO()
    with pytest.raises(CommandError, match="Nothing was taken in"):
        call_command("import_board", tmp_path / "board.csv", stdout=out)
    assert "line 2: problem: email" in out.getvalue()
    with pytest.raises(CommandError, match="can't be read"):
        call_command("import_board", tmp_path / "missing.csv")


def test_judging_a_line_costs_no_query(people):
    counts = []
    for size in (1, 30):
        lines = [line(f"N{n}", f"n{n}@example.org") for n in range(size)]
        with CaptureQueriesContext(connection) as queries:
            assert len(take(people, *lines, dry_run=True).added) == size
        counts.append(len(queries))
    assert counts[0] == counts[1]
