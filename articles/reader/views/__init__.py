"""The public pages. Public rows alone: no cookie, nothing private to leak."""
