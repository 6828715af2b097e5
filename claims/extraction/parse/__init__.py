"""A text as paragraphs, sentences, words and trees."""
