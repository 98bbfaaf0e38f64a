"""The archive on disk: the catalogue is the truth; vectors and words are derived from it."""
