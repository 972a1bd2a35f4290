"""The sandbox over HTTP: keys, rates, faults, delivery, and what is written down of each request."""
