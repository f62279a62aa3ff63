"""What the board shows of the store: every case as it stands, what happened to it, and how many were open when."""
