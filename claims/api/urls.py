"""Which viewset answers under which name; config/urls.py puts them under /api/v1/."""

from claims.api import views

VIEWSETS = {
    "articles": views.ArticleViewSet,
    "claims": views.ClaimViewSet,
    "jobs": views.JobViewSet,
    "outlets": views.OutletViewSet,
    "speakers": views.SpeakerViewSet,
}
