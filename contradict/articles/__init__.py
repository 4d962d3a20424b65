"""Articles: from a text to what the people quoted in it say, each claim with the one who makes it."""
