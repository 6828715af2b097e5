"""A sentence as the single things it says."""
