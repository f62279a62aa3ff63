"""What is typed after `dondoc`: one module for each kind of question, wired together in `flows.cli.program`."""
