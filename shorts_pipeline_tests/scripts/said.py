"""Sentences as scripts say them, labelled by hand before the cue rules were looked at.

What a sentence is, after its language's list: o an opinion (what the speaker thinks, hopes or advises), e an example (a
case that stands for many), a an analogy (something else that is like it), - none of these. Some are several.
"""

KOREAN = """
o 저는 이번 결정이 너무 늦었다고 생각해요.
o 개인적으로는 값이 더 내려야 한다고 봐요.
o 이 기능은 꼭 필요해 보여요.
o 솔직히 조금 실망스러웠어요.
o 앞으로가 더 기대되는 팀이에요.
o 소비자에게는 반가운 소식이에요.
o 대책이 나온 건 다행이지만 아직 부족해요.
o 정부가 더 빨리 움직였어야 해요.
o 이건 좀 지나친 것 같아요.
o 안전이 무엇보다 중요하다고 봅니다.
o 서두르지 말고 지켜볼 필요가 있어요.
o 아무래도 경쟁이 더 치열해질 것 같습니다.
o 아이들이 다치지 않아 정말 다행이에요.
o 이런 시도는 더 많아져야 합니다.
o 제 생각엔 올해 안에 나오기 어려워요.
o 무엇보다 요금이 걱정이에요.
o 한 번쯤 써 볼 만해요.
o 성급한 판단은 위험해 보입니다.
e 예를 들어 노트북 회사는 석 달을 기다려요.
e 예컨대 서울에서는 버스 요금이 먼저 올랐습니다.
e 가령 한 달에 백 번 쓴다면 만 원을 아낄 수 있어요.
e 이를테면 밤에만 문을 여는 카페가 그래요.
e 대표적인 사례가 부산의 항만이에요.
e 한 가지 예로 농부 김 씨는 물을 절반만 써요.
e 실제로 한 식당은 배달비를 없앴어요.
e 일본이 좋은 예예요.
e 비슷한 사례는 지난해 독일에서도 있었습니다.
e 예시를 하나 들어 볼게요.
e 손목시계나 이어폰 같은 기기들이 그렇습니다.
e 일례로 한 은행은 창구를 모두 닫았어요.
a 마치 퍼즐 조각을 맞추는 것과 같아요.
a 이 칩은 사람으로 치면 두뇌예요.
a 비유하자면 고속도로에 차선을 하나 더 놓은 셈이에요.
a 바늘구멍에 낙타가 들어가는 격이죠.
a 배터리는 자동차의 심장이나 다름없어요.
a 데이터는 새로운 석유와 같습니다.
a 손바닥만 한 칩 안에 도시 하나를 넣은 셈이죠.
a 도서관 사서처럼 필요한 책을 바로 찾아 줘요.
a 거대한 스펀지처럼 물을 빨아들여요.
a 쉽게 말해 집에 자물쇠를 하나 더 다는 거예요.
ae 예를 들어 이 장치는 마치 우산처럼 펼쳐져요.
oe 예를 들어 이런 규칙은 없애야 한다고 생각해요.
- 새 칩이 어제 나왔어요.
- 값은 8% 올라 5000원이 됐어요.
- 회사는 내년에 공장을 짓습니다.
- 개막전에 관중 2만 명이 모였어요.
- 정부는 다음 달부터 요금을 내리기로 했어요.
- 이 제품은 같은 날 미국에서도 나와요.
- 두 회사는 같은 기술을 씁니다.
- 한국은행은 기준금리를 그대로 뒀습니다.
- 비가 그치면 기온이 떨어져요.
- 이번 조사는 3천 명에게 물었어요.
- 법원은 오늘 판결을 내립니다.
- 필요한 서류는 두 가지예요.
- 중요한 부품 세 개가 빠졌어요.
- 예정보다 이틀 일찍 끝났어요.
- 예산은 모두 3조 원이에요.
- 올해 참가자는 지난해와 같은 수준이에요.
- 연구진은 쥐 40마리를 관찰했어요.
- 새 노선은 인천과 부산을 잇습니다.
- 오늘 소식은 여기까지예요.
- 내일 또 만나요.
- 우주선은 달 궤도에 들어갔습니다.
- 환자 수는 두 달 만에 절반으로 줄었어요.
- 무게는 200그램, 두께는 7밀리미터예요.
- 그는 기자들에게 결과를 발표했습니다.
- 사용자는 처음처럼 다시 로그인해야 합니다.
- 판매는 6월 1일에 시작돼요.
"""

