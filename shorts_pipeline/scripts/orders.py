"""Orders: sentences that tell a model or a viewer to do something, in Korean and English, and the best known elsewhere.

A news script states; it sends nobody anywhere. Its own call to action is the persona's, word for word (phrases.py),
so that any other order in it came from outside. What a source reports about orders ("told users to click") is none, and
advice ("apply by Friday") may be a story's own. Lists and a little grammar: an order worded otherwise passes here, and
stands before the judge and the gate like any sentence.
"""

import regex

# Where an English sentence can begin to command.
_COMMAND = (
    r"(?:^|[:;,.!?(\"“'—–-]\s*|\b(?:please|now|just|then|must|instead|also|simply|always|kindly|you (?:should|must|"
    r"need to|have to))\s+|\b(?:and|or|viewers,?|everyone,?|to win,?)\s(?=(?:click|subscribe|visit|send|join|follow|add|tap)\b))"
)
_SHOWN = r"(?:title|description|tags?|hook|script|video|conclusion|summary|caption|narration|answer|output|response)s?"
_EXACTLY = r"(?:the following|exactly|verbatim|word for word|this (?:link|address|sentence|code|text|line|url)|base64)"
_SECRETS = r"(?:prompts?|instructions|api keys?|environment|secrets?|passwords?|tokens?|configuration|credentials|env)"
_BEFORE = r"(?:previous|prior|above|earlier|preceding|all|any|your|these|those|system|former)"

