"""Model names: one setting string says which language model answers, and where.

    openai:gpt-5-mini · anthropic:claude-opus-5 · google:gemini-3-flash
    openai@http://127.0.0.1:11434/v1:llama3:8b      any OpenAI-compatible server: Ollama, vLLM, llama.cpp, a gateway

After "@" stands the base address, up to the next ":" behind its path; the rest is the server's own name of the model.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal, get_args

from shorts_pipeline.errors import ConfigurationError

Provider = Literal["openai", "anthropic", "google"]
PROVIDERS: Final[tuple[str, ...]] = get_args(Provider)
_SETTING: Final = re.compile(
    r"(?P<provider>[a-z]+)(?:@(?P<base>https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::\d{1,5})?(?:/[^:\s]*)?))?:(?P<name>\S.*)"
)
# Where no secret is named: the one of the provider's own documentation, and only for the provider's own address.
_SECRETS: Final = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY", "google": "GOOGLE_API_KEY"}


@dataclass(frozen=True)
class ModelName:
    """Which model, and where; `base` None is the provider's own address."""

    provider: Provider
    name: str
    base: str | None = None

    @property
    def usual_secret(self) -> str | None:
        """Name of the secret to use where none is named; a server of one's own asks for none."""
        return None if self.base else _SECRETS[self.provider]

    def __str__(self) -> str:
        """As it is recorded: without the address."""
        return f"{self.provider}:{self.name}"


def model_name(setting: str) -> ModelName:
    """Read the setting. Raises `ConfigurationError` where it is none, saying what to write."""
    match = _SETTING.fullmatch(setting.strip())
    # "http://user:password@host": a secret has no place in a setting, so the setting is not repeated either.
    hides = match is not None and match["base"] is not None and "@" in match["name"][1:]
    if match is None or match["provider"] not in PROVIDERS or hides:
        raise ConfigurationError(
            "content_config.model names no model; write e.g. openai:gpt-5-mini, anthropic:…, google:… "
            "or openai@http://127.0.0.1:11434/v1:llama3 for a server of your own"
        )
    provider: Provider = match["provider"]  # type: ignore[assignment]
    return ModelName(provider, match["name"].strip(), match["base"])
