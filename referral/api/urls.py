"""Addresses of case work and of the inbox under /api/v1/."""

from __future__ import annotations

from django.urls import path

from referral.api import cases, day, inbox, needs, office, referrals

CASES = [
    ("", cases.Cases, "cases"),
    ("<uuid:case_id>/", cases.OneCase, "case"),
    ("<uuid:case_id>/facts/", cases.ChangeFacts, "case-facts"),
    ("<uuid:case_id>/close/", cases.CloseCase, "case-close"),
    ("<uuid:case_id>/follow-up/", cases.FollowUpCase, "case-follow-up"),
    ("<uuid:case_id>/reopen/", cases.ReopenCase, "case-reopen"),
    ("<uuid:case_id>/reassign/", cases.ReassignCase, "case-reassign"),
    ("<uuid:case_id>/colleagues/", cases.Colleagues, "case-colleagues"),
    ("<uuid:case_id>/events/", cases.CaseEvents, "case-events"),
    ("<uuid:case_id>/needs/", cases.CaseNeeds, "case-needs"),
    ("<uuid:case_id>/exclusions/", cases.CaseExclusions, "case-exclusions"),
    ("<uuid:case_id>/consents/", cases.CaseConsents, "case-consents"),
    ("<uuid:case_id>/consents/end/", day.EndAllSharing, "case-consents-end"),
    ("<uuid:case_id>/visits/", day.CaseVisits, "case-visits"),
    ("<uuid:case_id>/transfer/", day.TransferCase, "case-transfer"),
    ("<uuid:case_id>/accompaniments/", day.Accompany, "case-accompaniments"),
    ("<uuid:case_id>/conferences/", day.PlanConference, "case-conferences"),
    ("<uuid:case_id>/no-visit/", office.SayNoVisit, "case-no-visit"),
    ("<uuid:case_id>/review/", office.ReviewCase, "case-review"),
    ("<uuid:case_id>/merge/", office.ProposeMerge, "case-merge"),
]
NEEDS = [
    ("", needs.Needs, "needs"),
    ("<uuid:need_id>/", needs.OneNeed, "need"),
    ("<uuid:need_id>/look/", needs.FindHelp, "need-look"),
    ("<uuid:need_id>/by-hand/", needs.AskByHand, "need-by-hand"),
    ("<uuid:need_id>/walk-in/", needs.RecordWalkIn, "need-walk-in"),
    ("<uuid:need_id>/want-none/", needs.WantNone, "need-want-none"),
    ("<uuid:need_id>/close/", needs.CloseNeed, "need-close"),
    ("<uuid:need_id>/vital/", day.ActAlone, "need-vital"),
]
REFERRALS = [
    ("", referrals.Referrals, "referrals"),
    ("<uuid:referral_id>/", referrals.OneReferral, "referral"),
    ("<uuid:referral_id>/answer/", referrals.AnswerTold, "referral-answer"),
    ("<uuid:referral_id>/question/", referrals.AnswerQuestion, "referral-question"),
    ("<uuid:referral_id>/part/", referrals.PartGroup, "referral-part"),
    ("<uuid:referral_id>/handover/", referrals.HandOver, "referral-handover"),
    ("<uuid:referral_id>/arrived/", referrals.RecordArrival, "referral-arrived"),
    ("<uuid:referral_id>/not-arrived/", referrals.RecordNotArrived, "referral-not-arrived"),
    ("<uuid:referral_id>/completed/", referrals.RecordCompleted, "referral-completed"),
    ("<uuid:referral_id>/interrupted/", referrals.RecordInterrupted, "referral-interrupted"),
    ("<uuid:referral_id>/withdraw/", referrals.WithdrawReferral, "referral-withdraw"),
    ("<uuid:referral_id>/cancel/", referrals.CancelReferral, "referral-cancel"),
]
INBOX = [
    ("", inbox.Inbox, "inbox"),
    ("<uuid:referral_id>/", inbox.OneCard, "card"),
    ("<uuid:referral_id>/seen/", inbox.SeenCard, "card-seen"),
    ("<uuid:referral_id>/answer/", inbox.AnswerCard, "card-answer"),
    ("<uuid:referral_id>/arrived/", inbox.CardArrived, "card-arrived"),
    ("<uuid:referral_id>/not-arrived/", inbox.CardNotArrived, "card-not-arrived"),
    ("<uuid:referral_id>/notice/", inbox.CardNotice, "card-notice"),
    ("<uuid:referral_id>/completed/", inbox.CardCompleted, "card-completed"),
    ("<uuid:referral_id>/interrupted/", inbox.CardInterrupted, "card-interrupted"),
    ("<uuid:referral_id>/acknowledge/", inbox.AcknowledgeCard, "card-acknowledge"),
]
OTHERS = [
    ("exclusions/<uuid:exclusion_id>/end/", cases.EndExclusion, "exclusion-end"),
    ("consents/<uuid:consent_id>/end/", cases.EndConsent, "consent-end"),
    ("visits/<uuid:visit_id>/happened/", day.VisitDone, "visit-happened"),
    ("visits/<uuid:visit_id>/not-possible/", day.VisitNot, "visit-not-possible"),
    ("visits/<uuid:visit_id>/move/", day.VisitMoved, "visit-move"),
    ("transfers/", day.Transfers, "transfers"),
    ("transfers/<uuid:transfer_id>/take-on/", day.TakeCaseOn, "transfer-take-on"),
    ("transfers/<uuid:transfer_id>/not-take-on/", day.NotTakeCaseOn, "transfer-not-take-on"),
    ("transfers/<uuid:transfer_id>/take-back/", day.TakeTransferBack, "transfer-take-back"),
    ("vital-acts/", day.VitalActs, "vital-acts"),
    ("vital-acts/<uuid:act_id>/review/", day.ReviewAct, "vital-act-review"),
    ("accompaniments/<uuid:accompaniment_id>/started/", day.CompanyStarted, "company-started"),
    ("accompaniments/<uuid:accompaniment_id>/arrived/", day.CompanyArrived, "company-arrived"),
    (
        "accompaniments/<uuid:accompaniment_id>/call-off/",
        day.CompanyCalledOff,
        "company-called-off",
    ),
    ("conferences/<uuid:conference_id>/call-off/", day.CallOffConference, "conference-call-off"),
    ("decided/<uuid:decision_id>/done/", day.DecisionDone, "decision-done"),
    ("conferences/<uuid:conference_id>/hold/", office.HoldConference, "conference-hold"),
    ("consents/<uuid:consent_id>/child-says-no/", office.ChildSaysNo, "consent-child-says-no"),
    ("merges/<uuid:merge_id>/confirm/", office.ConfirmMerge, "merge-confirm"),
    ("merges/<uuid:merge_id>/decline/", office.DeclineMerge, "merge-decline"),
    ("covers/", office.Covers, "covers"),
    ("covers/<uuid:cover_id>/end/", office.EndCover, "cover-end"),
    ("caseloads/<uuid:worker_id>/hand-over/", office.HandOverCaseload, "caseload-hand-over"),
    (
        "takeovers/<uuid:takeover_id>/acknowledge/",
        office.AcknowledgeTakeover,
        "takeover-acknowledge",
    ),
    ("turns/", cases.Turns, "turns"),
    ("turns/<uuid:turn_id>/done/", cases.TurnDone, "turn-done"),
    ("unmet/", needs.Unmet, "unmet"),
    ("unmet/elsewhere/", needs.UnmetElsewhere, "unmet-elsewhere"),
]


def _under(prefix, rows):
    return [path(f"{prefix}{where}", view.as_view(), name=name) for where, view, name in rows]


urlpatterns = [
    *_under("cases/", CASES),
    *_under("needs/", NEEDS),
    *_under("referrals/", REFERRALS),
    *_under("inbox/", INBOX),
    *_under("", OTHERS),
]
