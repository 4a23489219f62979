"""The camera by hand: landmarks to click, the view behind clicks, and points.yaml."""
