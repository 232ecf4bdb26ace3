import pytest
from django.test import Client

from tests.authorization import house as houses
from tests.authorization.house import PEOPLE, House


@pytest.fixture
def house(story) -> House:
    return houses.build(story)


@pytest.fixture
def clients(house) -> dict[str, Client]:
    """A browser of each person's, signed in."""
    return {person: houses.client_of(person) for person in PEOPLE}
