"""A believable installation of any size: a few stories told by the real verbs, and copied in bulk.

Each story is told once, by people with marked names about articles with marked words, in a transaction that is rolled
back. What it left in each table is read as text, and every mark in it becomes a gap. A copy fills the gaps: other
people, other words, other numbers, and the digests, seals and chain that follow from them. So whatever the verbs
write is copied, also what they will write in later versions of this code.
"""
