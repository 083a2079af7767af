"""Voices: real espeak-ng, edge-tts against a server of our own."""
