"""Forecasts of short annual and monthly series with intervals that were measured.

Importing this package imports nothing: a dashboard that starts need not wait for the numerical libraries.
"""
