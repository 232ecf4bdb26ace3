"""The editors' queue: the named views, what stands in each, whose turn it is, and what to do next."""
