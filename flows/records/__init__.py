"""Reads and keeps stored state: status, audit, backup, metrics, waivers, inheritance, the register."""
