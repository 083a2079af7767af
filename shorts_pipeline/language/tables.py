"""Tables: how the word lists of this room are written down, many to a line."""


def listed(text: str) -> tuple[str, ...]:
    """The words of a list written as text."""
    return tuple(text.split())


def paired(text: str) -> dict[str, str]:
    """A mapping written as text: `key=value key=value`, "_" for a space inside a value."""
    return {key: value.replace("_", " ") for key, _, value in (pair.partition("=") for pair in text.split())}
