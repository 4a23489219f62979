"""Team behaviour: defensive line, lines and lanes, pressure, pressing, passes through lines."""
