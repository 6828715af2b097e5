"""How far reviewers agree: the measures (pure), what the database counts for them, pictures and files."""
