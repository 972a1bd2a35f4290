"""One way to plan a write, and to read it back, for each kind of write."""
