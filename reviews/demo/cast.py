"""The people of the demo and of the tests, so that both read like a story."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.models import Group

from editorial.models import BoardMember, Credential, Interest, Specialty, User
from editorial.roles import Role

PASSWORD = "correct horse battery"

SPECIALTIES = {
    "orthopaedics": "Orthopaedics",
    "cardiology": "Cardiology",
    "rheumatology": "Rheumatology",
    "pharmacology": "Pharmacology",
}


@dataclass(frozen=True)
class Person:
    username: str
    first: str
    last: str
    role: Role | None
    specialty: str = ""
    letters: str = "MD"
    affiliation: str = ""
    zone: str = "Europe/London"


STAFF = (
    Person("nora", "Nora", "Feld", Role.AUTHOR),
    Person("tom", "Tom", "Okafor", Role.EDITOR),
    Person("lena", "Lena", "Brandt", Role.EDITOR, zone="Europe/Berlin"),
    Person("ingrid", "Ingrid", "Solberg", Role.CHIEF, zone="Europe/Oslo"),
    Person("stranger", "Sam", "Stranger", None),
)
BOARD = (
    Person("ana", "Ana", "Ruiz", Role.BOARD, "orthopaedics", "MD, PhD", "Hospital del Mar", "Europe/Madrid"),
    Person("kenji", "Kenji", "Mori", Role.BOARD, "orthopaedics", "MD", "Sakura Hospital", "Asia/Tokyo"),
    Person(
        "samuel", "Samuel", "Adeyemi", Role.BOARD, "orthopaedics", "MBBS, FRCS", "Lagos Bone Clinic", "Africa/Lagos"
    ),
    Person("claire", "Claire", "Dubois", Role.BOARD, "cardiology", "MD", "Hôpital Saint-Roch", "Europe/Paris"),
    Person("ravi", "Ravi", "Menon", Role.BOARD, "cardiology", "MD, DM", "Malabar Heart Institute", "Asia/Kolkata"),
    Person("eva", "Eva", "Novak", Role.BOARD, "rheumatology", "MD, PhD", "Vltava University Hospital", "Europe/Prague"),
    Person("liam", "Liam", "Byrne", Role.BOARD, "rheumatology", "MB, FRCPI", "Liffey General", "Europe/Dublin"),
    Person("sofia", "Sofia", "Rossi", Role.BOARD, "pharmacology", "PharmD, PhD", "Po Valley University", "Europe/Rome"),
    Person("otto", "Otto", "Lang", Role.BOARD, "orthopaedics", "MD", "Klinik am Ring", "Europe/Vienna"),
    Person("mina", "Mina", "Haddad", Role.BOARD, "rheumatology", "MD", "Cedar Clinic", "America/New_York"),
)
CONFLICTED, EXPIRED = "otto", "mina"
COMPANY = "Regenova"
"""Whose speaker's fees the conflicted member takes."""


def make_cast(*, today: date, password: str = PASSWORD) -> dict[str, User]:
    """Everyone, by username. Running it again changes nobody's password and adds nobody twice."""
    for role in Role:
        Group.objects.get_or_create(name=role.value)
    User.system()
    people = {person.username: _user(person, password) for person in (*STAFF, *BOARD)}
    specialties = {
        slug: Specialty.objects.get_or_create(slug=slug, defaults={"name": name})[0]
        for slug, name in SPECIALTIES.items()
    }
    for person in BOARD:
        _member(person, people, specialties[person.specialty], today)
    return people


def _user(person: Person, password: str) -> User:
    user, created = User.objects.get_or_create(
        username=person.username,
        defaults={
            "first_name": person.first,
            "last_name": person.last,
            "email": f"{person.username}@example.org",
            "time_zone": person.zone,
        },
    )
    if created:
        user.set_password(password)
        user.save()
        if person.role:
            user.groups.add(Group.objects.get(name=person.role))
    return user


def _member(person: Person, people: dict[str, User], specialty: Specialty, today: date) -> None:
    member, created = BoardMember.objects.get_or_create(
        user=people[person.username],
        defaults={
            "slug": f"{person.first}-{person.last}".lower(),
            "affiliation": person.affiliation,
            "joined_on": today - timedelta(days=900),
        },
    )
    if not created:
        return
    expired = person.username == EXPIRED
    Credential.objects.create(
        member=member,
        specialty=specialty,
        letters=person.letters,
        licence_number=f"{person.last[:3].upper()}-{member.pk:04}",
        issuer="National Medical Register",
        verified_by=people["ingrid"],
        verified_on=today - timedelta(days=800),
        expires_on=today - timedelta(days=20) if expired else today + timedelta(days=3650),
    )
    if person.username == CONFLICTED:
        Interest.objects.create(
            member=member, company=COMPANY, nature="Speaker's fees", since=today - timedelta(days=400)
        )
