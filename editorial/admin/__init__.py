"""The office's part of the desk. Importing it registers everything."""

from editorial.admin import closing, people, policy, records

__all__ = ["closing", "people", "policy", "records"]
