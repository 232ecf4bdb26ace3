"""What every act is: it takes the world, somebody, and ``draw`` for what is left to chance."""

from collections.abc import Callable
from typing import Any

from editorial.models import User
from tests.stateful.world import World

Draw = Callable[[Any], Any]
Act = Callable[[World, User, Draw], object]
REASON = "For the walk."
BOARD = ("ana", "kenji", "claire", "ravi", "eva", "liam", "sofia", "otto", "mina")
PANEL = ("claire", "ravi", "sofia")
