"""Files that carry their own record and are the same bytes for the same content, kept by hash."""
