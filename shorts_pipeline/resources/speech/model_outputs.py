"""One more output of an ONNX model, without the onnx library.

Speech models know how long each sound lasts, but do not say it. A serialised model to which a second one is appended
is read as both merged (protocol buffers), so a graph that holds only an output adds that output.
Loaded by the workers, by path: it may import nothing but the standard library.
"""

_MODEL_GRAPH, _GRAPH_OUTPUT, _VALUE_NAME = 7, 12, 1
_LENGTH_DELIMITED = 2


def with_output(model: bytes, name: str) -> bytes:
    """The model that also gives the tensor called `name`."""
    value = _field(_VALUE_NAME, name.encode())
    return model + _field(_MODEL_GRAPH, _field(_GRAPH_OUTPUT, value))


def _field(number: int, content: bytes) -> bytes:
    if len(content) > 127:
        raise ValueError("longer than one byte can say")
    return bytes([number << 3 | _LENGTH_DELIMITED, len(content)]) + content
