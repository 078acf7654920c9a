"""Facts that must hold between figures, each a named rule over an index of observations."""
