"""The commands of `dondoc`: one module for each group; `program` puts them together."""
