"""Growth, shares, structure, attainment, same-month sums and coverage of comparable figures."""
