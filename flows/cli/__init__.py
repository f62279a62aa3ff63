"""What is typed after `dondoc`: one module for each kind of question; `program` wires them together."""
