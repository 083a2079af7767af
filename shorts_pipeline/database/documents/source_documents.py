"""sources.connection_config, parser_config and default_filters: how a source is reached and read."""

import re
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from shorts_pipeline.database.documents.expressions import expression, selector
from shorts_pipeline.database.documents.fields import (
    Flag,
    Number,
    Part,
    SecretName,
    Text,
    Whole,
    Word,
    Words,
    conflict,
)

Parameters = Mapping[Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")], Words]
"""Values for the {places} of an address: each is asked for in turn."""

MOST_ADDRESSES = 50
"""Most addresses that the {places} of one source may make."""

EXPRESSIONS = (
    "items",
    "identity",
    "title",
    "link",
    "content",
    "date",
    "score",
    "comments",
    "traffic",
    "skip",
)
"""Keys of a parser that hold JMESPath (`json`) or a CSS selector (`html`)."""

_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_SECRET_HEADERS = {"authorization", "proxy-authorization", "cookie", "x-api-key", "api-key", "x-auth-token"}


def _address(value: str) -> str:
    if not re.match(r"^https?://[^\s/?#]+", value):
        raise ValueError("not a web address; write one that starts with https://")
    if re.search(r"\s", value):
        raise ValueError("an address holds no white space")
    return value


class SourceConnection(Part):
    """Where a source is and how it is asked."""

    url: Annotated[Text, AfterValidator(_address), Field(max_length=2_000)] = Field(
        description="Address, with {parameter} places that the source's or channel's parameters fill."
    )
    method: Literal["GET", "POST"] = Field("GET", description="HTTP method.")
    headers: Mapping[Word, Text] = Field({}, description="Headers, never with a secret in them.")
    query: Mapping[Word, Text] = Field(
        {}, description="Query parameters, never with a secret in them; {parameter} places are filled."
    )
    body: Mapping[Word, Text | Whole | Flag | tuple[Text, ...]] = Field(
        {}, description="What a POST sends, as JSON, never with a secret in it."
    )
    parameters: Parameters = Field({}, description="Values for the {places}, where the channel gives none.")
    secret: SecretName | None = Field(None, description="Name of the secret that is sent along.")
    secret_header: Word | None = Field("Authorization", description="Header the secret is sent in.")
    secret_query: Word | None = Field(None, description="Query parameter the secret is sent in, instead of a header.")
    secret_format: Word = Field("Bearer {secret}", description="How the header is written; {secret} is its place.")
    page_parameter: Word | None = Field(None, description="Query parameter of the page number; none: one page.")
    first_page: Annotated[Whole, Field(ge=0, le=10)] = Field(1, description="Number of the first page.")
    most_pages: Annotated[Whole, Field(ge=1, le=50)] = Field(1, description="Most pages read in one go.")

    @model_validator(mode="after")
    def _secrets_are_named(self) -> Self:
        for header in self.headers:
            if header.lower() in _SECRET_HEADERS:
                raise conflict(f"{header} carries a secret; name it in `secret` and `secret_header` instead", "headers")
        if self.body and self.method != "POST":
            raise conflict("only a POST sends a body; write method: POST or leave it out", "body", "method")
        if self.secret and not (self.secret_query or self.secret_header):
            raise conflict("the secret is sent nowhere; write secret_header or secret_query", "secret")
        if "{secret}" not in self.secret_format:
            raise conflict("{secret} is missing; write it where the secret belongs", "secret_format")
        return self

    @property
    def places(self) -> tuple[str, ...]:
        """Names of the {places} in the address and its query."""
        return tuple(dict.fromkeys(_PLACE.findall(" ".join((self.url, *self.query.values())))))


class SourceParser(Part):
    """How an answer is read: RSS and Atom by themselves, JSON by JMESPath, HTML by CSS selectors."""

    format: Literal["rss", "json", "html"] = Field("rss", description="`rss` reads RSS, Atom, RDF and JSON Feed.")
    items: Text | None = Field(None, description="The list of items.")
    identity: Text | None = Field(None, description="What tells one item from another; none: its link.")
    title: Text | None = Field(None, description="An item's title.")
    link: Text | None = Field(None, description="An item's address.")
    content: Text | None = Field(None, description="An item's text.")
    date: Text | None = Field(None, description="When it was published.")
    score: Text | None = Field(None, description="Votes or likes.")
    comments: Text | None = Field(None, description="Number of comments.")
    traffic: Text | None = Field(None, description="How much a term is searched for; figures like 20K+ are read.")
    skip: Text | None = Field(None, description="Where this finds something (and not false), the item is left out.")
    articles: Flag | None = Field(
        None,
        description="Whether the page behind a new item's link is read for its text; none: for html without `content`.",
    )
    most_details: Annotated[Whole, Field(ge=1, le=500)] = Field(
        30, description="Most items (`detail_url`) or pages (`articles`) asked for one by one in one reading."
    )
    detail_url: Annotated[Text, AfterValidator(_address)] | None = Field(
        None, description="Address of one item, with {id}, where the list holds only ids."
    )

    @model_validator(mode="after")
    def _says_where_to_look(self) -> Self:
        if self.format != "rss" and not (self.title and (self.items or self.detail_url)):
            message = f"{self.format} needs `items` (or `detail_url`) and `title`; add them"
            raise conflict(message, "format", "items", "detail_url", "title")
        if self.detail_url and (self.format != "json" or "{id}" not in self.detail_url):
            raise conflict("an item's own address is JSON's, and has {id} in it", "detail_url")
        return self

    @model_validator(mode="after")
    def _can_be_read(self) -> Self:
        check = {"json": expression, "html": selector}.get(self.format)
        for name in EXPRESSIONS if check else ():
            written = getattr(self, name)
            try:
                if check and written is not None:
                    check(written)
            except ValueError as error:
                raise conflict(str(error), name) from None
        return self

    @property
    def reads_articles(self) -> bool:
        """Whether the page behind a new item's link is read for its text."""
        return self.articles if self.articles is not None else self.format == "html" and self.content is None


class ItemFilters(Part):
    """Which items of a source are looked at. A filter that is not given lets everything pass."""

    least_score: Annotated[Whole, Field(ge=0)] | None = Field(None, description="Least votes at the source.")
    least_comments: Annotated[Whole, Field(ge=0)] | None = Field(None, description="Least comments at the source.")
    greatest_age_hours: Annotated[Number, Field(gt=0, le=24 * 366)] | None = Field(
        None, description="Older items are left."
    )
    keywords: Words | None = Field(None, description="At least one of these words must appear.")
    excluded_keywords: Words | None = Field(None, description="None of these words may appear.")

    def over(self, other: "ItemFilters") -> "ItemFilters":
        """These filters, and the other's where these are silent (a channel's over its source's)."""
        return ItemFilters(**(other.model_dump(exclude_none=True) | self.model_dump(exclude_none=True)))
