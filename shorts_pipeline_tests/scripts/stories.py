# ruff: noqa: E501 - articles stand as feeds bring them
"""Stories as feeds bring them, invented for these tests, and briefs about them."""

from typing import Any
from uuid import UUID, uuid5

from shorts_pipeline.database.documents import CommunicationStyle, ContentConfig
from shorts_pipeline.language import keywords
from shorts_pipeline.scripts.brief import Brief, Story, Voice

NAMESPACE = UUID("00000000-0000-0000-0000-00000000005c")

KOREAN_STYLE = CommunicationStyle(
    formality="polite",
    sentence_endings=("해요", "예요", "했어요", "입니다", "네요"),
    connectors=("그런데", "근데", "그래서", "그리고", "다만"),
    avoided_words=("충격", "경악", "대박"),
    avoided_phrases=("믿기 힘든", "아무도 몰랐던"),
    openings=(
        "{fact} 소식, 들으셨나요?",
        "{fact} 이야기, 알고 계셨나요?",
        "{keyword}, 무슨 일이 있었을까요?",
        "오늘 이 소식, 들으셨나요?",
    ),
    closings=("오늘의 한입은 여기까지예요.", "내일도 한입 크기로 찾아올게요."),
    call_to_action="soft",
    call_to_action_phrases=("여러분은 어떻게 생각하세요?", "도움이 됐다면 다음 한입도 함께해요."),
)
ENGLISH_STYLE = CommunicationStyle(
    formality="casual",
    connectors=("but", "so", "and", "meanwhile"),
    avoided_words=("insane", "shocking", "game-changer"),
    avoided_phrases=("you won't believe",),
    openings=(
        "{fact}.",
        "Okay, look: {fact}.",
        "{keyword}: here is what happened.",
    ),
    closings=("That is your byte for today.", "We will keep an eye on it."),
    call_to_action="soft",
    call_to_action_phrases=("What would you do?", "Follow along for the next byte."),
)

CHIP = (
    "[속보] 한별반도체, 3나노 AI 칩 양산 시작…“전력 30% 절감”",
    "(서울=가온뉴스) 김하늘 기자 = 한별반도체가 3나노 공정을 적용한 인공지능 반도체 '한별 X3'의 양산을 시작했다고 2일 밝혔다. "
    "이 칩은 이전 세대보다 전력 소모를 30% 줄였고, 연산 속도는 1.8배로 높였다. "
    "한별반도체는 지난해 2조4000억원을 들여 평택에 전용 생산 라인을 지었다. "
    "박서준 한별반도체 대표는 “연말까지 생산량을 월 5만장으로 늘리겠다”고 말했다(사진). "
    "업계에서는 데이터센터 수요가 늘면서 공급 부족이 이어질 것으로 보고 있다. "
    "다만 수율이 아직 60%대에 머물러 수익성은 지켜봐야 한다는 지적도 나온다.\n"
    "하늘@gaon.example  무단 전재 및 재배포 금지\n▶ 관련기사 보기 https://news.example.com/1",
)
LOAN = (
    "전세대출 금리 넉 달 만에 내렸다",
    "<p>시중은행의 전세대출 평균 금리가 넉 달 만에 내렸다. </p><p>한국은행에 따르면 지난달 은행권 전세대출 평균 금리는 연 3.71%로 "
    "한 달 전보다 0.12%포인트 낮아졌다. 시장금리가 떨어지고 은행들이 대출 경쟁에 나선 영향이다. "
    "하지만 주택담보대출 금리는 연 4.05%로 거의 그대로였다. "
    "금융당국은 가계대출이 다시 늘어날 수 있어 은행별 증가 속도를 점검하기로 했다.</p>"
    "<p>카카오톡에서 뉴스 구독하기</p>",
)
BUS = (
    "서울 자율주행 심야버스, 이용객 10만 명 넘어",
    "서울시는 자율주행 심야버스의 누적 이용객이 운행 1년 만에 10만 명을 넘었다고 밝혔다. "
    "버스는 합정역과 동대문역 사이 9.8㎞ 구간을 평일 밤 11시 30분부터 다음 날 새벽 5시까지 오간다. "
    "이용객의 82%가 다시 타겠다고 답했으며, 가장 만족한 점으로는 부드러운 주행을 꼽았다. "
    "지금까지 사고는 한 건도 없었다. "
    "시는 올해 안에 청량리까지 노선을 늘릴 계획이다.",
)
MEMORY = (
    "Memory prices jump 8% as AI servers drain supply",
    "SEOUL, March 2 (Wire) — Memory chip prices rose 8% in the first quarter, the steepest climb in two years, according to "
    "market researcher Parallax. Server makers building AI systems bought most of the available supply (Parallax tracks 40 "
    "suppliers). Laptop and phone makers now wait up to 14 weeks for parts, the report said. "
    "However, two new factories in Arizona and Hokkaido are due to open before the end of the year. "
    "Parallax expects prices to level off by autumn. Read more: https://news.example.com/memory. "
    "Sign up for our newsletter. © 2026 The Example",
)
PRIVACY = (
    "European Commission fines FitTrack over health data",
    "The European Commission fined fitness app maker FitTrack 120 million euros on Monday for selling health data without "
    "consent. Regulators said the company shared heart rate and sleep records of 6 million users with advertisers. "
    'FitTrack said it would appeal the decision. "We stopped the practice in 2024," chief executive Ana Ruiz wrote in a '
    "statement. The company has 60 days to delete the data. Users can check what was shared in the app's privacy settings.",
)
ROBOT = (
    "Startup Hexa raises $45 million for warehouse robots",
    "Hexa, a Boston startup, raised $45 million to build robots that unload trucks. The round was led by Northgate Capital. "
    "Its robot moves 900 boxes an hour, about twice as fast as a person. It already works in 12 warehouses in Ohio and Texas. "
    "But unions worry about jobs: they asked for talks before any new robots arrive. Hexa plans to ship 300 more machines "
    "this year. [Image credit: Hexa]",
)


def a_story(told: tuple[str, str], language: str, **over: Any) -> Story:
    """A story from a title and an article."""
    title, text = told
    defaults: dict[str, Any] = {
        "topic_id": uuid5(NAMESPACE, title),
        "title": title,
        "language": language,
        "summary": "",
        "texts": (text,),
        "keywords": tuple(keywords(f"{title} {text}", language, 8)),
    }
    return Story(**defaults | over)


def a_brief(told: tuple[str, str], language: str = "ko", **over: Any) -> Brief:
    """A brief for a story in the manner of the example channels; `content` and `style` override theirs."""
    opening = "question" if language == "ko" else "statement"
    content = ContentConfig.model_validate(
        {"target_seconds": 30, "language": language, "opening": opening, **over.pop("content", {})}
    )
    base = KOREAN_STYLE if language == "ko" else ENGLISH_STYLE
    style = base.model_copy(update=over.pop("style", {}))
    story = a_story(told, **{"language": language, **over.pop("story", {})})
    return Brief(**{"story": story, "voice": Voice("한입", style), "content": content, **over})
