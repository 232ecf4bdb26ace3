"""The demo: a fixed cast and articles in every state. Tests use the same cast."""
