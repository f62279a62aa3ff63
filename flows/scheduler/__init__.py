"""Runs nights and deliveries: on a schedule by Prefect, or directly."""
