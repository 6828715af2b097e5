"""The admin's pages of people and their API tokens, where giving oneself more rights is closed off."""

from datetime import datetime
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from axes.utils import reset
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.filters import RelatedFieldListFilter
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import GroupAdmin as StockGroupAdmin
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from knox.models import AuthToken, get_digest_token
from knox.settings import CONSTANTS, knox_settings

from claims.admin.lists import LookOnlyAdmin, NamedList, signed_in
from claims.models import Scope, TokenScopes
from claims.templatetags.claim_text import visible
from config import accounts
from reviews import audit
from reviews.people import is_person

admin.site.unregister([User, Group, AuthToken, AccessAttempt, AccessFailureLog, AccessLog])

# What somebody may do rests on these.
RIGHTS = ("is_active", "is_staff", "is_superuser", "groups")


class RoleFilter(RelatedFieldListFilter):
    """The stock one, by the name that roles have everywhere else."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = "role"


@admin.register(User)
class UserAdmin(NamedList, StockUserAdmin):
    """People are deactivated, never deleted: what they decided stays theirs."""

    list_display = (
        "username",
        "roles",
        "full_name",
        "email",
        "is_person",
        "is_staff",
        "is_active",
    )
    list_filter = ("is_active", ("groups", RoleFilter))
    show_full_result_count = False
    filter_horizontal = ()
    # Without single permissions: what somebody may do is what their roles say.
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email")}),
        (
            "Roles",
            {
                "fields": ("is_active", "is_staff", "is_superuser", "groups"),
                "description": "A role opens nothing in the admin until “Staff status” is ticked: "
                "only staff can sign in here.",
            },
        ),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )

    add_fieldsets = (
        (None, {"fields": ("username", "usable_password", "password1", "password2", "is_staff")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description="Name")
    def full_name(self, user: User) -> str:
        return user.get_full_name()

    @admin.display(description="Roles")
    def roles(self, user: User) -> str:
        names = [group.name for group in user.groups.all()]
        return ", ".join([*(["superuser"] if user.is_superuser else []), *sorted(names)])

    @admin.display(description="A person", boolean=True)
    def is_person(self, user: User) -> bool:
        """The machine's own accounts are none."""
        return is_person(user)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"is_staff": True}

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Nobody gives themselves a role, nor takes their own away; and only superusers make superusers."""
        dates = ("last_login", "date_joined")
        if obj is not None and obj.pk == request.user.pk:
            return (*dates, *RIGHTS)
        return dates if _is_superuser(request) else (*dates, "is_superuser")

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        kwargs |= {"widget": forms.CheckboxSelectMultiple, "label": "Roles"}
        kwargs["help_text"] = "They may do what any of their roles may."
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Only a superuser may touch a superuser, the password included."""
        if obj is not None and obj.is_superuser and not _is_superuser(request):
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        by = signed_in(request)
        audit.because(by=by, action="change_account" if change else "make_account")
        super().save_model(request, obj, form, change)
        if change and not obj.is_active and "is_active" in form.changed_data:
            accounts.end_access(obj, by=by, now=timezone.now())

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        accounts.return_what_they_may_not_hold(form.instance, by=signed_in(request), now=timezone.now())

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:
        user = self.get_object(request, id)
        if user is not None and not self.has_change_permission(request, user):
            raise PermissionDenied
        with transaction.atomic():
            audit.because(by=signed_in(request), action="set_password")
            return super().user_change_password(request, id, form_url)


@admin.register(Group)
class GroupAdmin(NamedList, StockGroupAdmin):
    """The roles, to be looked at: what they may do is written in config.roles and kept in line with it."""

    names = ("role", "roles")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return False


