"""The people of a loaded installation: authors, editors, chief editors, and a board in pools.

All of one pool have the same specialty, time zone and letters, so that any of them may take the seat that a story
gave to the pool's own person.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from simple_history.utils import bulk_create_with_history

from articles.models import PublicMember
from articles.projection import members
from editorial.models import BoardMember, Credential, Specialty, User
from editorial.roles import Role
from reviews.demo.cast import PASSWORD, SPECIALTIES

ZONES = ("Europe/Paris", "Asia/Kolkata", "America/New_York", "Europe/Madrid", "Asia/Tokyo")
LETTERS = ("MD", "MD, PhD", "MBBS, FRCP", "MD, MPH", "MD, DM")
DESK = {"author": Role.AUTHOR, "editor": Role.EDITOR, "chief": Role.CHIEF}
BOARD = tuple((specialty, place) for specialty in SPECIALTIES for place in range(len(ZONES)))
MOST_MEMBERS = 2_000


@dataclass(frozen=True)
class Pool:
    """People who may stand in for one another; ``place`` is that of the zone on the board, and empty at the desk."""

    role: Role
    specialty: str = ""
    place: int = 0

    @property
    def zone(self) -> str:
        return ZONES[self.place] if self.specialty else "Europe/London"


POOLS = (*(Pool(role) for role in DESK.values()), *(Pool(Role.BOARD, *each) for each in BOARD))


@dataclass(frozen=True)
class Person:
    """What of a person stands in rows that copies are made of."""

    user: int
    uuid: str
    given: str
    family: str
    member: int = 0
    shown: int = 0
    """The row in the reader's table of members."""


def sizes(articles: int) -> dict[Pool, int]:
    """How many people each pool holds in an installation of so many articles."""
    desk = {
        Role.AUTHOR: max(6, min(1_000, articles // 100)),
        Role.EDITOR: max(3, min(40, articles // 1_000)),
        Role.CHIEF: 2,
    }
    board = max(len(BOARD), min(MOST_MEMBERS, articles // 50)) // len(BOARD)
    return {pool: board if pool.specialty else desk[pool.role] for pool in POOLS}


def make(pools: Iterable[Pool], names: Iterator[tuple[str, str]], *, today: date) -> list[Person]:
    """One person for each of ``pools`` in turn, with their rows everywhere. Inside an operator's transaction."""
    pools = list(pools)
    password = make_password(None if settings.PRODUCTION else PASSWORD)  # why: everybody knows the demo's
    accounts = [_account(pool, *next(names), password, today) for pool in pools]
    User.objects.bulk_create(accounts, batch_size=500)
    groups = {group.name: group.pk for group in Group.objects.all()}
    through = User.groups.through
    through.objects.bulk_create(
        [through(user_id=user.pk, group_id=groups[pool.role]) for user, pool in zip(accounts, pools, strict=True)]
    )
    board = [(user, pool) for user, pool in zip(accounts, pools, strict=True) if pool.specialty]
    seated = _board(board, today)
    members.project(list(seated.values()))
    shown = dict(PublicMember.objects.values_list("uuid", "pk"))
    return [
        Person(u.pk, str(u.uuid), u.first_name, u.last_name, seated.get(u.pk, 0), shown.get(u.uuid, 0))
        for u in accounts
    ]


def _account(pool: Pool, given: str, family: str, password: str, today: date) -> User:
    username = f"{given}.{family}".lower()
    return User(
        username=username,
        first_name=given,
        last_name=family,
        email=f"{username}@example.org",
        password=password,
        time_zone=pool.zone,
    )


def _board(board: Sequence[tuple[User, Pool]], today: date) -> dict[int, int]:
    """Memberships and licences of these accounts; for each account its membership."""
    specialties = {specialty.slug: specialty for specialty in Specialty.objects.all()}
    by = User.system()
    rows = [
        BoardMember(
            user=user,
            slug=f"{user.first_name}-{user.last_name}".lower(),
            affiliation=f"{user.last_name} University Hospital",
            joined_on=today - timedelta(days=2_000),
        )
        for user, _pool in board
    ]
    bulk_create_with_history(rows, BoardMember, batch_size=500, default_user=by)
    seated = dict(BoardMember.objects.filter(user__in=[user for user, _ in board]).values_list("user_id", "pk"))
    licences = [
        Credential(
            member_id=seated[user.pk],
            specialty=specialties[pool.specialty],
            letters=LETTERS[pool.place],
            licence_number=f"{user.last_name}-{seated[user.pk]}",
            issuer="National Medical Register",
            verified_by=by,
            verified_on=today - timedelta(days=1_990),
            expires_on=today + timedelta(days=1_500),
        )
        for user, pool in board
    ]
    bulk_create_with_history(licences, Credential, batch_size=500, default_user=by)
    return seated
