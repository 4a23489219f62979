"""Foreign formats: tracking data in; positions and masks out."""
