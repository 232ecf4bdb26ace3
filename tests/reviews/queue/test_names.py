"""The choice among many people, written in one go."""

import pytest
from django import forms

from editorial.models import BoardMember
from reviews.queue.names import Names

pytestmark = pytest.mark.django_db

HOSTILE = '"><script>alert(1)</script>'


class _Form(forms.Form):
    member = forms.ModelChoiceField(BoardMember.objects.order_by("pk"), required=False, empty_label="Any")


def _written(widget: type[forms.Select], chosen: object) -> str:
    form = _Form({"member": chosen})
    form.fields["member"].widget = widget(attrs={"class": HOSTILE})
    form.fields["member"].widget.choices = form.fields["member"].choices
    return str(form["member"])


@pytest.mark.parametrize("which", ["nobody", "somebody", "no number"])
def test_names_are_written_as_the_framework_writes_a_select(people, which):
    member = people["claire"].board_member
    user = member.user
    user.last_name = HOSTILE
    user.save()
    chosen = {"nobody": "", "somebody": member.pk, "no number": HOSTILE}[which]
    plain, quick = (_written(widget, chosen) for widget in (forms.Select, Names))
    assert "&lt;script&gt;" in quick
    assert "<script>" not in quick
    assert quick.count(" selected") == (0 if which == "no number" else 1)
    assert quick == "".join(line.strip() for line in plain.splitlines())