class TokenForm(forms.ModelForm):
    """A new token for the person who asks: what it is for, and when it ends."""

    scopes = forms.MultipleChoiceField(
        label="Works for",
        choices=Scope,
        initial=[Scope.READ],
        help_text="Of what you may do yourself.",
        widget=forms.CheckboxSelectMultiple,
    )

    expiry = forms.DateTimeField(
        label="Works until",
        help_text="In UTC.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    class Meta:
        model = AuthToken
        fields = ("scopes", "expiry")

    def clean_expiry(self) -> datetime:
        expiry: datetime = self.cleaned_data["expiry"]
        if expiry <= timezone.now():
            raise forms.ValidationError("That is past already.")
        return expiry


class NamedRows(LookOnlyAdmin):
    """Pages whose rows are called otherwise than their library would."""

    def row_name(self, row: Any) -> str:
        raise NotImplementedError

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        named = self._named(request, object_id)
        return super().change_view(request, object_id, form_url, named | (extra_context or {}))

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        named = self._named(request, object_id)
        return super().delete_view(request, object_id, named | (extra_context or {}))

    def _named(self, request: HttpRequest, object_id: str) -> dict[str, str]:
        row = self.get_object(request, unquote(object_id))
        name = self.row_name(row) if row else ""
        return {"row_name": name, "subtitle": visible(name)}


@admin.register(AuthToken)
class TokenAdmin(NamedRows):
    """One's own API tokens; a superuser sees everybody's. The token itself is shown once, when it is made."""

    names = ("API token", "API tokens")
    list_display = ("token_key", "user", "shown_scopes", "created", "expiry")
    list_select_related = ("user", "scopes")
    ordering = ("-created",)
    form = TokenForm
    add_label = "Make a token"
    empty_title = "No API tokens yet."
    empty_text = "A token lets another program read, and do what you may do, through the API."

    @admin.display(description="Works for")
    def shown_scopes(self, token: AuthToken) -> str:
        return str(getattr(token, "scopes", "all that its user may do"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuthToken]:
        tokens = super().get_queryset(request)
        return tokens if _is_superuser(request) else tokens.filter(user=request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_staff

    def has_view_permission(self, request: HttpRequest, obj: AuthToken | None = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: AuthToken | None = None) -> bool:
        return self.has_module_permission(request)

    def row_name(self, row: AuthToken) -> str:
        """The beginning that the list shows; knox would give the whole hash."""
        return str(row.token_key)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: Any) -> HttpResponse:
        """The stock message would repeat the hash."""
        messages.success(request, "The API token was deleted.")
        return redirect("admin:knox_authtoken_changelist")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"expiry": timezone.now() + knox_settings.TOKEN_TTL}

    def save_model(self, request: HttpRequest, obj: AuthToken, form: forms.ModelForm, change: bool) -> None:
        audit.because(by=signed_in(request), action="make_token")
        obj.digest, token = get_digest_token()
        obj.token_key = token[: CONSTANTS.TOKEN_KEY_LENGTH]
        obj.user = request.user
        super().save_model(request, obj, form, change)
        TokenScopes.objects.create(token=obj, names=sorted(form.cleaned_data["scopes"]))
        messages.warning(request, f"Your token, shown this once: {token}")

    def delete_model(self, request: HttpRequest, obj: AuthToken) -> None:
        audit.because(by=signed_in(request), action="delete_token")
        super().delete_model(request, obj)

    def log_addition(self, request: HttpRequest, obj: AuthToken, message: Any) -> Any:
        """Not into the admin's log, whose entries would name the token's hash."""

    def response_add(self, request: HttpRequest, obj: AuthToken, post_url_continue: str | None = None) -> Any:
        """Straight to the list; the stock message would repeat the hash."""
        return self.response_post_save_add(request, obj)


def _is_superuser(request: HttpRequest) -> bool:
    return request.user.is_superuser


class SignInLogAdmin(NamedRows):
    """What was written down of who signed in, or tried to, to be looked at."""

    list_display = ("attempt_time", "username", "ip_address", "user_agent")
    ordering = ("-attempt_time",)
    search_fields = ("username", "ip_address")

    def row_name(self, row: AccessLog | AccessFailureLog | AccessAttempt) -> str:
        return f"{row.username}, {date_format(row.attempt_time, 'DATETIME_FORMAT')}"


@admin.register(AccessLog)
class AccessLogAdmin(SignInLogAdmin):
    names = ("sign-in", "sign-ins")


@admin.register(AccessFailureLog)
class AccessFailureLogAdmin(SignInLogAdmin):
    names = ("failed sign-in", "failed sign-ins")


@admin.register(AccessAttempt)
class AccessAttemptAdmin(SignInLogAdmin):
    """Failed attempts that still count; enough of them lock a name out for a while at its address."""

    names = ("attempt that counts", "attempts that count")
    list_display = ("attempt_time", "username", "ip_address", "failures_since_start")
    actions = ("let_in_again",)
    empty_title = "No failed attempts that count."
    empty_text = "Enough of them lock a name out for a while, from the address they came from."

    @admin.action(description="Let the selected try again at once", permissions=["view"])
    def let_in_again(self, request: HttpRequest, queryset: QuerySet[AccessAttempt]) -> None:
        names = sorted({attempt.username or "" for attempt in queryset})
        for name in names:
            reset(username=name)
        messages.success(request, f"They may try again: {', '.join(names)}.")
