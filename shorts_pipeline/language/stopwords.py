"""Words that carry no subject, case-folded: left out of keywords and of keyword search.

`SAYING` is left out of keywords only: the verbs and adverbs of every headline.
"""

from shorts_pipeline.language.tables import listed

ENGLISH = frozenset(
    listed("""
    a about above after again against all also am an and any are aren't as at be because been before being below
    between both but by can can't cannot could couldn't did didn't do does doesn't doing don't down during each even
    ever every few first for from further get gets getting got had has have having he her here hers him his how i i'm
    if in into is isn't it it's its itself just know last least less like made make makes many may me might more most
    much must my new no nor not now of off on once one only or other our ours out over own per quite rather really
    said same say says see seen she should since so some still such than that that's the their them then there these
    they this those through to too under until up upon us use used uses using very via was we were what what's when
    where which while who whom whose why will with won't would yet you your yours two three year years day days today
    week month time way back going goes go want wants
    """)
)

KOREAN = frozenset(
    listed("""
    것 수 등 때 년 월 일 시 분 초 중 뒤 후 전 날 번 명 개 원 이번 오늘 내일 어제 지난해 올해 지난 다음 최근 현재
    가운데 관련 경우 때문 정도 이후 이전 이날 당시 동안 사이 위해 통해 대해 대한 따라 모두 또한 그것 이것 저것 여기
    거기 우리 저희 자신 자체 기자 뉴스 속보 종합 단독 사진 영상 제공 무단 전재 배포 금지 연합뉴스 하나 사실 부분 가지
    방법 이상 이하 만큼 누구 무엇 어디 얘기 이야기 말 점 면 데 곳 채 바 측 쪽 앞 안 밖 속 위 아래 오전 오후 지금 이제
    다시 더 가장 매우 아주 너무 잘 못 하 되 있 없 않 이 그 저
    """)
)

SAYING = frozenset(
    listed("""
    told tell tells took take takes taken added add adds hit hits heads head walks walk gives give given leave leaves
    left keep keeps kept come comes came put puts set sets find finds found show shows shown call calls called ask asks
    asked need needs start starts started begin begins end ends ended move moves run runs turn turns bring brings become
    becomes became work works clear clears sell sells strikes arrives arrive reaches reach goes gone done says thing
    things people person lot big small old good better best great bad first second third late early later soon today
    tonight yesterday tomorrow morning afternoon evening monday tuesday wednesday thursday friday saturday sunday
    january february march april june july august september october november december five six seven eight nine ten
    dozen hundred thousand million billion entire full half several another around near ahead despite amid among
    without within along across according announced announces reported reports report expected plan plans because
    much really actually finally already also even still yet however therefore though although while
    작년 내년 금년 동기 확정 확인 시작 당장 해당 예정 발표 진행 전망 대비 기준 시점 전체 일부 상당 주요 각종 또 및 약
    만 여 대 위
    이유 결과 상황 의미 계획 과정 분야 부문 규모 수준 정도 이번 지난달 다음달 올해 전날 당일 주말 새벽 아침 저녁 밤
    하루 이틀 사흘
    """)
)
