"""`make bench`: keepalived-py beside keepalived, in the same run. README.md shows a result."""
