from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import RedirectView
from rest_framework.routers import SimpleRouter

from claims.api.urls import VIEWSETS as CLAIMS_VIEWSETS
from config import api_docs, health, problems
from reviews.api.urls import VIEWSETS as REVIEWS_VIEWSETS
from reviews.telling.unsubscribing import unsubscribe

router = SimpleRouter(use_regex_path=False)
for name, viewset in sorted((CLAIMS_VIEWSETS | REVIEWS_VIEWSETS).items()):
    router.register(name, viewset, basename=getattr(viewset, "route_name", None))

api_urls = [
    *router.urls,
    path("", RedirectView.as_view(pattern_name="api:docs"), name="root"),
    path("docs/", api_docs.docs, name="docs"),
    path("schema/", api_docs.schema, name="schema"),
]

# Before the admin's, which answers to every address below its own.
two_factor_urls = (
    [path("admin/two-factor/", include("config.two_factor.urls"))] if settings.TWO_FACTOR != "off" else []
)
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", RedirectView.as_view(pattern_name="admin:index")),
    *two_factor_urls,
    path("admin/", admin.site.urls),
    path("unsubscribe/<str:signed>/", unsubscribe, name="unsubscribe"),
    path("api/v1/", include((api_urls, "api"))),
    # Without this Django would answer with a page, or turn a POST without its last slash into a GET. There is
    # nothing to forge here, and a check would answer with a page, too.
    re_path("^api/", csrf_exempt(problems.not_found)),
]

handler400 = "config.problems.bad_request"
handler404 = "config.problems.not_found"
handler500 = "config.problems.server_error"
