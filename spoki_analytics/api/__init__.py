"""The HTTP side: requests that are paced, repeated, kept and walked to whole listings; it knows nothing of pandas."""

import logging

# A library is silent until its user asks: https://docs.python.org/3/howto/logging.html#library-config
logging.getLogger(__name__).addHandler(logging.NullHandler())
