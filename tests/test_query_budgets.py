"""How often each page of the desk and of the accounts may ask the database, frame and all.

The frame takes five: the session, the person, their roles, whether the clock stands still, and what waits for them.
The goal of eight besides is met by most; the first lines are what is had instead. What a page asks doesn't grow with
what there is: ``test_desk_at_size`` and the tests of the lists see to that. The public pages have their budgets in
``tests/articles/reader/test_tables.py``.
"""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from zeal import zeal_context

from articles.reader import urls as reader
from tests.authorization import house as houses
from tests.authorization.house import PEOPLE
from tests.authorization.routes import NOWHERE, Address, addresses, routes

FRAME = 5

PAGES = {
    "admin:own_data": (52, "on its panel", ""),
    "admin:articles_article_change": (40, "chief", "revised"),
    "admin:review": (28, "on its panel", ""),
    "admin:editorial_boardmember_change": (25, "chief", ""),
    "admin:index": (23, "chief", ""),
    "admin:articles_article_verb": (22, "its editor", "re_review live"),
    "admin:objection": (18, "on its panel", "adjudicate"),
    "admin:articles_article_history": (17, "its editor", "submitted"),
    "admin:articles_article_simple_history": (17, "its editor", "submitted"),
    "admin:editorial_editorialpolicy_change": (17, "its editor", ""),
    "admin:queue": (17, "its editor", ""),
    "admin:difference": (16, "its author", "revised"),
    "admin:compare": (15, "its author", "revised"),
    "admin:editorial_boardmember_history": (15, "its editor", ""),
    "admin:queue_pace": (15, "chief", ""),
    "admin:articles_readermessage_change": (14, "its editor", ""),
    "admin:timeline": (14, "its editor", "objected to"),
    "admin:board_verb": (13, "chief", "left"),
    "admin:remind": (13, "its editor", ""),
    "admin:mail": (12, "on its panel", ""),
    "admin:preview": (12, "its author", "draft"),
    "admin:queue_export": (12, "its editor", ""),
    "admin:editorial_boardmember_simple_history": (12, "its editor", ""),
    "admin:hold": (11, "chief", "held"),
    "admin:editorial_boardmember_changelist": (10, "its editor", ""),
    "admin:mail_verb": (10, "its editor", "leave"),
    "admin:membership": (10, "on its panel", ""),
    "admin:reset_factors": (10, "chief", ""),
    "admin:articles_article_changelist": (9, "its editor", ""),
    "admin:articles_reference_history": (9, "its editor", ""),
    "admin:comment": (9, "its editor", "reply"),
    "admin:editorial_auditevent_changelist": (9, "its editor", ""),
    "admin:editorial_editorialpolicy_history": (9, "its editor", ""),
    "admin:editorial_outboxmessage_changelist": (9, "chief", ""),
    "admin:editorial_outboxmessage_history": (9, "chief", ""),
    "admin:editorial_user_changelist": (9, "its editor", ""),
    "admin:mail_end_leave": (9, "its editor", ""),
    "admin:metrics_chapter": (9, "its editor", "board"),
    "admin:notifications": (9, "on its panel", ""),
    "admin:signature": (9, "chief", "void"),
    "admin:articles_readermessage_verb": (8, "its editor", "settle"),
    "admin:editorial_auditevent_history": (8, "its editor", ""),
    "admin:editorial_boardmember_add": (9, "its editor", ""),
    "admin:editorial_closedperiod_change": (8, "chief", ""),
    "admin:editorial_editorialpolicy_changelist": (8, "its editor", ""),
    "admin:editorial_editorialpolicy_verb": (8, "chief", "disable"),
    "admin:editorial_outboxmessage_change": (8, "chief", ""),
    "admin:editorial_outboxmessage_mail": (8, "chief", ""),
    "admin:markers": (8, "its author", "draft"),
    "admin:reviews_reminderdispatch_change": (8, "its editor", ""),
    "admin:reviews_reminderdispatch_changelist": (8, "its editor", ""),
    "admin:reviews_reminderdispatch_history": (8, "its editor", ""),
    "admin:reviews_reviewround_change": (8, "its editor", ""),
    "admin:reviews_reviewround_history": (8, "its editor", ""),
    "admin:seat": (8, "its editor", "extend"),
    "admin:articles_publication_change": (7, "its editor", ""),
    "admin:articles_publication_changelist": (7, "its editor", ""),
    "admin:articles_publication_history": (7, "its editor", ""),
    "admin:articles_readermessage_changelist": (7, "its editor", ""),
    "admin:articles_readermessage_history": (7, "its editor", ""),
    "admin:articles_reference_changelist": (7, "its editor", ""),
    "admin:articles_reference_simple_history": (7, "its editor", ""),
    "admin:articles_topic_changelist": (7, "its editor", ""),
    "admin:articles_topic_history": (7, "its editor", ""),
    "admin:editorial_auditevent_change": (7, "its editor", ""),
    "admin:editorial_closedperiod_changelist": (7, "its editor", ""),
    "admin:editorial_closedperiod_history": (7, "its editor", ""),
    "admin:editorial_closedperiod_verb": (7, "chief", "move_due_days"),
    "admin:editorial_editorialpolicy_simple_history": (7, "its editor", ""),
    "admin:editorial_specialty_changelist": (7, "its editor", ""),
    "admin:editorial_specialty_history": (7, "its editor", ""),
    "admin:editorial_unexplainedchange_changelist": (7, "chief", ""),
    "admin:editorial_unexplainedchange_history": (7, "chief", ""),
    "admin:metrics": (7, "its editor", ""),
    "admin:metrics_csv": (7, "its editor", "on-time"),
    "admin:my_year": (7, "on its panel", ""),
    "admin:reviews_reminderrule_changelist": (7, "its editor", ""),
    "admin:reviews_reminderrule_history": (7, "its editor", ""),
    "admin:reviews_reviewround_changelist": (7, "its editor", ""),
    "admin:signatures": (7, "its editor", ""),
    "admin:articles_reference_change": (6, "its editor", ""),
    "admin:articles_topic_change": (6, "its editor", ""),
    "admin:board_import": (6, "its editor", ""),
    "admin:editorial_outboxmessage_html": (6, "chief", ""),
    "admin:editorial_specialty_change": (7, "its editor", ""),
    "admin:editorial_unexplainedchange_change": (6, "chief", ""),
    "admin:editorial_unexplainedchange_verb": (6, "chief", "acknowledge"),
    "admin:invitations": (6, "its editor", ""),
    "admin:invite": (6, "its editor", ""),
    "admin:membership_end": (6, "on its panel", ""),
    "admin:reviews_reminderrule_change": (6, "its editor", ""),
    "admin:struck_off": (6, "chief", ""),
    "admin:upload": (6, "its editor", ""),
    "admin:app_list": (5, "its editor", "editorial"),
    "admin:articles_article_add": (5, "its editor", ""),
    "admin:articles_reference_add": (5, "its editor", ""),
    "admin:articles_topic_add": (5, "its editor", ""),
    "admin:editorial_closedperiod_add": (5, "chief", ""),
    "admin:editorial_specialty_add": (5, "its editor", ""),
    "admin:editorial_user_add": (6, "chief", ""),
    "admin:mail_samples": (5, "chief", ""),
    "admin:my_year_csv": (5, "on its panel", ""),
    "admin:password_change_done": (5, "its editor", ""),
    "admin:reviews_reminderrule_add": (5, "chief", ""),
    "admin:search": (5, "its editor", ""),
    "factors": (5, "its author", ""),
    "admin:notifications_count": (4, "its author", ""),
    "admin:queue_counts": (4, "its editor", ""),
    "factor_add_app": (4, "its author", ""),
    "factor_add_passkey": (4, "its author", ""),
    "factor_remove": (4, "on its panel", ""),
    "factor_renew_codes": (4, "on its panel", ""),
    "account_reset_password_from_key": (4, "its author", ""),  # one more where the key names somebody
    "admin:mail_sample": (3, "chief", "invitation"),
    "admin:search_hits": (3, "its author", ""),
    "account_change_password": (2, "its author", ""),
    "account_inactive": (2, "its author", ""),
    "account_reset_password": (2, "its author", ""),
    "account_reset_password_done": (2, "its author", ""),
    "account_reset_password_from_key_done": (2, "its author", ""),
}
"""By route: at most so many, asked by whom, and about which thing of the house."""

