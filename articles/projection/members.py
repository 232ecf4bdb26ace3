"""Board members in the reader's own table, and which pages stand on whose signature.

Nothing here depends on the day: rows carry the days between which something holds, and the page judges them.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.template.loader import render_to_string

from articles import signers
from articles.models import Publication, PublicMember, PublicPage
from articles.projection import links
from editorial.models import BoardMember, Interest, User
from editorial.once import once
from editorial.roles import Role

_signed: list[Callable[[Collection[int]], set[int]]] = []


def add_signed(finder: Callable[[Collection[int]], set[int]]) -> None:
    """Have the board's pages ask ``finder`` which of these accounts ever signed a review."""
    if finder not in _signed:
        _signed.append(finder)


def project(members: Collection[int]) -> set[int]:
    """Make the rows of these members afresh. Returns the publications whose pages link to where nobody is any more.

    Who was asked to join and hasn't yet has no row, nor has an erased person, nor who left without ever signing.
    The rows are locked before the board is read: of two who change one member at once, the later sees what both did.
    """
    stale: set[int] = set()
    with transaction.atomic(savepoint=False):
        own = BoardMember.objects.filter(pk__in=members).values("user__uuid")
        held = PublicMember.objects.select_for_update(no_key=True).filter(uuid__in=own).order_by("pk")
        known = {row.uuid: row for row in held}
        rows = _rows(members)
        signed = _signers(rows)
        for member in rows:
            stale |= _projected_one(member, known.get(member.user.uuid), has_page=_has_page(member, signed))
    return stale


def _projected_one(member: BoardMember, known: PublicMember | None, *, has_page: bool) -> set[int]:
    stale: set[int] = set()
    if known is not None and (not has_page or known.slug != member.slug):
        stale = set(PublicPage.objects.filter(reviewed_by=known).values_list("publication", flat=True))
    if known is None and has_page:
        PublicMember.objects.update_or_create(uuid=member.user.uuid, defaults=projected(member))
    elif known is not None and not has_page:
        known.delete()
    elif known is not None and _differs(known, member):
        for name, value in projected(member).items():
            setattr(known, name, value)
        known.save()
    return stale


def forget(member: BoardMember) -> None:
    """Nobody of the board: its row was deleted, which only one without seats and signatures can be."""
    PublicMember.objects.filter(uuid=member.user.uuid).delete()


def concerned(members: Collection[int]) -> list[int]:
    """Those of these members who have a row or may get one: a file of people who are yet to join costs little."""
    shown = PublicMember.objects.filter(uuid=OuterRef("user__uuid"))
    rows = BoardMember.objects.filter(pk__in=members).filter(Q(user__groups__name=Role.BOARD) | Q(Exists(shown)))
    return list(rows.values_list("pk", flat=True).distinct())


def project_all() -> str:
    """Every member's row. Rows of nobody go."""
    project(list(BoardMember.objects.values_list("pk", flat=True)))
    PublicMember.objects.exclude(uuid__in=BoardMember.objects.values("user__uuid")).delete()
    return f"{PublicMember.objects.count()} shown"


def fill() -> str:
    """Every member's row where there is none yet: afterwards rows follow the board by themselves."""
    return "filled already" if PublicMember.objects.exists() else project_all()


def projected(member: BoardMember) -> dict[str, Any]:
    """The values that ``PublicMember`` must hold for this member."""
    user = member.user
    return {
        "slug": member.slug,
        "name": user.shown_name[:200],
        "affiliation": member.affiliation,
        "is_serving": _holds_role(member),
        "serves_from": member.joined_on,
        "serves_until": member.left_on,
        "was_struck_off": member.struck_off_at is not None,
        "credentials": [
            {
                "letters": credential.letters,
                "specialty": credential.specialty.name,
                "since": credential.verified_on.isoformat(),
                "until": credential.expires_on.isoformat(),
            }
            for credential in sorted(member.credentials.all(), key=lambda each: each.pk)
            if credential.verified_on is not None and credential.verified_by_id is not None
        ],
        "interests": [
            {
                "text": _said(interest),
                "since": interest.since.isoformat(),
                "until": interest.until.isoformat() if interest.until else "",
            }
            for interest in sorted(member.interests.all(), key=lambda each: (each.since, each.pk), reverse=True)
            if interest.company or interest.product
        ],
        "sort_key": f"{user.last_name} {user.first_name} {user.username}".strip().casefold()[:400],
        "main_html": render_to_string("articles/reader/biography.html", {"text": member.biography}).strip(),
    }


