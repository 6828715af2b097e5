"""The whole table of who may what."""

from tests.role_matrix.api import API
from tests.role_matrix.pages import PAGES
from tests.role_matrix.rows import Row

TABLE: tuple[Row, ...] = (*PAGES, *API)