NO_PAGES = {
    "account_login",
    "account_logout",
    "account_set_password",
    "admin:act",
    "admin:act_home",
    "admin:articles_article_delete",
    "admin:articles_publication_add",
    "admin:articles_publication_delete",
    "admin:articles_readermessage_add",
    "admin:articles_readermessage_delete",
    "admin:articles_reference_delete",
    "admin:articles_topic_delete",
    "admin:auth_user_password_change",
    "admin:autocomplete",
    "admin:dossier",
    "admin:editorial_auditevent_add",
    "admin:editorial_auditevent_delete",
    "admin:editorial_boardmember_delete",
    "admin:editorial_closedperiod_delete",
    "admin:editorial_editorialpolicy_add",
    "admin:editorial_editorialpolicy_delete",
    "admin:editorial_editorialpolicy_newest",
    "admin:editorial_outboxmessage_add",
    "admin:editorial_outboxmessage_delete",
    "admin:editorial_specialty_delete",
    "admin:editorial_unexplainedchange_add",
    "admin:editorial_unexplainedchange_delete",
    "admin:editorial_user_change",
    "admin:editorial_user_delete",
    "admin:editorial_user_history",
    "admin:first_steps",
    "admin:first_steps_close",
    "admin:live",
    "admin:login",
    "admin:logout",
    "admin:my_reviews",
    "admin:notification_go",
    "admin:notification_read",
    "admin:notifications_read",
    "admin:password_change",
    "admin:queue_act",
    "admin:queue_order",
    "admin:review_keep",
    "admin:reviews_reminderdispatch_add",
    "admin:reviews_reminderdispatch_delete",
    "admin:reviews_reminderrule_delete",
    "admin:reviews_reviewround_add",
    "admin:reviews_reviewround_delete",
    "admin:sources",
    "admin:view_on_site",
    "calendar",
    "demo_letter",
    "demo_letter_html",
    "demo_mailbox",
    "demo_mailbox_send",
    "invitation",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "own_invitation",
    "proof_challenge",
    "unsubscribe",
}
"""They take a form, lead on, hand out a file, are refused to everybody, or show what the frame alone needs."""


