"""Concepts: what a news story is about and how far it has come, in words of Korean and English that mean the same.

A small dictionary of the news, for comparing only: "walkout", "strike" and 파업 are one concept. `STAGES` are the steps
in which stories go on (a warrant sought, issued, quashed): a telling with a step that another lacks may bring news.
"""

from collections.abc import Iterator
from functools import lru_cache

import regex

from shorts_pipeline.language import stem
from shorts_pipeline.language.tables import listed

# One concept a line (and those indented below it): its name, Korean words ("_" for a space; parts of words are
# found), "|", English words.
_STAGE_LINES = """
death: 사망 숨진 숨져 숨졌 숨지 숨을_거 목숨 시신 주검 참변 별세 | dead die died dies death deaths kill killed fatal fatality
    fatalities body bodies deadly
hurt: 부상 결장 다쳤 다친 다쳐 중상 경상 사상자 | injured injury injuries hurt wounded hospitalized hospitalised
missing: 실종 연락_두절 연락이_끊 행방 | missing unaccounted
rescue: 구출 생존자 구조됐 구조돼 | rescued rescue survivors survived
arrest: 체포 검거 붙잡 덜미 | arrest arrested arrests detained detains nabbed
jail: 구속 수감 구치소 | jailed jail imprisoned custody behind_bars
warrant: 영장_청구 구속영장을_청구 영장청구 | warrant
indict: 기소 재판에_넘 | indicted indictment indicts charged charges arraigned
sentence: 선고 징역 실형 집행유예 | sentenced sentence sentences
verdict: 유죄 무죄 판결 승소 패소 | guilty convicted conviction acquitted verdict ruled ruling rules
appeal: 항소 상고 항고 불복 | appeal appeals appealed
sue: 소송 제소 고소 고발 | sue sues sued lawsuit suing
search: 압수수색 | raid raided raids searched
probe: 수사 조사에_착수 감찰 특별점검 진상조사 | investigation investigate investigates investigated probe probes inquiry
    inspection
resign: 사의 사임 사퇴 퇴임 물러나 물러난 | resign resigns resigned quit quits resignation stepping
name: 선임 임명 인선 내정 발탁 | appoint appoints appointed hires hired named
elect: 당선 선출 | elected elects
talks: 협상 교섭 논의_중 협의_중 | talks negotiate negotiating negotiations
begin: 돌입 시작 개시 착수 개막 출발 | begin begins began start starts started kicks commence commences
end: 종료 폐막 끝났 완료 막_내 | ended ends finish finished concludes concluded completed
cancel: 취소 철회 백지화 무산 파기 없던_일 | cancel cancels canceled cancelled withdraw withdraws withdrawn scrap scraps
    scrapped revoked averts averted
halt: 중단 멈춰 멈췄 | halt halts halted suspend suspends suspended pause paused
delay: 연기 미뤘 미루 미뤄 늦춰 지연 | delay delays delayed postpone postponed postpones
agree: 합의 타결 체결 | agree agrees agreed agreement settle settled settlement accord pact tentative
approve: 승인 허가 인가 가결 의결 | approve approves approved approval clears cleared authorize authorizes authorized
    authorise nod
pass: 통과 합격 | pass passes passed
reject: 기각 반려 거부 부결 불허 각하 | reject rejects rejected deny denies denied dismiss dismissed refuse refuses veto
    vetoes
lift: 해제 풀려났 석방 | lift lifts lifted released freed
confirm: 확정 확인됐 확인된 공식화 사실로 | confirm confirms confirmed official
refute: 부인 반박 사실무근 해명 | refute refutes rebuts disputes
apologise: 사과 | apologise apologize apologizes apologises apology sorry
refund: 보상 배상 환불 | compensate compensation refund refunds reimburse
restore: 복구 재개 정상화 재가동 | restore restored restores resume resumes resumed reopens reopened
contain: 진화 주불 불길_잡 | contained extinguished
spread: 확산 번져 번지 번졌 | spread spreads spreading
exploit: 악용 | exploited exploiting exploits
ship: 출하 납품 공급_시작 | ship ships shipped shipment shipments
massproduce: 양산 대량_생산 | production
presale: 사전판매 사전예약 예매 | preorder preorders presale
complete: 준공 완공 착공 | groundbreaking
suspend: 정지 직무정지 폐쇄 영업정지 | shuts shut closure closed
punish: 징계 제명 | disciplined expelled suspension banned bans ban
answer: 대응 대책 후속 | response measures
demand: 촉구 요구 | urges demands
strikebegin: 파업_돌입 총파업_돌입 | walked
withdrawal: 리콜 시정조치 | recall recalls recalled
"""
_SUBJECT_LINES = """
rate: 금리 | rate rates borrowing
cut: 인하 낮췄 낮춰 내렸 내려 내린 감산 | cut cuts lower lowers lowered slash slashes slashed reduce reduces reduced trim
    trims
raise: 인상 올렸 올린 올려 | raise raises raised hike hikes hiked
hold: 동결 유지 그대로 | hold holds held unchanged steady pat
rise: 상승 올랐 오른 급등 반등 강세 늘었 늘어 증가 | rise rises rose rising gain gains gained jump jumps surge surges climb
    climbs soar soars jumped surged climbed soared up increase increases
fall: 하락 떨어 급락 폭락 약세 줄었 줄어 감소 둔화 | fall falls fell drop drops dropped slide slides slid tumble tumbles
    plunge plunges slump decline declines sink sinks dip down decrease
record: 역대 사상_최 최고치 신기록 최다 | record highest
profit: 영업이익 영업익 순이익 순익 실적 이익 | profit profits earnings income
loss: 적자 손실 | loss losses
sales: 매출 판매량 | revenue sales
dividend: 배당 | dividend payout payouts bonus bonuses
fine: 과징금 벌금 과태료 제재 | fine fines fined penalty penalties penalized penalised sanction sanctions
price: 가격 요금 출고가 값 | price prices priced fare fares cost costs
launch: 출시 공개 선보 발매 내놨 출범 | launch launches launched unveil unveils unveiled release releases released
    introduce introduces reveal reveals debut debuts
open: 개장 개점 문_연 문을_연 개통 개소 | open opens opened opening
model: 언어모델 인공지능_모델 모델 | model models
opensource: 오픈소스 가중치 | weights opensource
chip: 반도체 메모리 칩 디램 파운드리 | chip chips semiconductor semiconductors memory dram fab foundry
battery: 배터리 이차전지 | battery batteries cell cells
ev: 전기차 | ev evs electric
car: 자동차 차량 완성차 | car cars vehicle vehicles automaker automakers autoworkers
phone: 스마트폰 휴대폰 | phone phones smartphone handset
satellite: 위성 | satellite satellites
rocket: 발사체 로켓 발사 | rocket launcher liftoff orbit
strike: 파업 | strike strikes walkout walkouts stoppage picket
union: 노조 노동조합 노동자 노사 | union unions workers labor labour staff employees
layoff: 감원 해고 구조조정 희망퇴직 | layoffs layoff redundancies jobs
invest: 투자 | invest invests investment investing
funding: 투자_유치 시리즈A 시리즈B 시리즈C | funding round raises series financing
merge: 인수 합병 통합 | acquire acquires acquired merger merge takeover buys
listing: 상장 공모 | ipo listing lists listed
stock: 주가 증시 주식 시총 | stock stocks shares share market
fx: 환율 원화 외환 | won dollar currency forex
export: 수출 | export exports
tariff: 관세 | tariff tariffs
oil: 유가 원유 | oil crude
inflation: 물가 | inflation cpi
growth: 성장률 국내총생산 경제성장 | gdp growth
job: 고용 취업 일자리 실업 | payrolls unemployment hiring employment
wage: 임금 연봉 시급 | wage wages pay salary
house: 아파트값 집값 주택 매매가 전셋값 전세 | house houses home homes housing property apartment apartments
loan: 대출 가계부채 가계빚 | loan loans debt mortgage mortgages
tax: 세금 과세 세율 | tax taxes levy
subsidy: 보조금 지원금 | subsidy subsidies incentive
pension: 연금 | pension pensions retirement
insurance: 보험 | insurance insurer
court: 법원 지법 고법 헌재 대법원 | court courts judge tribunal
prosecutor: 검찰 지검 특검 | prosecutor prosecutors
police: 경찰 | police officers
parliament: 국회 의회 상원 하원 본회의 | parliament lawmakers senate house congress legislature
government: 정부 당국 | government ministry authorities officials
president: 대통령 | president presidential
mayor: 시장_ | mayor
minister: 장관 총리 | minister premier
party: 민주당 국민의힘 여당 야당 전당대회 | party coalition
election: 선거 대선 총선 투표 | election elections vote voters ballot poll
summit: 정상회담 | summit
law: 법안 특별법 개정안 | bill law legislation act
watchdog: 공정위 공정거래위 개인정보위 금감원 | watchdog ftc regulator regulators antitrust
centralbank: 한은 한국은행 금통위 연준 중앙은행 통화정책 | fed fomc policymakers monetary
bribe: 뇌물 금품 | bribe bribery kickbacks
embezzle: 횡령 배임 | embezzlement embezzling embezzled
fraud: 사기 | fraud scam
fire: 화재 불이_나 불길 불을_끄 방화 | fire fires blaze flames arson
wildfire: 산불 | wildfire wildfires
quake: 지진 규모 진도 진동 | quake earthquake tremor magnitude temblor jolt aftershock
tsunami: 쓰나미 지진해일 | tsunami
rain: 호우 폭우 장대비 침수 물바다 홍수 | rain rains flood floods flooding downpour
snow: 폭설 대설 눈보라 | snow snowstorm blizzard
typhoon: 태풍 | typhoon hurricane storm
heat: 폭염 무더위 | heatwave heat
drought: 가뭄 | drought
cold: 한파 | freeze freezing
wind: 강풍 풍력 | wind winds turbines
alert: 경보 주의보 특보 | warning warnings alert
evacuate: 대피 | evacuate evacuated evacuation flee fled
collapse: 붕괴 무너 | collapse collapsed collapses
explosion: 폭발 | explosion blast exploded
crash: 추락 충돌 추돌 | crash crashes crashed collision collided
derail: 탈선 | derail derails derailed derailment
sink: 침몰 전복 | sinks sank capsized
turnback: 회항 되돌아 | diverted
flight: 항공편 여객기 항공기 비행기 결항 | flight flights plane aircraft airliner jet jets
airport: 공항 | airport airports
train: 열차 철도 고속철 | train trains rail railway
subway: 지하철 전철 | subway metro
ferry: 여객선 선박 어선 | ferry ship vessel boat
bus: 버스 | bus buses
taxi: 택시 | taxi taxis robotaxi
road: 고속도로 도로 | road highway
bridge: 교량 대교 | bridge
airline: 항공사 | airline airlines
breach: 유출 해킹 털렸 새어나 | breach breached leak leaked leaks hack hacked hackers stolen
outage: 장애 먹통 접속_오류 전송_오류 서버_다운 | outage outages glitch disruption
flaw: 취약점 결함 | flaw flaws vulnerability bug
ransomware: 랜섬웨어 | ransomware
personaldata: 개인정보 고객정보 | data personal
outbreak: 감염 확진 집단발병 | outbreak infections infected measles virus cases
vaccine: 백신 접종 | vaccine vaccines vaccinated
drug: 신약 치료제 항암제 | drug drugs pill medicine therapy
hospital: 병원 환자 의료 | hospital hospitals patients
doctor: 의사 의대 의협 | doctors physicians medical
school: 학교 휴교 교육청 | school schools classrooms
student: 학생 수험생 | student students pupils test-takers
exam: 수능 시험 | exam entrance
teacher: 교사 교원 | teacher teachers educators
trial: 임상 | trial trials
film: 영화 박스오피스 개봉 | film movie box-office cinemas multiplexes
drama: 드라마 시즌2 제작_확정 | drama series renewed season
concert: 공연 콘서트 투어 컴백 | concert tour show comeback
ticket: 티켓 입장권 | ticket tickets
album: 앨범 신곡 음반 | album single
game: 게임 신작 | game games
award: 수상 대상_ 시상식 노벨상 | award awards prize prizes honour honors
book: 소설 책 | novel book
museum: 박물관 미술관 관람객 | museum gallery
goal: 멀티골 해트트릭 골_ | goal goals brace hat-trick scored
win: 우승 승리 완승 대승 이겼 | win wins won victory beat beats cruise
medal: 금메달 은메달 동메달 메달 | medal gold silver bronze
final: 결승 | final finals
semifinal: 준결승 4강 | semifinal semifinals
olympics: 올림픽 | olympic olympics
worldrecord: 세계기록 신기록 | marathon
transfer: 이적 영입 트레이드 | trade transfer signs
coach: 감독 사령탑 | coach manager
nuclear: 원전 핵 | nuclear reactor
solar: 태양광 | solar
power: 전력 정전 전기요금 | power electricity grid blackout
missile: 미사일 발사체_발사 | missile missiles
ceasefire: 휴전 종전 | ceasefire truce
war: 전쟁 공습 | war strikes attack attacks
protest: 시위 집회 궐기 | protest protests rally
immigration: 이민 비자 구금 | immigration visa ice
bitcoin: 비트코인 코인 가상자산 거래소 | bitcoin crypto btc cryptocurrency exchange
gold: 금값 | bullion
food: 식품 라면 김치 빵집 | food bakery restaurant
vegetable: 배추 채소 수박 과일 | vegetables fruit
delivery: 배달 배송 택배 | delivery deliveries fulfillment warehouse warehouses
fee: 수수료 | fee fees commission
store: 매장 점포 편의점 백화점 마트 | store stores shop shops
factory: 공장 신공장 | factory plant plants
data_center: 데이터센터 | datacenter datacenters
robot: 로봇 | robot robots
selfdriving: 자율주행 | self-driving autonomous driverless
order: 수주 계약 | contract order orders
patent: 특허 | patent patents
animal: 동물 반려견 | animal animals dog dogs
cull: 살처분 사살 | cull culled
species: 화석 공룡 | fossil species
space: 우주 달_탐사 | space moon
climate: 기후 온실가스 | climate emissions
visitor: 관광객 방문객 이용객 | tourists visitors passengers
museumfee: 입장료 | admission
quota: 정원 증원 | quota
toll: 집계 늘어 | toll tally
"""


