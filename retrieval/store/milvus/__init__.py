"""An archive in a Milvus cluster."""
