"""The board: pages that anybody may look at, written as files that any web server serves."""
