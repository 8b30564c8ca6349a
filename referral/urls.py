from __future__ import annotations

from django.urls import path

from referral.views import caseload, cases, inbox, needs, opening, referrals, sharing, unmet

app_name = "referral"
urlpatterns = [
    path("cases/", caseload.caseload, name="caseload"),
    path("cases/new/", opening.new_case, name="new_case"),
    path("cases/all/", caseload.supervised, name="supervised"),
    path("cases/<uuid:case_id>/", cases.case, name="case"),
    path("cases/<uuid:case_id>/history/", cases.history, name="history"),
    path("cases/<uuid:case_id>/needs/", cases.add_need, name="add_need"),
    path("cases/<uuid:case_id>/facts/", cases.facts, name="facts"),
    path("cases/<uuid:case_id>/close/", cases.close, name="close_case"),
    path("cases/<uuid:case_id>/reopen/", cases.reopen, name="reopen_case"),
    path("cases/<uuid:case_id>/reassign/", cases.reassign, name="reassign"),
    path("cases/<uuid:case_id>/safety/", sharing.exclude, name="exclude"),
    path("cases/<uuid:case_id>/sharing/", sharing.consent, name="consent"),
    path("exclusions/<uuid:exclusion_id>/end/", sharing.end_exclusion, name="end_exclusion"),
    path("sharing/<uuid:consent_id>/end/", sharing.end_consent, name="end_consent"),
    path("turns/<uuid:turn_id>/done/", cases.turn_done, name="turn_done"),
    path("needs/<uuid:need_id>/", needs.need, name="need"),
    path("needs/<uuid:need_id>/look/", needs.look, name="look"),
    path("needs/<uuid:need_id>/by-hand/", needs.by_hand, name="by_hand"),
    path("needs/<uuid:need_id>/told/", needs.walk_in, name="walk_in"),
    path("needs/<uuid:need_id>/none/", needs.want_none, name="want_none"),
    path("needs/<uuid:need_id>/close/", needs.close, name="close_need"),
    path("referrals/<uuid:referral_id>/", referrals.referral, name="referral"),
    path("referrals/<uuid:referral_id>/told/", referrals.told, name="told"),
    path("referrals/<uuid:referral_id>/question/", referrals.question, name="question"),
    path("referrals/<uuid:referral_id>/part/", referrals.part, name="part"),
    path("referrals/<uuid:referral_id>/handover/", referrals.handover, name="handover"),
    path("referrals/<uuid:referral_id>/arrived/", referrals.arrived, name="arrived"),
    path("referrals/<uuid:referral_id>/step/", referrals.step, name="step"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/<uuid:referral_id>/", inbox.card, name="card"),
    path("inbox/<uuid:referral_id>/answer/", inbox.answer, name="answer"),
    path("inbox/<uuid:referral_id>/arrived/", inbox.arrived, name="provider_arrived"),
    path("inbox/<uuid:referral_id>/step/", inbox.step, name="provider_step"),
    path("inbox/<uuid:referral_id>/seen/", inbox.acknowledge, name="acknowledge"),
    path("unmet/", unmet.unmet, name="unmet"),
]
