import pytest

from shorts_pipeline.scripts.clauses import as_clause


@pytest.mark.parametrize(
    ("sentence", "clause"),
    [
        ("이용객이 10만 명을 넘었다.", "이용객이 10만 명을 넘었다는"),
        ("서버가 해킹을 당했습니다.", "서버가 해킹을 당했다는"),
        ("상황이 많이 나아졌어요.", "상황이 많이 나아졌다는"),
        ("모델을 4.2와트로 돌려요.", "모델을 4.2와트로 돌린다는"),
        ("수수료를 크게 낮춘다.", "수수료를 크게 낮춘다는"),
        ("찾는 사람이 많아요.", "찾는 사람이 많다는"),
        ("원인은 퇴사자 계정이었어요.", "원인은 퇴사자 계정이었다는"),
        ("공장을 짓기로 했다.", "공장을 짓기로 했다는"),
        ("노선을 늘릴 계획이다.", "노선을 늘릴 계획이라는"),
    ],
)
def test_a_statement_becomes_a_clause(sentence, clause):
    assert as_clause(sentence) == clause


@pytest.mark.parametrize(
    ("sentence", "clause"),
    [
        ("한별반도체가 양산을 시작했다고 2일 밝혔다.", "한별반도체가 양산을 시작했다는"),
        ("D램 가격이 8.4퍼센트 올랐다고 누리마켓이 발표했어요.", "D램 가격이 8.4퍼센트 올랐다는"),
        ("내달 출시할 예정이라고 알렸다.", "내달 출시할 예정이라는"),
    ],
)
def test_of_a_report_it_is_what_is_reported(sentence, clause):
    assert as_clause(sentence) == clause


@pytest.mark.parametrize(
    "sentence",
    [
        "회사가 돈을 횡령했다고 주장했다.",
        "금리가 내릴 것이라고 전망했다.",
        "금리가 곧 내릴 것이라고 밝혔다.",
        "매출이 늘 것으로 보인다.",
        "매출이 늘 전망이다.",
        "그는 “생산을 늘리겠다”고 말했다.",
        "안전하지 않다고 지적했다.",
    ],
)
def test_opinions_forecasts_and_quotations_are_no_facts(sentence):
    assert as_clause(sentence) is None


@pytest.mark.parametrize("sentence", ["무엇이 달라졌나요?", "수출 7달째 증가", "값이 50%다.", "", "…", "다.", "네."])
def test_what_is_not_understood_becomes_no_clause(sentence):
    assert as_clause(sentence) is None
