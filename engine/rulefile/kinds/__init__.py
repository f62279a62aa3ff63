"""The kinds of conditions, as they are written under `when:` of a rule."""
