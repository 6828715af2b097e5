"""The steps that can be taken on the compare screen, by the names in their addresses."""

from reviews.admin.steps import claims, positions, questions, review
from reviews.admin.steps.base import Step

STEPS: dict[str, type[Step]] = {
    step.name: step
    for step in (
        claims.PlaceClaim,
        claims.MoveClaim,
        claims.ConfirmPlacement,
        claims.ConfirmColumn,
        claims.RejectPlacement,
        claims.RejectClaim,
        claims.MarkSourcing,
        claims.SetOrigin,
        claims.ClearOrigin,
        positions.AddPosition,
        positions.RewordPosition,
        positions.MergePosition,
        positions.SplitPosition,
        positions.RemovePosition,
        positions.SayCompatible,
        positions.SayCompeting,
        questions.OpenProposed,
        questions.DismissQuestion,
        questions.RewordQuestion,
        questions.MergeQuestion,
        questions.SplitQuestion,
        questions.UndoChange,
        questions.Reopen,
        review.TakeQuestion,
        review.ReleaseAssignment,
        review.ReconsiderAssessment,
        review.AssignQuestion,
        review.WithdrawAssignment,
        review.SetReviewRules,
    )
}

__all__ = ["STEPS", "Step"]
