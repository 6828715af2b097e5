"""The names are those under which django-allauth looks for them."""

from django.contrib import admin
from django.urls import path
from django.views.generic import RedirectView

from config.two_factor import pages

_own = admin.site.admin_view

urlpatterns = [
    path("", _own(pages.Overview.as_view()), name="mfa_index"),
    path("code/", pages.CodeStep.as_view(), name="mfa_authenticate"),
    path("set-up/", _own(pages.Enrol.as_view()), name="mfa_activate_totp"),
    path("remove/", _own(pages.SwitchOff.as_view()), name="mfa_deactivate_totp"),
    path("recovery-codes/", _own(pages.RecoveryCodes.as_view()), name="mfa_view_recovery_codes"),
    path("recovery-codes/new/", _own(pages.NewRecoveryCodes.as_view()), name="mfa_generate_recovery_codes"),
    path("sign-in/", RedirectView.as_view(pattern_name="admin:login"), name="account_login"),
]
