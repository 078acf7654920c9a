"""Stages that turn documents and tables into observations, and the store that keeps them."""
