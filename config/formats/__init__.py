"""How dates and times are written, wherever a page does not say it itself."""
