"""The demonstration: chosen nights, and one case about which offices answer, all on this machine."""
