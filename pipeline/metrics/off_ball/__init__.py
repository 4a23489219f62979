"""Off-ball runs: in behind, overlap, underlap, pulling wide, support."""
