"""The ways that are compared: this package's, a hand-written one, and the floor."""
