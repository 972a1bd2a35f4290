"""The HTTP side: catalogue, session with store, rates and repeats, and listings. Knows nothing of pandas."""
