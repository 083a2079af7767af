"""Stock: pictures and films of a library, searched for with what a sentence is about."""

import logging
import time
from dataclasses import dataclass, field

from shorts_pipeline.database.documents.content_config import VideoStyle
from shorts_pipeline.errors import PipelineError
from shorts_pipeline.videos.fonts import Face
from shorts_pipeline.videos.pictures.downloads import Downloads
from shorts_pipeline.videos.pictures.illustrate import Scene, Still, Story
from shorts_pipeline.videos.pictures.photo import filmed, photographed
from shorts_pipeline.videos.pictures.search_words import queries
from shorts_pipeline.videos.pictures.stock.offers import Kind, Offer, ranked
from shorts_pipeline.videos.pictures.stock.requests import Library
from shorts_pipeline.videos.pictures.stock.searches import Searches

MOST_TRIED = 5
"""Offers of one search that are downloaded in vain before the next words are tried."""
MOST_FAILED = 8
"""Downloads of a video that may fail before the library is left alone for the rest of it."""
PATIENCE = 240.0
"""Seconds that downloads of a video may take in all before the library is left alone for the rest of it."""
_log = logging.getLogger(__name__)


@dataclass
class Stock:
    """The works of one library and kind for one video."""

    library: Library
    kind: Kind
    key: str = field(repr=False)
    searches: Searches
    downloads: Downloads
    story: Story
    style: VideoStyle
    face: Face
    refused: dict[str, str] = field(default_factory=dict)
    """What was not taken, and why, by identity."""
    waited: float = 0.0

    def still(self, scene: Scene, used: frozenset[str]) -> Still | None:
        """The first work, by the words that say most, which is not used and decodes."""
        for query in queries(scene.text, self.story.keywords, self.story.language):
            if len(self.refused) >= MOST_FAILED or self.waited >= PATIENCE:
                return None
            offers = self.searches.offers(self.library, self.key, query.words, query.language, self.kind)
            new = [offer for offer in ranked(offers, scene.seconds) if offer.identity not in used | self.refused.keys()]
            for offer in new[:MOST_TRIED]:
                if (still := self._taken(offer, scene)) is not None:
                    return still
        return None

    def _taken(self, offer: Offer, scene: Scene) -> Still | None:
        began = time.monotonic()
        try:
            file = self.downloads.file(offer.rendition.address, self.kind)
        except PipelineError as reason:
            self.refused[offer.identity] = str(reason)
            _log.warning("%s was not taken: %s", offer.identity, reason)
            return None
        finally:
            self.waited += time.monotonic() - began
        make = filmed if self.kind == "video" else photographed
        return make(file, scene, self.style, self.face, source=f"{self.library.name}-{self.kind}", credit=offer.credit)
