"""Tables by windows of frames, packed as columns of numbers that a browser reads without parsing."""
