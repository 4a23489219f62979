"""Corrections made in the workbench: lines of ``corrections.yaml``, checked, appended and applied."""
