"""What a letter says of each kind of rule: a module per kind, found with `registry.wording_of`."""
