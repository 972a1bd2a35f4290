"""How fast the package is, against a hand-written loop and against the floor: ``python -m benchmarks --help``."""
