"""What the rules demand: which tasks exist, the rows of forms, and the register of obligations."""
