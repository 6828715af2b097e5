"""Which viewset answers under which name; its `claims` take the place of those of claims/api."""

from reviews.api import views

VIEWSETS = {
    "claims": views.PlacedClaimViewSet,
    "placements": views.PlacementViewSet,
    "positions": views.PositionViewSet,
    "questions": views.QuestionViewSet,
}
