"""What happened to an article, merged from the records, as whoever looks may know it."""
