"""Questions that a page asks many times over are answered once while it is made, and afresh everywhere else."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from editorial.models import User
from editorial.once import AskingOnce, asking_once, once


class Asked:
    def __init__(self) -> None:
        self.times = 0

        @once
        def question(*about, **more):
            self.times += 1
            return self.times

        self.question = question


def test_outside_of_a_page_each_question_is_asked_each_time():
    asked = Asked()
    assert [asked.question("a"), asked.question("a")] == [1, 2]


def test_inside_the_same_question_is_asked_once_and_another_one_is_asked():
    asked = Asked()
    with asking_once():
        assert [asked.question("a"), asked.question("a"), asked.question("b"), asked.question("a", x=1)] == [1, 1, 2, 3]
    assert asked.question("a") == 4


def test_nothing_is_remembered_from_one_page_to_the_next():
    asked = Asked()
    for expected in (1, 2):
        with asking_once():
            assert asked.question("a") == expected


def test_two_instances_of_one_row_are_one_and_rows_without_a_key_are_not():
    asked = Asked()
    with asking_once():
        assert asked.question(User(pk=1)) == asked.question(User(pk=1))
        fresh = [User(), User()]
        assert asked.question(fresh[0]) != asked.question(fresh[1])


def test_an_answer_of_nothing_is_remembered_too():
    calls = []

    @once
    def question(about):
        calls.append(about)

    with asking_once():
        question("a")
        question("a")
    assert calls == ["a"]


def test_a_question_inside_another_shares_its_answers_and_forgets_none_when_it_ends():
    asked = Asked()
    with asking_once():
        first = asked.question("a")
        with asking_once():
            assert asked.question("a") == first
            second = asked.question("b")
        assert (asked.question("a"), asked.question("b")) == (first, second)
    assert asked.question("a") not in (first, second)


@pytest.mark.parametrize(("method", "times"), [("get", 1), ("head", 1), ("post", 2), ("put", 2)])
def test_a_page_that_is_only_looked_at_asks_once_and_one_that_is_sent_something_afresh(method, times):
    asked = Asked()

    def view(request):
        asked.question("a")
        asked.question("a")
        return HttpResponse()

    AskingOnce(view)(getattr(RequestFactory(), method)("/"))
    assert asked.times == times


def test_a_page_that_fails_leaves_nothing_behind():
    asked = Asked()

    def view(request):
        asked.question("a")
        raise ValueError("lost")

    with pytest.raises(ValueError, match="lost"):
        AskingOnce(view)(RequestFactory().get("/"))
    assert (asked.question("a"), asked.question("a")) == (2, 3)
