"""Stories and how they are told again: as feeds and writers do it, in Korean and English."""

# Each: (title, script) and its retellings: figures moved on, sentences turned round, a part of it, another ending.
KOREAN = [
    (
        (
            "반도체 수출 7달 연속 증가",
            "반도체 수출이 또 늘었어요. 지난달 수출액은 140억 달러로 한 해 "
            "전보다 24% 많았어요. 인공지능 서버에 들어가는 고대역폭 메모리가 "
            "이끌었어요. 다만 중국으로 가는 물량은 줄었어요. 다음 달에도 이어질지 "
            "지켜봐요.",
        ),
        [
            (
                "반도체 수출 8달 연속 증가",
                "반도체 수출이 또 늘었어요. 지난달 수출액은 151억 달러로 한 해 "
                "전보다 27% 많았어요. 인공지능 서버에 들어가는 고대역폭 메모리가 "
                "이끌었어요. 다만 중국으로 가는 물량은 줄었어요. 다음 달에도 "
                "이어질까요?",
            ),
            (
                "고대역폭 메모리의 힘",
                "인공지능 서버에 들어가는 고대역폭 메모리가 이끌었어요. 반도체 수출이 "
                "또 늘었어요. 다만 중국으로 가는 물량은 줄었어요.",
            ),
        ],
    ),
    (
        (
            "커피값 5천 원 시대",
            "커피 한 잔이 5천 원을 넘었어요. 브라질 가뭄으로 원두가 귀해졌기 "
            "때문이에요. 동네 카페들은 값을 올릴지 말지 고민해요. 집에서 내려 "
            "마시는 사람도 늘었어요.",
        ),
        [
            (
                "커피값 5천원 시대",
                "커피 한 잔에 5천 원이 넘는 시대예요. 원두가 귀해졌거든요. 브라질에 가뭄이 들었어요.",
            ),
            (
                "원두가 귀해진 까닭",
                "커피 한 잔이 5천 원을 넘었어요. 브라질 가뭄으로 원두가 귀해졌기 "
                "때문이에요. 동네 카페들은 값을 올릴지 말지 고민해요. 여러분은 "
                "얼마까지 낼 수 있나요?",
            ),
        ],
    ),
    (
        (
            "야구 개막전 매진",
            "프로야구가 다시 시작됐어요. 다섯 구장 모두 표가 다 팔렸어요. 관중은 "
            "모두 10만 명이 넘었어요. 첫 홈런은 신인 선수가 쳤어요.",
        ),
        [
            (
                "야구 개막전 전석 매진",
                "야구가 돌아왔어요! 다섯 곳 모두 꽉 찼고 신인이 첫 홈런을 날렸어요.",
            ),
        ],
    ),
]
ENGLISH = [
    (
        (
            "chip exports rise for a seventh month",
            "Chip exports are up again. Last month they reached 14 billion dollars, 24 percent "
            "more than a year before. Memory for AI servers did most of it. Shipments to China "
            "fell, though. Will it last another month?",
        ),
        [
            (
                "chip exports rise for an eighth month",
                "Chip exports are up again. Last month they reached 15 billion dollars, 27 percent "
                "more than a year before. Memory for AI servers did most of it. Shipments to China "
                "fell, though. Let us see.",
            ),
            (
                "what ai servers buy",
                "Memory for AI servers did most of it. Chip exports are up again. Shipments to China fell, though.",
            ),
        ],
    ),
    (
        (
            "coffee now costs five dollars",
            "A cup of coffee now costs five dollars. A drought in Brazil made beans scarce. "
            "Small cafes wonder whether to raise their prices. More people brew at home.",
        ),
        [
            (
                "coffee now costs five dollars a cup",
                "Five dollars for a cup: that is coffee today. Beans are scarce after the Brazilian drought.",
            ),
        ],
    ),
    (
        (
            "baseball opener sold out",
            "Baseball is back. All five parks were sold out on opening day. More than a hundred "
            "thousand people came. A rookie hit the first home run of the season.",
        ),
        [("baseball openers sold out", "What an opener! Every seat was taken and a rookie went deep first.")],
    ),
]
# What a persona says in every script.
PHRASES = {
    "ko": "오늘의 해설입니다. {} 내일 또 만나요!",
    "en": "Here is the news. {} See you tomorrow!",
}


def families(language: str) -> list[list[tuple[str, str]]]:
    """Families of (title, script): all of one family are near repeats of its first, none of another's."""
    stories = KOREAN if language == "ko" else ENGLISH
    said = PHRASES[language]
    return [[(title, said.format(script)) for title, script in (first, *again)] for first, again in stories]
