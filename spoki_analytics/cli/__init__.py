"""The command line: thin commands over the package. Each command is a module; ``main`` puts them together."""
