"""Looking at wide pictures through tiles, so that people are large enough for the network."""
