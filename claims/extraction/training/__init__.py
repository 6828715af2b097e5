"""How the weights in `claims/extraction/model/` are made: `python -m claims.extraction.training --help`.

Needs the corpora beside the checkout and nothing of Django. Nothing here is imported by the engine.
"""
