"""Frames in, plotly figure dicts out; nothing else."""
