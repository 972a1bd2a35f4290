"""Metrics: pure functions from typed frames to small metric frames; no requests, no figures, no clock.

The denominator is part of a rate's name (``read_per_delivered``); a rate whose denominator is zero or unknown is
missing, never infinite; beside each rate ``x`` stand ``x_low`` and ``x_high``, its 95 % Wilson interval.
"""