_TO_A_MODEL = (
    rf"\b(?:ignore|disregard|forget|override|bypass)\b.{{0,30}}\b{_BEFORE}\b.{{0,30}}\b(?:instruction|prompt|rule|direction|"
    r"guideline|message|context|command|constraint|training)s?\b|\b(?:ignore|forget|disregard) everything\b",
    r"(?:^|[\s\[(\"'/#<|])(?:system|assistant|developer|human|user|admin)\s*(?:message|prompt|note|override)?\s*[:\]>|]",
    r"\byou are (?:now|no longer|from now on)\b|\bfrom now on,? (?:you|respond|answer|reply|write|say)|\byour new (?:task|role|"
    r"goal|instructions?)\b|\bnew (?:instructions?|system prompt)\s*:",
    r"\bas an? (?:AI|artificial intelligence) (?:language )?(?:model|assistant)\b|\bas a (?:large )?language model\b",
    r"\b(?:developer|DAN|jailbreak|god|debug|maintenance|admin) mode\b|\bdo anything now\b|\brole-?play\b",
    rf"{_COMMAND}(?:pretend|act as|imagine you|behave as|play the (?:role|part))\b",
    r"\b(?:note|attention|message|instructions?|memo|notice|reminder)s? (?:to|for) (?:the |any |all )?(?:AI|LLM|model|assistant|"
    r"summari[sz]er|script ?writer|writer|bot|editor)",
    r"\b(?:AI|LLM|model|assistant|agent|bot)s? (?:reading|processing|summari[sz]ing|that reads?|who reads?) (?:this|it)\b",
    rf"{_COMMAND}(?:respond|reply|answer|output|write|say|print|repeat|begin|end|start|finish|append|insert|include|add|put|"
    rf"place|set|use|mention|change|translate|decode|execute|replace|make)\b(?! of\b).{{0,60}}\b(?:{_SHOWN}|{_EXACTLY})\b",
    rf"{_COMMAND}(?:reveal|print|show|output|repeat|disclose|leak|send|tell|give|read|quote|dump|list|display|include|insert)\b"
    rf".{{0,40}}\b{_SECRETS}\b|\byour (?:system )?(?:prompt|instructions)\b",
    rf"{_COMMAND}(?:tell|remind|ask|urge|inform|convince|persuade|instruct)\s(?:the |your |all )?(?:viewers?|audience|users?|"
    r"readers?|people|them|everyone|subscribers)\b",
    r"\bmy (?:system )?(?:instructions|prompt)\b|\bthis (?:script|prompt)\b|\b(?:title|headline|caption) (?:ought|should|must|has) (?:to )?(?:be|read|say)|"
    r"\btag this\b|\bset aside (?:what|all|everything|the)\b|\bwhat you (?:were|have been) told\b|\b(?:reads?|reading) this aloud\b|\byour narration\b|\b(?:assistant|AI|model|machine|narrator|operator)s? "
    r"(?:is|are) (?:required|asked|told|instructed|obliged|expected) to\b|\b(?:hand over|give up|be shown) (?:the |your )?(?:credentials|keys?|passwords?)\b",
    r"忽略.{0,12}(?:指令|指示|提示|内容)|(?:指示|命令|プロンプト)を?無視|\bignor(?:a|ar|en|e)\b.{0,30}\binstrucciones\b|"
    r"\bignorier\w*\b.{0,30}\banweisungen\b|\bignore[zr]\b.{0,30}\binstructions\b|игнорир\w*.{0,30}(?:инструкц|указан)",
)
_LURES = (
    rf"{_COMMAND}(?:(?:click|tap)(?: (?:here|on|the|this|below|now|link)|[.!])|subscribe(?: (?:to|now|for|today|and|here|if|at)|"
    r"[.!]|$)|follow (?:us|me|our|my|the (?:channel|account|link)|for|along|this|\p{L}+ (?:on|for|at))|join (?:us|our|my|the|now|"
    r"today|\p{L}+ (?:on|at|now))|call (?:[\d(+]|toll|us|me)|(?:text|message|dm|whatsapp|e-?mail|write(?: to)?) (?:us|me|\d|\+|\w+ "
    r"(?:at|to|on)\b)|(?:send|transfer|deposit|wire|donate)\b(?: [\w$.,]+){0,4} to (?:this|the following|our|my|wallet|address|"
    r"account|\W)|(?:send|transfer|deposit|wire) (?:your|[\d$]|bitcoin|btc|eth|crypto|money|funds)|(?:buy|invest in) (?:\p{L}*coin|"
    r"now|before)|invest (?:now|today|before|your)|(?:claim|redeem|grab|get) (?:a free|free|the free|your (?:free|reward|prize|bonus))|"
    r"use (?:\w+ ){0,3}(?:code|coupon)\b|scan (?:the|this|our) \w*\s?(?:qr|code)|share this|like (?:this|and)|donate (?:to|now|at)|"
    r"log ?in (?:to|at|with|now)|verify your|confirm your|(?:update|enter) your (?:wallet|account|password|seed|key))",
    r"\b(?:like|subscribe|bell|notification) button\b|\bhit (?:the )?(?:bell|like|subscribe)\b|\byour search bar\b|\blike and subscribe\b",
    r"\blinks? (?:is )?in (?:the |my |our )?(?:bio|description|comments?|profile|first comment)\b",
    r"\b(?:promo|referral|discount|coupon|invite) code [A-Z0-9]|\bguaranteed (?:profit|return)s?\b|\bhashtags? \w+ (?:to|below)\b",
)
_ADVICE = (
    rf"{_COMMAND}(?:visit (?:our|us|the|my|this|www|\p{{L}}+)|call (?:now|today|this|the)|contact (?:us|me|now|our|the)|"
    r"(?:download|install) (?:now|the|our|this|it|your|a)|(?:sign up|register|enrol|apply)(?: (?:now|today|at|here|for|with|on)|[.!])|"
    r"buy (?:today|some|this|your|in)|invest in|(?:go|head) (?:over )?to\b|check out|search (?:for|on)|look up|enter (?:your|the|code))",
)
# Endings of a Korean order; quoted ones ("하라고", "하라는") are reported, not given.
_ORDER_KO = (
    r"(?:하세요|하십시오|하시오|하시기|해\s?주세요|해\s?주십시오|해\s?줘|해\s?보세요|해라|하라(?!고|는|며|면|던|지)|바랍니다|바라요|"
    r"주세요|주십시오|보세요|보십시오|누르세요|누르십시오|보내세요|보내십시오|보내라(?!고|는)|할\s?것|하시면\s?(?:돼요|됩니다)|"
    r"오세요|오십시오|받으세요|으세요|으십시오|어라|여라|(?<!더)라[.!]?$)"
)
_SHOWN_KO = r"(?:제목|설명란|설명|태그|본문|대본|첫\s?문장|마지막\s?문장|결론|훅|도입부|요약|영상|답변|출력|스크립트)"
_PUT_KO = r"(?:넣|추가|포함|삽입|붙이|붙여|적어|적으|쓰|써|바꾸|바꿔|변경|출력|작성|언급|말하|말해|읽|덧붙)"
_TO_A_MODEL_KO = (
    r"(?:이전|앞선|앞의|위의?|지금까지의?|상기|모든|기존)\s?(?:모든\s)?(?:시스템\s?)?(?:지시|명령|지침|프롬프트|안내|규칙)(?:\s?사항|들|문|어)?(?:은|는|을|를)?"
    r"\s?(?:전부|모두|다)?\s?(?:무시|잊|따르지|버리|버려|폐기|취소|덮어)",
    r"(?:^|[\s\[(])(?:시스템|관리자|개발자|어시스턴트)\s?(?:메시지|프롬프트|명령|지시|공지|알림)?\s?[:：\]]|시스템\s?프롬프트(?:를|을)\s?(?:출력|공개|알려|보여)",
    r"(?:너는|넌|당신은|귀하는)\s(?:이제|지금부터|앞으로|더\s?이상)|지금부터\s(?:너는|넌|당신은|모든)|(?:너의|당신의)\s(?:새\s?)?(?:역할|임무|지시)",
    r"(?:AI|인공지능|에이아이|언어\s?모델|모델|챗봇|어시스턴트|요약기|작성자|편집자|작가)(?:(?:에게|께|는|님|야)\s?(?:전달|지시|알림|메모|참고|명령|주의)?|\s?(?:전달|지시|알림|메모|명령|주의))(?:사항)?\s?[:：,]",
    rf"{_SHOWN_KO}(?:에도?|에는|을|를|으로|은|는|의\s?끝에|마다)?\s?.{{0,40}}?{_PUT_KO}.{{0,6}}?{_ORDER_KO}",
    rf"(?:그대로|정확히|반드시|다음\s?(?:문장|내용|문구|링크|주소)(?:을|를)?|똑같이|꼭)\s.{{0,24}}?{_PUT_KO}.{{0,4}}?{_ORDER_KO}",
    r"(?:프롬프트|지시문|환경\s?변수|비밀번호|API\s?키|시크릿|토큰|비밀\s?키|설정\s?값|내부\s?정보)(?:를|을|도|와|과)?\s?.{0,24}?(?:출력|공개|알려|보여|말해|말하|"
    rf"적어|읽어|전송|보내|노출|포함|넣).{{0,4}}?{_ORDER_KO}",
    r"(?:제목|설명|태그)\s?칸|낭독(?:할|하)|(?:이\s글|기사)(?:을|를)\s읽는\s(?:기계|AI|인공지능|모델)|(?:지시|명령|내용)(?:은|는|을|를)?\s(?:없던|말고)",
    r"이\s(?:대본|프롬프트)(?:은|는|의|을|를|에)\s|(?:받은|주어진)\s(?:지침|명령|지시|프롬프트)|(?:첫|처음)\s(?:명령|지시|지침)",
    r"(?:개발자|관리자|탈옥|디버그)\s?모드|역할극(?:을|를)?\s?(?:하|시작|해)|(?:시청자|구독자|독자|사람)(?:들)?(?:에게|께)\s.{0,30}?(?:라고\s?(?:말|전)|알리|전하|"
    rf"권하|안내하?).{{0,4}}?{_ORDER_KO}",
    rf"(?:요약|번역|작성|대본)(?:할|을\s?쓸|을\s?만들|하는)\s?(?:때|경우).{{0,50}}?{_ORDER_KO}",
)
_LURE_KO = r"(?:클릭|구독|팔로우|송금|입금|이체|매수|투자|추가|공유|전송|충전|후원|기부|접속|입장|들어|찾아|따라|인증|눌러|누르|보내)(?!지\s?(?:말|마|않))"
_ADVISE_KO = r"(?:방문|가입|신청|문의|전화|연락|다운로드|다운|설치|결제|구매|구입|참여|검색|로그인|입력|예약|상담)(?!지\s?(?:말|마|않))"
_LURES_KO = (
    rf"{_LURE_KO}(?:.{{0,5}}?|(?:하고|하면|하시면|하신|한|해서|하여|고)\s.{{0,30}}?){_ORDER_KO}|(?:방문|클릭|구독|팔로우|가입|신청|문의|전화|연락|다운로드|입장|접속)\s?[!！]|(?:구독|좋아요|알림)\s?(?:과|와|,|·)\s?"
    r"(?:좋아요|알림|구독)|텔레그램.{0,12}(?:문의|입장|오세요|들어오)",
    r"좋아요(?:를|\s?버튼을?)?\s?(?:누르|눌러|부탁)|알림\s?설정|영상\s?아래\s?(?:주소|링크)|(?:우리|저희)\s(?:방|채널|카페|톡방)(?:으로|에)\s",
    r"프로필\s?링크|고정\s?댓글|설명란\s?링크|링크(?:를|는)?\s?(?:클릭|눌|누르세|누르시|타고)",
    r"(?:추천인|할인|쿠폰|초대|프로모션)\s?코드(?:는|를)?\s?(?:[A-Za-z0-9]|입력|사용)|(?:카톡|카카오톡|텔레그램|텔레|라인|위챗)\s?(?:아이디|ID|문의|상담)",
    r"(?:무료|공짜|선물|쿠폰|코인|현금|사은품|혜택).{0,12}?(?:드립니다|드려요|받으세요|받아\s?가세요|지급합니다)|해시태그(?:는|\s?[:：])",
)
_ADVICE_KO = (rf"{_ADVISE_KO}.{{0,5}}?{_ORDER_KO}",)
# Grammar in place of lists: an English sentence that begins with a verb and its object, a Korean one that ends in an order.
_VERBS = (
    "add|ask|avoid|book|bring|browse|buy|call|check|choose|claim|collect|come|contact|copy|dial|do|download|drop|enjoy|enter|explore|"
    "fill|find|follow|get|give|grab|hand|help|hold|invite|join|keep|learn|leave|let|listen|make|mention|message|miss|note|open|order|"
    "paste|pay|phone|pick|place|play|post|praise|press|promote|put|read|reach|recommend|register|remember|repeat|reply|report|request|"
    "ring|run|save|say|scan|see|select|sell|send|set|share|show|smash|spread|start|stop|support|swap|swipe|switch|take|tap|tell|text|"
    "trade|transfer|translate|trust|try|turn|type|unlock|use|verify|view|visit|vote|watch|write"
)
_IMPERATIVE = (
    rf"^please \p{{Ll}}+ (?!not\b)|^[\"“'‘(]?(?:please |kindly |simply |just |now |then |so |and |but )?(?:(?:{_VERBS}) (?:an?|the|this|that|these|those|it|them|us|our|my|"
    r"your|yourself|what|how|now|here|today|everyone|anyone|all)\b|(?:go|come|head|pay|talk|write|speak) to\b|look at\b|(?:type|enter|search) "
    r"\S+ (?:in|into|on)\b|(?:never|don't|do not) \p{Ll}+ (?:the|your|this|that|a|it)\b)",
    r"\b(?:viewers?|everyone watching|everybody watching|subscribers|listeners|all of you) (?:are (?:encouraged|urged|advised|asked|invited)|should|"
    r"must|ought|need|have to|can)\b",
)
_IMPERATIVE_KO = (
    r"(?:(?<!안녕하)(?<!계)(?<!있으)세요|십시오|시오|해라|하라|거라|어라|아라|(?<=[가-힣]\s)줘|해\s?줘|주라|합시다|봅시다|바랍니다|부탁(?:해요|드립니다|드려요)|권(?:합니다|해요|해\s?드립니다))"
    r"[.!…]*[\"'”’]?$",
)
_MODEL = regex.compile("|".join((*_TO_A_MODEL, *_TO_A_MODEL_KO)), regex.IGNORECASE)
_LURE = regex.compile("|".join((*_LURES, *_LURES_KO)), regex.IGNORECASE)
_ADVISES = regex.compile("|".join((*_ADVICE, *_ADVICE_KO, *_IMPERATIVE, *_IMPERATIVE_KO)), regex.IGNORECASE)
# To ask for a comment, or to stay for the next one, sends nobody anywhere.
_HARMLESS = regex.compile(
    r"(?:(?:여러분|당신|네|너희)(?:의|은|는)?\s)?(?:(?:생각|의견|경험|답)(?:은|을|도)?\s)?(?:(?:아래\s)?댓글(?:로|에)\s)?(?:꼭\s)?(?:남겨|적어|알려|들려)\s?"
    r"(?:주세요|주십시오|줘|봐요?|보세요)[.!]?|(?:\S+\s){0,3}?(?:다음|내일|앞으로)\s?(?:\S+도?\s)?함께해\s?(?:주세요|주십시오|줘|요)[.!]?|"
    r"(?:so )?(?:please )?(?:tell us|let us know|leave (?:us )?a comment|comment|share your thoughts)(?: below| in the comments| what you(?:'d|’d| would)?"
    r"(?: think| do| choose| pick)?)*[.!]?",
    regex.IGNORECASE,
)
TO_THE_MODEL, TO_THE_VIEWER, ADVICE = "an order to the model", "an order to the viewer", "advice to the viewer"


def orders(text: str) -> list[str]:
    """The kinds of orders in a text: to a model, to the viewer; `ADVICE` are those that a source may bear out."""
    found = [TO_THE_MODEL] if _MODEL.search(text) else []
    if _LURE.search(text):
        return [*found, TO_THE_VIEWER]
    advises = _ADVISES.search(text) and not _HARMLESS.fullmatch(text)
    return [*found, ADVICE] if advises else found
