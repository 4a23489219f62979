"""Cameras above a pitch: homographies, pinhole cameras, painted markings, covariances."""
