"""Makes a signature: name, credentials, meaning, time and digest as they stand at this instant."""

from datetime import datetime

from django.utils.translation import gettext as _

from editorial import audit, reauth
from editorial.conditions import Refused
from editorial.models import Credential, PersonalText, User
from editorial.roles import roles_of
from reviews.models import Review, ReviewRound, Signature


def sign(
    user: User,
    *,
    round: ReviewRound | None,
    review: Review | None,
    meaning: str,
    proof: reauth.Proof,
    now: datetime,
    act: str = "review",
    digest: str = "",
) -> Signature:
    """Write the signature. The caller has checked standing and proof, under the article's lock."""
    member = review.member if review else getattr(user, "board_member", None)
    credentials = list(member.valid_credentials(now.date())) if member else []
    letters = dict.fromkeys(part.strip() for c in credentials for part in c.letters.split(",") if part.strip())
    shown = {"shown_name": user.shown_name, "shown_credentials": ", ".join(letters)}
    _refuse_long(shown)
    return Signature.objects.create(
        **shown,
        review=review,
        round=round,
        signer=user,
        meaning=meaning,
        shown_specialties=list(dict.fromkeys(c.specialty.name for c in credentials)),
        affiliation=member.affiliation if member else "",
        disclosure=review.assignment.declaration.disclosure if review else "",
        standing={"act": act, "roles": sorted(roles_of(user)), "credentials": [_kept(c) for c in credentials]},
        digest=digest or round.digest,
        proof=proof.method,
        signed_at=now,
    )


def _kept(credential: Credential) -> dict[str, str]:
    """A licence as it stood, for `verify` to judge the signature by."""
    return {
        "specialty": credential.specialty.slug,
        "letters": credential.letters,
        "licence": credential.licence_number,
        "issuer": credential.issuer,
        "expires_on": credential.expires_on.isoformat(),
        "verified_on": credential.verified_on.isoformat(),
    }


def _refuse_long(shown: dict[str, str]) -> None:
    """A signature shows what it is signed with whole, or isn't made: nothing is cut off a name."""
    for name, value in shown.items():
        most = Signature._meta.get_field(name).max_length
        if len(value) > most:
            said = _("Your name or letters have %(count)s characters; a signature shows %(most)s at most. %(ask)s")
            ask = _("Ask an editor to shorten them.")
            raise Refused(said % {"count": len(value), "most": most, "ask": ask})


def committed(text: PersonalText | None) -> str:
    """What the chain keeps of a personal text."""
    return audit.commitment(text) if text else ""
