"""What the sandbox answers: one module a family, named as in ``resources``, with its reads and its writes together."""
