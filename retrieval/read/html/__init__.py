"""Web pages → lines with their structure."""
