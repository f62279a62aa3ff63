"""The settings, and `dondoc init`, which writes a first folder."""
