"""A topic in, a judged script out: retrieve, write, judge, chunk."""
