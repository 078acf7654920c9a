"""Pictures of charts with their records: one browser kept open, each file proven before it is handed over."""
