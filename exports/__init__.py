"""Pictures, reports and schedules: what leaves the house as files, each proven complete."""
