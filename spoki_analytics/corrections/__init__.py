"""Corrections: plans that are shown first, sent once, journalled, and undone by their inverse."""
