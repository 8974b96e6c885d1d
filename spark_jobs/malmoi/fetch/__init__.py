"""Fetching pages into the landing folder: polite, resumable, and the only part of Malmoi that depends on the clock."""
