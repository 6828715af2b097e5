"""Many row numbers given to a query as one value.

After `IN` each of them is a parameter of its own. A story has hundreds of claims, and to write out that many
parameters takes longer than to find the rows.
"""

from collections.abc import Iterable

from django.db.models.expressions import RawSQL


def row_ids(ids: Iterable[int]) -> RawSQL:
    """The numbers as a subquery, for a lookup that ends in `__in`."""
    return RawSQL("SELECT unnest(%s::bigint[])", [sorted(ids)])