def test_every_route_has_its_budget_or_shows_no_page():
    public = {pattern.name for pattern in reader.urlpatterns}
    known = {route.name for route in routes()} - set(NOWHERE) - public
    assert set(PAGES) & NO_PAGES == set()
    assert known == set(PAGES) | NO_PAGES


@pytest.mark.django_db
def test_no_page_asks_more_often_than_its_budget_nor_row_by_row(story, settings):
    settings.ZEAL_NPLUSONE_THRESHOLD = 3  # twice is an editor's own row, read by the frame and by the page
    found = list(addresses(houses.build(story)))
    clients = {person: houses.client_of(person) for person in PEOPLE}
    asked = {}
    for route, (_most, person, about) in PAGES.items():
        address = next(each for each in found if each.route == route and each.about == about)
        asked[route] = _asked(clients[person], address)
    over = {route: f"{asked[route]}, not {most}" for route, (most, *_who) in PAGES.items() if asked[route] > most}
    assert over == {}


@pytest.mark.django_db
def test_what_has_no_budget_shows_no_page_that_asks_for_more_than_the_frame(story):
    chief, seen = houses.client_of("chief"), set()
    house = houses.build(story)
    for address in addresses(house):
        if address.route in NO_PAGES - SIGNS_OUT and address.route not in seen:
            seen.add(address.route)
            with CaptureQueriesContext(connection) as queries:
                status = chief.get(address.path).status_code
            assert status != 200 or len(queries) <= FRAME, address.route


SIGNS_OUT = {"account_logout", "admin:logout"}


def _asked(client: Client, address: Address) -> int:
    """Asked twice: the first time some things are learnt for good, and zeal looks for the same read row by row."""
    with zeal_context():
        assert client.get(address.path).status_code == 200, address.path
    with CaptureQueriesContext(connection) as queries:
        client.get(address.path)
    return len([each for each in queries if not each["sql"].startswith(("SAVEPOINT", "RELEASE"))])
