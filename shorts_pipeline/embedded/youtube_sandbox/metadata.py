"""What videos.insert and videos.update accept: YouTube's limits, and its sometimes surprising defaults."""

from datetime import UTC, datetime
from typing import Any

from shorts_pipeline.embedded.youtube_sandbox.answers import ApiError

TITLE_CHARACTERS = 100
DESCRIPTION_BYTES = 5000
TAGS_CHARACTERS = 500


def checked_snippet(snippet: dict[str, Any]) -> dict[str, Any]:
    """The fields of a snippet as a record holds them. What is left out is emptied: an update overwrites the part."""
    title = str(snippet.get("title", ""))
    description = str(snippet.get("description", ""))
    tags = [str(tag) for tag in snippet.get("tags", [])]
    if not 1 <= len(title) <= TITLE_CHARACTERS or not title.strip() or _angled(title):
        raise ApiError(400, "invalidTitle", "The request metadata specifies an invalid or empty video title.")
    if len(description.encode()) > DESCRIPTION_BYTES or _angled(description):
        raise ApiError(400, "invalidDescription", "The request metadata specifies an invalid video description.")
    if tags_length(tags) > TAGS_CHARACTERS or any(_angled(tag) for tag in tags):
        raise ApiError(400, "invalidTags", "The request metadata specifies invalid video keywords.")
    category = str(snippet.get("categoryId", "22"))
    if not category.isdigit():
        raise ApiError(400, "invalidCategoryId", "The snippet.categoryId property specifies an invalid category ID.")
    return {
        "title": title,
        "description": description,
        "tags": tags,
        "category_id": category,
        "language": snippet.get("defaultLanguage"),
        "audio_language": snippet.get("defaultAudioLanguage"),
    }


def tags_length(tags: list[str]) -> int:
    """Characters as YouTube counts them: commas between, two quotation marks around a tag with a space."""
    return sum(len(tag) + (2 if " " in tag else 0) for tag in tags) + max(0, len(tags) - 1)


def checked_status(status: dict[str, Any], now: datetime, published_at: datetime | None = None) -> dict[str, Any]:
    """The fields of a status as a record holds them. Privacy left out means public; a past `publishAt`, at once.

    `published_at`: when the video was first public, if it ever was: it cannot be scheduled any more.
    """
    privacy = str(status.get("privacyStatus", "public"))
    if privacy not in {"public", "private", "unlisted"}:
        raise ApiError(400, "invalidVideoMetadata", "privacyStatus")
    publish_at = _instant(status.get("publishAt"))
    if publish_at is not None:
        if privacy != "private" or published_at is not None:
            raise ApiError(400, "invalidPublishAt", "publishAt needs a private video that was never published.")
        if publish_at <= now:
            privacy, publish_at = "public", None
    return {
        "privacy": privacy,
        "publish_at": publish_at,
        "published_at": (published_at or now) if privacy == "public" else published_at,
        "made_for_kids": status.get("selfDeclaredMadeForKids"),
        "synthetic": bool(status.get("containsSyntheticMedia", False)),
    }


def _angled(text: str) -> bool:
    return "<" in text or ">" in text


def _instant(text: object) -> datetime | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        raise ApiError(400, "invalidPublishAt", "publishAt is not an ISO 8601 instant.") from None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
