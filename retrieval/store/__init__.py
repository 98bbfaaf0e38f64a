"""The archive on disk: catalogue, vectors, words, stories; in a folder or in a cluster."""