ENGLISH = """
o I think this came a year too late.
o Regulators should act before winter.
o In my view, the price is still too high.
o Honestly, the camera is a letdown.
o That is good news for anyone who rides the bus.
o It's a shame the repair took so long.
o This is probably the best budget phone of the year.
o We need to talk about safety first.
o Hopefully, the next version fixes that.
o It's worth keeping an eye on.
o My take: wait for the second model.
o The city ought to publish the figures.
o Don't buy one yet.
o That seems like a fair deal.
o I'd rather see smaller steps.
o The real problem is trust.
o Personally, I would not bet on it.
o This matters more than the price.
e For example, a bakery in Leeds cut its bill in half.
e Take Norway, where nine in ten new cars are electric.
e For instance, laptops now ship three months late.
e Small gadgets such as earbuds need it most.
e Consider a family of four on one salary.
e One case in point is the port of Busan.
e Say you send a hundred messages a day.
e Schools like Lincoln High already do it.
e Just look at what happened in Kyoto last spring.
e A good example is the new tram line.
e Several towns, including Ghent and Utrecht, closed their centres to cars.
e To name one, the library now opens at night.
a Think of it as a second lock on your door.
a It works like a sponge for carbon.
a It's like adding a lane to a motorway.
a Imagine a library where every book finds you.
a Data is the new oil.
a The chip is the brain of the car.
a That's the equivalent of powering a small town.
a Picture a river that runs uphill.
a The valve acts as a traffic cop for blood.
a It spreads as if someone had opened a tap.
a It is to batteries what the zip was to buttons.
a Finding it was like looking for a needle in a haystack.
ae For example, the shell folds like an umbrella.
oe Take the tram: the city should build three more.
- The new chip went on sale yesterday.
- Prices rose 8% to five dollars.
- The company plans a plant in Ohio.
- Twenty thousand fans came to the opener.
- The court rules on Tuesday.
- The two firms use the same technology.
- Researchers followed forty mice for a year.
- The bank left its rate unchanged.
- The probe entered lunar orbit on Monday.
- The law takes effect next month.
- She said the results were final.
- Users like the new menu, the survey says.
- It would take six weeks to repair.
- The deal is worth two billion dollars.
- Nothing else changed.
- The ship can carry nine hundred people.
- The mayor looks at the plan today.
- The study asked three thousand people.
- Sales start on the first of June.
- See you tomorrow.
- The app needs a new password.
- The line links Incheon and Busan.
- They consider the case closed.
- The battery lasts nine hours.
- The trial includes two hospitals.
- That is all for today.
"""
UNSEEN_KOREAN = """
o 저라면 조금 더 기다리겠어요.
o 이 정도 값이면 괜찮은 편이에요.
o 규칙을 더 분명히 해야 한다고 생각합니다.
o 너무 서두른 느낌이에요.
o 결과가 좋기를 바랍니다.
o 이번에는 잘한 결정 같아요.
o 아직은 믿기 어렵다고 봐요.
o 시민들이 꼭 알아야 할 내용이에요.
e 예를 들면 동네 빵집도 앱으로 주문을 받아요.
e 대표적으로 경남의 한 조선소가 그렇습니다.
e 한 예로 작년 여름 강릉이 그랬어요.
e 실제로 지난겨울 한 마을은 사흘 동안 전기가 끊겼어요.
e 김치냉장고 같은 제품이 여기에 들어가요.
a 우리 몸의 혈관과 비슷한 역할을 해요.
a 레고 블록을 쌓듯이 집을 지어요.
a 이 회사는 반도체계의 애플이라고 할 수 있어요.
a 마치 눈사람이 녹는 듯한 모습이었어요.
a 물 한 컵으로 산불을 끄는 셈이에요.
- 경기는 연장전 끝에 비겼어요.
- 새 요금은 기본료와 사용료로 나뉩니다.
- 시장은 회의에서 계획을 설명했어요.
- 관람객은 하루 2천 명까지 들어갈 수 있어요.
- 회사는 지난해처럼 배당을 하기로 했습니다.
- 두 나라는 협정에 서명했어요.
- 지원금을 받으려면 주민센터에 가야 해요.
- 기차는 아침 여섯 시에 떠납니다.
"""

UNSEEN_ENGLISH = """
o To me, this looks rushed.
o I believe the plan will fail.
o It would be wise to wait a month.
o Sadly, nobody asked the riders.
o You should try it once.
o This is a mistake.
o Let's hope the rain holds off.
o Arguably the fans won.
e One example: a farm near Lyon uses half the water.
e Think of the corner shop that takes orders by phone.
e Cities like Ghent did this years ago.
e For instance, one clinic opened on Sundays.
e Everyday things, such as kettles, count too.
a It's a bit like folding a map.
a The lake is the city's battery.
a Imagine a train with no driver and no rails.
a It behaves like a zip on a coat.
a Think of the filter as a bouncer at the door.
- The game ended level after extra time.
- The fee has two parts.
- The mayor explained the plan on Monday.
- Up to two thousand visitors may enter a day.
- The firm pays a dividend, as it did last year.
- The two countries signed a treaty.
- Riders take the train to the coast.
- The train leaves at six.
"""
LETTERS = {"o": "is_opinion", "e": "is_example", "a": "is_analogy"}


def labelled(language: str, *, unseen: bool = False) -> list[tuple[str, frozenset[str]]]:
    """Sentences of a language with the flags that a person gave them; `unseen`: those no rule was made on."""
    lists = {"ko": (KOREAN, UNSEEN_KOREAN), "en": (ENGLISH, UNSEEN_ENGLISH)}
    lines = lists[language][unseen].strip().splitlines()
    split = (line.split(" ", 1) for line in lines)
    return [(sentence, frozenset(LETTERS[letter] for letter in kinds if letter != "-")) for kinds, sentence in split]
