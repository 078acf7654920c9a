"""Packs made and sent at their hour, each run kept in a ledger."""
