"""Rendering: a `Report` in, a terminal table, an HTML page or rows out. Computes no numbers of its own."""
