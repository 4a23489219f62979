"""Neural networks at work: weights, backends, pictures in, instances, label maps and pitch landmarks out."""
