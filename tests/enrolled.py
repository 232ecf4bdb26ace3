"""People with a second factor, enrolled over HTTP as they would."""

import json
import re
from typing import Any
from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from editorial import factors
from editorial.models import User
from editorial.passkeys import Adapter
from reviews.demo.cast import PASSWORD
from tests.authenticator import Passkey
from tests.desk import Person

ADD_PASSKEY, ADD_APP = "/accounts/factors/passkey/", "/accounts/factors/app/"


def add_passkey(person: Person, passkey: Passkey | None = None, **proof: Any) -> Passkey:
    """Enrol a passkey through the two pages; the answer is kept on the person as ``answer``."""
    passkey = passkey or Passkey()
    first = {**person.fields(ADD_PASSKEY, having="request_id"), "name": "My phone", "password": PASSWORD, **proof}
    second = person.client.post(ADD_PASSKEY, first)
    person.answer = second  # type: ignore[attr-defined]
    found = re.search(r'<script id="options" type="application/json">(.*?)</script>', second.text)
    if found:
        made = json.dumps(passkey.make(json.loads(found[1])))
        hidden = hidden_of(second.text)
        person.answer = person.client.post(ADD_PASSKEY, {**hidden, "passkey": made})  # type: ignore[attr-defined]
    return passkey


def add_app(person: Person, **proof: Any) -> str:
    """Set up one-time codes; gives the secret."""
    first = {**person.fields(ADD_APP, having="request_id"), "password": PASSWORD, **proof}
    second = person.client.post(ADD_APP, first)
    secret = re.search(r'factor__secret">([A-Z2-7 ]+)<', second.text)[1].replace(" ", "")  # type: ignore[index]
    code = code_of(secret)
    person.answer = person.client.post(ADD_APP, {**hidden_of(second.text), "code": code})  # type: ignore[attr-defined]
    return secret


def hidden_of(page: str) -> dict[str, str]:
    tags = re.findall(r'<input type="hidden" name="(token|request_id)" value="([^"]+)"', page)
    return dict(tags)


def code_of(secret: str, steps: int = 0) -> str:
    """What the app shows, or will show after ``steps`` half minutes."""
    return factors.code_at(secret, int(timezone.now().timestamp()) // factors.PERIOD + steps)


def challenge(client: Client, form: str) -> dict[str, Any]:
    answer = client.post("/accounts/proof/", {"request_id": form})
    assert answer.status_code == 200, answer.text
    return answer.json()


def assertion(person: Person, passkey: Passkey, form: str) -> str:
    """What the script puts into the form whose number is ``form``."""
    return json.dumps(passkey.sign(challenge(person.client, form)))


def give_app(user: User) -> str:
    """One-time codes without the pages, for tests of what comes after."""
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    Authenticator.objects.create(user=user, type=factors.Type.TOTP, data={"secret": Adapter().encrypt(secret)})
    return secret


def number() -> str:
    return str(uuid4())
