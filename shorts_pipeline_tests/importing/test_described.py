"""What of a description and a title is prose."""

import pytest

from shorts_pipeline.importing.described import is_text, prose, without_hashtags

KOREAN = """부산시가 로봇을 샀습니다. 해운대에서 먼저 씁니다. 🤖

더 보기: https://example.com/robots
00:00 시작
00:12 로봇
▶ 주민들은 밤에도 조용해서 좋다고 합니다.
구독과 좋아요, 알림 설정!
문의: hello@example.com
출처: 부산시
@dongne_tv #부산 #로봇 #shorts
"""
ENGLISH = """Memory chips cost 40% more than in June. Subscribe for more!
Prices rise because AI servers take them all.
👉 https://example.com
Music by Somebody
Follow me on Instagram: @chips
"""


def test_links_tags_marks_and_requests_go():
    assert prose(KOREAN, "ko") == [
        "부산시가 로봇을 샀습니다.",
        "해운대에서 먼저 씁니다.",
        "주민들은 밤에도 조용해서 좋다고 합니다.",
    ]
    assert prose(ENGLISH, "en") == [
        "Memory chips cost 40% more than in June.",
        "Prices rise because AI servers take them all.",
    ]


@pytest.mark.parametrize(
    "text", ["", "#shorts", "https://example.com", "구독 부탁드려요 🙏", "🔥🔥🔥", "0:00 intro\n0:10 end"]
)
def test_a_description_without_prose_says_nothing(text):
    assert prose(text, "ko") == []


def test_a_line_is_no_text_and_a_paragraph_is():
    assert not is_text(["오늘의 소식입니다."], "ko")
    assert not is_text(["하나.", "둘.", "셋."], "ko")
    assert is_text(["부산시가 바닷가 쓰레기를 로봇으로 치우기로 했습니다.", "해운대에서 먼저 여섯 대가 일합니다.",
                    "주민들은 밤에도 조용해서 좋다고 말합니다."], "ko")  # fmt: skip


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("부산 로봇 #shorts #부산", "부산 로봇"),
        ("#1 reason chips cost more", "#1 reason chips cost more"),
        ("C# 배우기 #코딩", "C# 배우기"),
        ("#부산 #로봇", "부산 로봇"),
        ("R&D 예산 #과학", "R&D 예산"),
    ],
)
def test_a_title_loses_its_hashtags_and_never_all_its_words(title, bare):
    assert without_hashtags(title) == bare
