"""What readers see of findings: which marks they concern, how they look on charts, in lists and in a picture."""
