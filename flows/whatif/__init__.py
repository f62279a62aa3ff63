"""Simulated nights: backtests, forecasts, previews and the tests of rule packs."""
