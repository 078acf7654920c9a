"""Documents to candidate figures: exact reading, quantities, mentions."""