def _words(lines: str) -> tuple[dict[str, str], dict[str, str]]:
    """Korean word → concept, English stem → concept."""
    korean, english = dict[str, str](), dict[str, str]()
    for line in lines.replace("\n    ", " ").strip().splitlines():
        name, _, rest = line.partition(":")
        left, _, right = rest.partition("|")
        korean |= {word.replace("_", " ").rstrip(): name for word in listed(left)}
        english |= {stem(word): name for word in listed(right)}
    return korean, english


_STAGE_KOREAN, _STAGE_ENGLISH = _words(_STAGE_LINES)
_SUBJECT_KOREAN, _SUBJECT_ENGLISH = _words(_SUBJECT_LINES)
_KOREAN = {**_SUBJECT_KOREAN, **_STAGE_KOREAN}
_ENGLISH = {**_SUBJECT_ENGLISH, **_STAGE_ENGLISH}
STAGES = frozenset(_STAGE_KOREAN.values()) | frozenset(_STAGE_ENGLISH.values())
# Longer words first: 영업이익 before 이익. Hanja that headlines use for a word.
_FOUND = regex.compile("|".join(sorted(map(regex.escape, _KOREAN), key=len, reverse=True)))
_ENGLISH_WORD = regex.compile(r"[A-Za-z][a-z'’-]+|[A-Z]{2,}")


@lru_cache(maxsize=20_000)
def concepts(text: str) -> frozenset[str]:
    """The concepts that a text speaks of."""
    return frozenset(_of(text))


def _of(text: str) -> Iterator[str]:
    for match in _FOUND.finditer(text):
        yield _KOREAN[match.group()]
    for match in _ENGLISH_WORD.finditer(text):
        concept = _ENGLISH.get(stem(match.group().casefold().removesuffix("'s").removesuffix("’s")))
        if concept:
            yield concept