def link(row: PublicPage, publication: Publication, *, is_new: bool = False) -> None:
    """Let the page name the members whose signatures stand under it, and no others. ``is_new``: it names nobody yet."""
    wanted, known = _standing_on(row, publication), {} if is_new else _linked(row)
    if set(known) != wanted:
        rows = PublicMember.objects.filter(uuid__in=wanted).values_list("uuid", "pk")
        links.tie(row, "reviewed_by", known=known, wanted=dict(rows))


def unlinked(row: PublicPage, publication: Publication) -> list[str]:
    """Whether the page names somebody else than those whose signatures stand under it."""
    return ["reviewed_by"] if named_on(row) != _standing_on(row, publication) else []


def differences() -> Iterator[tuple[str, str]]:
    """Rows of the reader's board that say something else than the board does, with what is wrong."""
    members = _rows(None)
    signed = _signers(members)
    known = {member.user.uuid: member for member in members if _has_page(member, signed)}
    rows = {row.uuid: row for row in PublicMember.objects.all()}
    for uuid in known.keys() - rows.keys():
        yield f"PublicMember {known[uuid].slug}", "is missing; run `manage.py rebuild_public`"
    for uuid, row in rows.items():
        if uuid not in known:
            yield f"PublicMember {row.slug}", "is shown, and stands for nobody"
        elif _differs(row, known[uuid]):
            yield f"PublicMember {row.slug}", "isn't what the board says"


def _rows(members: Collection[int] | None) -> list[BoardMember]:
    rows = BoardMember.objects.select_related("user").order_by("pk")
    rows = rows if members is None else rows.filter(pk__in=members)
    return list(rows.prefetch_related("user__groups", "credentials__specialty", "interests"))


def _signers(members: Collection[BoardMember]) -> set[int]:
    asked = [member.user_id for member in members if not _holds_role(member)]
    return {pk for finder in _signed for pk in finder(asked)} if asked else set()


def _holds_role(member: BoardMember) -> bool:
    user = member.user
    usable = user.is_active and user.kind == User.Kind.PERSON and user.erased_at is None
    named = any(group.name == Role.BOARD for group in user.groups.all())
    return bool(usable and named and member.struck_off_at is None)


def _has_page(member: BoardMember, signed: set[int]) -> bool:
    return member.user.erased_at is None and (_holds_role(member) or member.user_id in signed)


def _differs(row: PublicMember, member: BoardMember) -> bool:
    return any(getattr(row, name) != value for name, value in projected(member).items())


def _said(interest: Interest) -> str:
    """What readers are shown of it. An interest in a person is for the editors alone: it would name somebody else."""
    about = ", ".join(part for part in (interest.product, interest.company) if part)
    return f"{about}: {interest.nature}"


def _standing_on(row: PublicPage, publication: Publication) -> set[Any]:
    """By uuid. Nobody while the text is withheld."""
    if not row.title:
        return set()
    return {signer.uuid for signer in signers.of(publication).values()}


def _linked(row: PublicPage) -> dict[Any, int]:
    return dict(row.reviewed_by.values_list("uuid", "pk"))


@once
def named_on(row: PublicPage) -> frozenset[Any]:
    """Whom the page names, by uuid, for whoever changes nothing."""
    return named_on_each([row])[row.pk]


def named_on_each(rows: Sequence[PublicPage]) -> dict[int, frozenset[Any]]:
    """By the page's number, in one query."""
    found: dict[int, set[Any]] = {row.pk: set() for row in rows}
    ties = PublicPage.reviewed_by.through.objects.filter(publicpage__in=list(found))
    for page, uuid in ties.values_list("publicpage_id", "publicmember__uuid"):
        found[page].add(uuid)
    return {page: frozenset(uuids) for page, uuids in found.items()}
