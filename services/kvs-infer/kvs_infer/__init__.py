"""kvs-infer: classifies video frames with a small convolutional network."""
