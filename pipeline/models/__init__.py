"""The segmentation and pitch networks: backends, mask decoding, data sets, training, evaluation."""
