"""Answers about the years ahead: which series, which question, what was kept on disk, what was said before."""
