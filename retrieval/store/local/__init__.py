"""An archive in a folder."""
