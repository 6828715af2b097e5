"""Names, times and quantities."""
