"""办件 for citizens: applying, step by step, and following what became of it. This folder's list of pages."""

from django.urls import include, path

from . import applying, case, filling, mine, papers, sending, signatures

_DRAFT = [
    path("situation/", applying.situation_page, name="apply_situation"),
    path("form/", filling.form_page, name="apply_form"),
    path("save/", filling.save, name="apply_save"),
    path("materials/", papers.materials_page, name="apply_materials"),
    path("materials/<str:key>/", papers.hand_in, name="apply_material"),
    path("delivery/", sending.delivery_page, name="apply_delivery"),
    path("check/", sending.check_page, name="apply_check"),
    path("renew/", filling.renew, name="apply_renew"),
    path("take-back/", mine.take_back, name="apply_take_back"),
    path("discard/", mine.discard, name="apply_discard"),
]
_CASE = [
    path("", case.case_page, name="my_case"),
    path("receipt/", case.receipt, name="my_receipt"),
    path("signatures/", signatures.signatures, name="my_signatures"),
    path("signatures.json", signatures.signed, name="my_signed_file"),
    path("correction/", case.correction, name="my_correction"),
    path("correction/<str:key>/", case.correction_file, name="my_correction_file"),
    path("promised/<str:key>/", case.promised, name="my_promised"),
    path("withdraw/", case.withdraw_page, name="my_withdraw"),
    path("urge/", case.urge_page, name="my_urge"),
]
urlpatterns = [
    path("apply/<str:code>/", applying.begin, name="apply"),
    path("apply/<str:code>/<uuid:draft_id>/", include(_DRAFT)),
    path("my/cases/", mine.cases_page, name="my_cases"),
    path("my/cases/<uuid:case_id>/", include(_CASE)),
    path("my/drafts/", mine.drafts_page, name="my_drafts"),
]
