"""Which viewset answers under which name; its `claims` take the place of those of claims/api."""

from reviews.api import agreement, assignments, discussion, projects, sourcing, trail, verdicts, views

VIEWSETS = {
    "agreement": agreement.AgreementViewSet,
    "assignments": assignments.AssignmentViewSet,
    "audit-events": trail.AuditEventViewSet,
    "claims": views.PlacedClaimViewSet,
    "comments": discussion.CommentViewSet,
    "notifications": discussion.NotificationViewSet,
    "placements": views.PlacementViewSet,
    "positions": views.PositionViewSet,
    "projects": projects.ProjectViewSet,
    "questions": views.QuestionViewSet,
    "questions/<int:question_id>/history": trail.QuestionHistoryViewSet,
    "queue": assignments.QueueViewSet,
    "speakers": sourcing.ReliableSpeakerViewSet,
    "verdicts": verdicts.VerdictViewSet,
}
