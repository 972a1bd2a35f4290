"""What exists in the sandbox: accounts, their records and their traffic, all from one seed and seen at one moment."""
