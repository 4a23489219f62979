"""Training the reader of shirt numbers: made-up and labelled crops, the network, the loop."""
