"""From text to nodes, with places."""
