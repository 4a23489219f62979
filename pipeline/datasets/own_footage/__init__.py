"""The footage of a run as a data set: what to correct by hand, and what the network found there."""
