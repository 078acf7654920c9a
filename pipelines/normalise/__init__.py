"""Raw rows to observations: periods, units, bounds, vintages."""
