"""When things happen, and wiring: settings, the steps of a night, the Prefect flows, the command line."""
