"""A new case in one screen."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from providers.doors import role_required
from providers.vocabulary import Role
from referral import services
from referral.forms.opening import MOST_PEOPLE, CaseForm, MoreFormSet, NeedsForm, PersonForm
from referral.models import Member
from referral.services.children import is_child
from referral.views.frame import as_caseworker, employers, page


class OpeningPage:
    """The four forms of one screen, checked together."""

    def __init__(self, request) -> None:
        data = request.POST if request.method == "POST" else None
        own = employers(request.user, Role.CASEWORKER)
        self.needs = NeedsForm(data)
        self.case = CaseForm(data, employers=own, at=request.at)
        self.person = PersonForm(data)
        self.more = MoreFormSet(data, prefix="more")

    def is_valid(self) -> bool:
        parts = (self.needs, self.case, self.person, self.more)
        good = all([one.is_valid() for one in parts])  # a list: every part tells its errors
        if good and len(self.members()) > MOST_PEOPLE:
            said = _("Write at most %(most)d people; open a second case for others.")
            self.more.forms[0].add_error("number", said % {"most": MOST_PEOPLE})
            return False
        if good and not self.case.cleaned_data["together"] and self.parts_children():
            said = _("Children are among them. Keep them together; a decision can be added later.")
            self.case.add_error("together", said)
            return False
        return good

    def parts_children(self) -> bool:
        people = [Member(**one) for one in self.members()]
        return len(people) > 1 and any(is_child(one) for one in people)

    def members(self) -> list[dict]:
        more = [member for form in self.more for member in form.members()]
        return [self.person.member(), *more]

    def errors(self) -> list[tuple[str, str, str]]:
        """(where, label, what to do) for the summary."""
        forms = [self.needs, self.case, self.person, *self.more]
        return [
            (form[name].id_for_label or form[name].auto_id, form[name].label, said)
            for form in forms
            if form.is_bound
            for name, told in form.errors.items()
            if name != "__all__"
            for said in told
        ]

    def save(self, request):
        case, wanted = self.case, self.needs.wanted()
        return services.open_case_with_needs(
            case_id=case.cleaned_data["case_id"],
            organization=case.cleaned_data["employer"],
            by=as_caseworker(request),
            at=request.at,
            wanted=wanted,
            members=self.members(),
            exclusions=case.exclusions(),
            consents=case.consents([code for code, _urgency in wanted]),
            **case.facts(),
        )


@page
@role_required(Role.CASEWORKER)
def new_case(request):
    form = OpeningPage(request)
    if request.method == "POST" and form.is_valid():
        case = form.save(request)
        if case.opened_at == request.at:
            messages.success(request, _("Saved. Help is being looked for."))
        else:  # the same page, sent again
            messages.info(request, _("This case was saved already; nothing was changed."))
        return redirect("referral:case", case.pk)
    status = 422 if request.method == "POST" else 200
    zone = timezone.get_current_timezone_name()
    context = {"at": request.at, "page": form, "zone": zone}
    return render(request, "referral/case_new.html", context, status=status)
