"""The whole table of who may what."""

from tests.role_matrix.api import API
from tests.role_matrix.pages import PAGES
from tests.role_matrix.reviewing import BY_API, BY_PAGE
from tests.role_matrix.rows import Row

TABLE: tuple[Row, ...] = (*PAGES, *BY_PAGE, *API, *BY_API)
