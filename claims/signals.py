"""What claims says to the outside; other apps listen, and claims knows none of them."""

from django.dispatch import Signal

# Sent in the transaction that made an engine run the current one of its revision, so that what listeners
# write stands or falls with it. `run` is that EngineRun; `switch` is the EngineSwitch that says which claims
# took the place of which, or None where the revision had no run before. It comes (again) without a
# switch when an article goes back to a text it had before, for the claims of that text stand again.
claims_extracted = Signal()
