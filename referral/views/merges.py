"""A proposal that two cases are one: looked at by a second person, without identity."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from referral import services
from referral.models import Case, Merge
from referral.views.frame import as_caseworker, case_seen, page, sent


class LookForm(forms.Form):
    answer = forms.ChoiceField(
        label=gettext_lazy("What do you say?"), widget=forms.RadioSelect,
        choices=[
            ("no", gettext_lazy("They are not the same: leave both as they are")),
            ("yes", gettext_lazy("They are the same: make one case of them")),
        ],
        error_messages={"required": gettext_lazy("Choose an answer.")},
    )  # fmt: skip


def proposal(request, case: Case) -> Merge | None:
    """The open one of this case, where both cases may be seen; or the last one that was decided."""
    seen = Case.objects.visible_to(request.user).values("pk")
    rows = Merge.objects.of_case(case).filter(surviving__in=seen, ended__in=seen)
    return (
        rows.select_related("proposed_by", "surviving__area", "ended__area")
        .order_by("-proposed_at", "id")
        .first()
    )


@page
def merges(request, case_id):
    case = case_seen(request, case_id)
    merge = proposal(request, case)
    form = LookForm(sent(request))
    own = merge is not None and merge.proposed_by_id == request.user.pk
    if own:
        form.fields["answer"].choices = form.fields["answer"].choices[:1]
    if request.method == "POST" and merge is not None and form.is_valid():
        return _answered(request, merge, form.cleaned_data["answer"])
    context = {"at": request.at, "case": case, "merge": merge, "form": form, "own": own}
    if merge is not None:
        context["both"] = [
            {
                "case": one,
                "members": list(one.members.order_by("position")),
                "needs": list(one.needs.order_by("created_at", "id")[:20]),
            }
            for one in (merge.surviving, merge.ended)
        ]
    status = 422 if merge is not None and form.errors else 200
    return render(request, "referral/merge.html", context, status=status)


def _answered(request, merge: Merge, answer: str):
    how = {"merge_id": merge.pk, "by": as_caseworker(request), "at": request.at}
    if answer == "yes":
        services.confirm_merge(**how)
        messages.success(request, _("It is one case now. Nothing was lost."))
    else:
        services.decline_merge(**how)
        messages.success(request, _("Both stay as they are."))
    return redirect("referral:case", merge.surviving_id)
