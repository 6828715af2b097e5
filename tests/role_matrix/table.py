"""The whole table of who may what."""

from tests.role_matrix.api import API
from tests.role_matrix.pages import ADMINS, PAGES, READ_AGAIN
from tests.role_matrix.people import STAFF
from tests.role_matrix.reviewing import BY_API, BY_PAGE
from tests.role_matrix.rows import Row

# The actions that lists of the admin offer.
ACTIONS: dict[str, frozenset[str]] = {
    "axes.accessattempt let_in_again": ADMINS,
    "claims.job retry_selected": READ_AGAIN,
    "knox.authtoken delete_selected": STAFF,  # one's own
    "reviews.matchingdue offer_again": READ_AGAIN,
}

TABLE: tuple[Row, ...] = (*PAGES, *BY_PAGE, *API, *BY_API)
