"""Lists of sensitive words, one text file a language; read by risk.py."""
