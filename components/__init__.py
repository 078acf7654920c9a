"""Pure charts and thin pages over the tables of the store."""
