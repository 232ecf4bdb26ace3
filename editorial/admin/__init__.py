"""The office's part of the desk. Importing it registers everything."""

from editorial.admin import people, policy, records

__all__ = ["people", "policy", "records"]
