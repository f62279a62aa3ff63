"""`python -m dondoc`: the command, where no script was installed."""

from dondoc.flows.cli.program import main

main()
