"""Random walks by everybody through every verb: after each step all promises of the house still hold."""

from collections import Counter
from datetime import datetime
from typing import Any, ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from articles.models import Publication
from editorial.models import AuditEvent, User
from reviews.models import Signature
from tests.stateful import promises
from tests.stateful.acts import ACTS
from tests.stateful.circumstances import CIRCUMSTANCES
from tests.stateful.parts import CHIEF, OWNERS, POSSIBLE, SENSIBLE
from tests.stateful.trying import PANEL, Act
from tests.stateful.world import World
from tests.story import Story

SHARE, ALL, PARTS = 6, 2_000, 2
STEPS = 25
EVERYBODY = (
    *("nora", "tom", "lena", "ingrid", "stranger"),
    *("ana", "kenji", "samuel", "claire", "ravi", "eva", "liam", "sofia", "otto", "mina"),
)

BY_A_COMMA = (
    *(("revise", "nora"), ("touch a comma", "nora"), ("submit", "nora"), ("triage", "tom")),
    ("open without a panel", "lena"),
)
BACK_TO_AN_EARLIER_ONE = (("hold", "lena"), ("restore", "ingrid"))
ENDINGS = ("retire", "retract", "remove", "ask the board to confirm", "discard the revision")


class Walk(RuleBasedStateMachine):
    """A walk over the cast, rolled back at its end. ``seen`` counts what was reached."""

    people: ClassVar[dict[str, User]]
    now: ClassVar[datetime]
    seen: ClassVar[Counter[str]]

    @initialize(data=st.data(), head_start=st.sampled_from((0, 0, 2, 4)))
    def begin(self, data: Any, head_start: int) -> None:
        """Some walks begin on a fresh draft, some on work that has come far: else few get to a publication."""
        self.undone = transaction.atomic()
        self.undone.__enter__()
        for user in self.people.values():
            user.__dict__.pop("_roles", None)
        self.world = World(Story(self.people, self.now))
        for _ in range(head_start):
            self.bring_it_on(data.draw)

    @rule(data=st.data(), name=st.sampled_from(sorted(ACTS)), who=st.sampled_from(EVERYBODY))
    def somebody_tries_something(self, data: Any, name: str, who: str) -> None:
        self.act(name, who, ACTS[name], data.draw)

    @rule(data=st.data())
    def the_work_goes_on(self, data: Any) -> None:
        name, people_of_it, act = data.draw(st.sampled_from(SENSIBLE[self.world.article.state]))
        self.act(name, data.draw(st.sampled_from(people_of_it)), act, data.draw)

    @rule(data=st.data())
    def the_work_goes_on_well(self, data: Any) -> None:
        self.bring_it_on(data.draw)

    @rule(data=st.data())
    def those_do_their_part_whose_it_is(self, data: Any) -> None:
        """Among everybody who tries anything, they come up too seldom."""
        self.do_what_is_possible(data.draw)

    @rule(data=st.data())
    def a_panel_is_at_work(self, data: Any) -> None:
        """What happens during a round: the other rules bring it on so well that it is soon over."""
        for state in ("draft", "submitted"):
            if self.world.article.state == state:
                self.bring_it_on(data.draw)
        for who in PANEL:
            self.act("declare no conflict", who, ACTS["declare no conflict"], data.draw)
        for _ in range(3):
            if self.world.article.state == "under_review":
                self.do_what_is_possible(data.draw)

    @rule(data=st.data())
    def a_comma_alone_is_mended(self, data: Any) -> None:
        """The way to a typographic version, which any other edit on it bars."""
        for name, who in BY_A_COMMA:
            self.act(name, who, ACTS[name], data.draw)

    @rule(data=st.data())
    def an_earlier_version_takes_the_place_of_a_held_one(self, data: Any) -> None:
        for name, who in BACK_TO_AN_EARLIER_ONE:
            self.act(name, who, ACTS[name], data.draw)

    @rule(data=st.data(), ending=st.sampled_from(ENDINGS))
    def a_published_version_comes_to_its_end(self, data: Any, ending: str) -> None:
        """Or is looked at again. Walks that begin with a draft are seldom long enough for both."""
        for _ in range(3):
            if self.world.article.state != "approved":
                self.bring_it_on(data.draw)
        if ending == "discard the revision":
            self.act("revise", "nora", ACTS["revise"], data.draw)
        self.act(ending, "ingrid", ACTS[ending], data.draw)

    @rule(data=st.data(), name=st.sampled_from(sorted(CIRCUMSTANCES)), who=st.sampled_from(EVERYBODY))
    def something_happens(self, data: Any, name: str, who: str) -> None:
        self.act(name, who, CIRCUMSTANCES[name], data.draw)

    def do_what_is_possible(self, draw: Any) -> None:
        name = draw(st.sampled_from(POSSIBLE.get(self.world.article.state, ("reopen",))))
        self.act(name, draw(st.sampled_from(OWNERS.get(name, CHIEF))), ACTS[name], draw)

    def bring_it_on(self, draw: Any) -> None:
        """Everybody who can bring the article on from its state does so, in turn."""
        for name, people_of_it, act in SENSIBLE[self.world.article.state]:
            for who in people_of_it:
                self.act(name, who, act, draw)

    def act(self, name: str, who: str, act: Act, draw: Any) -> None:
        world = self.world
        last = Signature.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        versions = Publication.objects.filter(article=world.pk).count()
        wrote, state = set(world.edited), str(world.article.state)
        before = AuditEvent.objects.count()
        if not world.tries(f"{who}: {name}", lambda: act(world, world.user(who), draw)):
            grown = AuditEvent.objects.count() - before
            assert (grown, str(world.article.state)) == (0, state), f"refused and yet written: {world.log[-1]}"
            return
        self.seen[name] += 1
        self.unlooked = True
        wrong = [
            *promises.signers(world, last, wrote, world.now.date()),
            *promises.moved_wrongly(state, str(world.article.state)),
        ]
        for publication in Publication.objects.filter(article=world.pk).order_by("number")[versions:]:
            self.seen[f"published: {publication.change_class}"] += 1
            wrong += promises.quorum_of(world, publication)
            world.published_fully(publication)
        assert wrong == [], "\n".join([*wrong, "after:", *world.log[-12:]])

    @invariant()
    def the_record_grows_without_a_gap(self) -> None:
        last = AuditEvent.objects.order_by("-sequence").first()
        assert last is None or last.sequence == AuditEvent.objects.count()

    @invariant()
    def every_promise_holds(self) -> None:
        """Looked at after each step that did something."""
        if getattr(self, "unlooked", False):
            self.unlooked = False
            wrong = list(promises.broken(self.world))
            assert wrong == [], "\n".join([*wrong, "after:", *self.world.log[-12:]])

    def teardown(self) -> None:
        if hasattr(self, "undone"):
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)


def run(people: dict[str, User], now: datetime, *, examples: int, repeatable: bool = False) -> Counter[str]:
    seen: Counter[str] = Counter()
    machine = type("WalkOfThisCast", (Walk,), {"people": people, "now": now, "seen": seen})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=repeatable,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )
    return seen


def test_no_sequence_of_acts_breaks_a_promise(people, now):
    """The same walks each time, as a change is judged by them; the two thousand are others each time."""
    seen = run(people, now, examples=SHARE, repeatable=True)
    assert seen["submit"], seen
    assert sum(count for name, count in seen.items() if name.startswith("published")), seen


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_two_thousand_sequences_break_no_promise(part, people, now):
    """In parts, so that several processors share them."""
    seen = run(people, now, examples=ALL // PARTS)
    print(f"{ALL // PARTS} walks of up to {STEPS} steps, done: {dict(sorted(seen.items()))}")
    assert {name for name in ACTS if not seen[name]} == set(), "some verbs were never reached"
