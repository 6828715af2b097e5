"""What can go wrong in reviews, in words fit to show to the person who asked."""

import claims.errors


class ReviewError(Exception):
    """A step of the review cannot be taken; the message says why and what to do."""


class NotAllowed(ReviewError, claims.errors.NotAllowed):
    """This person may not do that, or not now."""


class TooLarge(ReviewError):
    """Something that was sent has more bytes than are kept of it."""


class Conflict(ReviewError):
    """Something changed since it was last seen, or is not in a state for this step."""
