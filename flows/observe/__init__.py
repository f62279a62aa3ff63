"""Observability of a run: heartbeat, log, traces and timings."""
