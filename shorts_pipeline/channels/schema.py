"""What is published about channel files: the JSON schema editors use, and the table of keys in docs/channels.md.

Both are made from the models; `shorts channels schema --write` renews them and a test compares.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from shorts_pipeline.channels.file import ChannelFile

SCHEMA_FILE: Final = Path("channels/schema.json")
PAGE: Final = Path("docs/channels.md")
TABLE_START: Final = "<!-- keys: made by `shorts channels schema --write` -->"
TABLE_END: Final = "<!-- end of keys -->"

Schema = dict[str, Any]


def channel_schema() -> Schema:
    """JSON schema (draft 2020-12) of a channel file."""
    schema = ChannelFile.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Channel file"}


def schema_text() -> str:
    """The schema as it is published."""
    return json.dumps(channel_schema(), indent=2, ensure_ascii=False, sort_keys=False) + "\n"


def keys_table() -> str:
    """Every key of a channel file: what it takes, its default, what it means; one table a section."""
    schema = channel_schema()
    sections: dict[str, list[str]] = {}
    for path, node, required in _keys(schema, schema["$defs"], ""):
        section = path.split(".")[0].removesuffix("[]") if "." in path else ""
        needed = required or (node.get("minItems") and not node.get("default"))
        default = "must be given" if needed else _default(node)
        sections.setdefault(section, []).append(
            f"| `{path}` | {_takes(node, schema['$defs'])} | {default} | {_cell(node.get('description', ''))} |"
        )
    return "\n\n".join(_section(name, rows) for name, rows in sections.items()) + "\n"


def page_text(current: str) -> str:
    """docs/channels.md with its table renewed."""
    before, rest = current.split(TABLE_START)
    after = rest.split(TABLE_END)[1]
    return f"{before}{TABLE_START}\n\n{keys_table()}\n{TABLE_END}{after}"


def published(root: Path) -> dict[Path, str]:
    """Every published file under `root` and what it should hold."""
    page = root / PAGE
    return {root / SCHEMA_FILE: schema_text(), page: page_text(page.read_text(encoding="utf-8"))}


def _section(name: str, rows: list[str]) -> str:
    title = f"### {name}" if name else "### The channel itself"
    return "\n".join([title, "", "| key | takes | default | what it is |", "|---|---|---|---|", *rows])


def _keys(node: Schema, models: Schema, path: str) -> Iterator[tuple[str, Schema, bool]]:
    """(path, schema, required) of every key that takes a value; `<name>` is a name of yours, `[]` an item."""
    for key, part in node["properties"].items():
        here = f"{path}.{key}" if path else key
        required = key in node.get("required", ())
        suffix, model = _model(part, models)
        if model is None:
            yield here, part, required
        else:
            yield from _keys(model, models, here + suffix)


def _model(part: Schema, models: Schema) -> tuple[str, Schema | None]:
    """The model that stands under a key: itself, as items of a list, or by name; None for a plain value."""
    for suffix, inner in (("", part), ("[]", part.get("items", {})), (".<name>", _by_name(part))):
        found = models.get(str(inner.get("$ref", "")).rpartition("/")[2])
        if found and "properties" in found:
            return suffix, found
    return "", None


def _by_name(part: Schema) -> Schema:
    inner = part.get("additionalProperties", {})
    return inner if isinstance(inner, dict) else {}


def _takes(part: Schema, models: Schema) -> str:
    """What a key takes, in words."""
    if "$ref" in part:
        return _takes(models[part["$ref"].rpartition("/")[2]], models)
    if "anyOf" in part:
        return " or ".join(_takes(one, models) for one in part["anyOf"] if one.get("type") != "null")
    if "enum" in part:
        return ", ".join(f"`{value}`" for value in part["enum"])
    kind = part.get("type")
    if kind == "array":
        return f"list of: {_takes(part['items'], models)}"
    if kind == "object":
        return f"by name: {_takes(_by_name(part), models)}"
    if kind in ("integer", "number"):
        return ("whole number" if kind == "integer" else "number") + _range(part)
    return {"boolean": "true or false"}.get(str(kind), "text")


def _range(part: Schema) -> str:
    least = part.get("minimum", part.get("exclusiveMinimum"))
    most = part.get("maximum", part.get("exclusiveMaximum"))
    above = "above " if "exclusiveMinimum" in part else ""
    if least is None:
        return ""
    if most is None:
        return f", {above or 'from '}{least:g}" + ("" if above else " on")
    return f", {above}{least:g} to {most:g}"


def _default(part: Schema) -> str:
    default = part.get("default")
    if default is None:
        return "none"
    return f"`{json.dumps(default, ensure_ascii=False)}`" if default not in ("", [], {}) else "empty"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
