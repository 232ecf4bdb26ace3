"""The office's part of the desk. Importing it registers everything."""

from editorial.admin import board, closing, membership, people, policy, records

__all__ = ["board", "closing", "membership", "people", "policy", "records"]
