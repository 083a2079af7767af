"""Title marks: what newsrooms, wires and communities hang on a headline, as patterns.

Only what says nothing about the story stands here: marks ("[속보]", "UPDATE 2-", "[OC]"), who published it
("| Reuters", ": r/rust"), how it was received ("(20)" comments, "ㅋㅋㅋ"). Taking them off is titles.py's business.
"""

import regex

from shorts_pipeline.language.tables import listed

_KOREAN_MARKS = (
    "속보|단독|종합|긴급|특보|특징주|포토|사진|영상|동영상|그래픽|인터뷰|팩트체크|사설|칼럼|기고|오피니언|르포|현장|기획|연재|특집|"
    "전문|부고|인사|카드뉴스|자막뉴스|이슈|화보|생중계|라이브|자유게시판|게시판|질문|정보|잡담|후기|유머|스압|공지|펌|자유|일반|공식입장|공식|"
    "초점|줌인|톡톡|리포트|뉴스|기사"
)
_ENGLISH_MARKS = (
    r"breaking(?: news)?|exclusive|updated?|updates|live|watch|video|photos?|opinion|analysis|podcast|sponsored|ad|pdf|"
    r"d|p|r|n|oc|serious|nsfw|sfw|megathread|discussion|question|help|news|rumou?r|meta|article|psa|announcement"
)
_MARK = rf"(?:{_KOREAN_MARKS}|{_ENGLISH_MARKS}|\d보)"
_BRAND = r"(?:[A-Za-z0-9+&]{1,8}|뉴스1|뉴스룸|이데일리|연합)\s?"
_CROSSPOST = r"(?:x-?post|cross-?post)(?:ed)?(?: from)? /?r/\w{2,21}"

IN_BRACKETS = regex.compile(
    rf"[\[【〈《［]\s*(?:{_MARK}(?:[\s·/ㆍ+]*{_MARK})*|{_BRAND}(?:포토|이슈|리포트|PICK|현장|영상|인터뷰|단독|톡|초점)|{_CROSSPOST})"
    r"\s*[\]】〉》］]",
    regex.IGNORECASE,
)
IN_PARENTHESES = regex.compile(
    r"\(\s*(?:종합\s*\d*보?|\d+보|상보|속보|단독|펌|\+?\s?(?:동?영상|사진|포토)|updated?|video|photos?|pdf|"
    rf"{_CROSSPOST}|\d[\d,]* comments?|댓글\s*\d[\d,]*개?)\s*\)",
    regex.IGNORECASE,
)
"""Marks in brackets, wherever they stand."""

AT_START = regex.compile(
    "|".join(
        (
            # UPDATE 2-Fed …, EXCLUSIVE-OPEC+ …: Reuters.  (LEAD) …, (2nd LD) …: Yonhap.
            r"(?:UPDATE|WRAPUP|RPT|REFILE|EXCLUSIVE|FACTBOX|ANALYSIS|CORRECTED|CORRECTION|BRIEF|INSIGHT|FOCUS|EXPLAINER|"
            r"GRAPHIC|TIMELINE|COLUMN|POLL|PREVIEW|LIVE)(?: \d+)?-\s*(?=[\p{Lu}\p{N}\"'“‘])",
            r"\((?:(?:\d(?:st|nd|rd|th) )?(?:LEAD|LD)|URGENT|News Focus|Yonhap Feature|Yonhap Interview)\)",
            r"(?i:breaking(?: news)?|exclusive|just in|live(?: updates?| blog)?|watch|video|opinion|analysis|explainer|"
            r"podcast|sponsored|in pictures|photos|update)\s*[:|](?=\s*\S)",
            r"BREAKING(?: NEWS)?\s*[-–—](?=\s*\S)",
            r"(?i:Show|Ask|Tell|Launch) HN\s*[:–-]",
            r"/?r/\w{2,21}\s*[-–:|]",
            r"(?:Comments on|New comment on):",
            r"(?:속보|단독|긴급|종합|특보)\s*[:|\]]",
            # (서울=연합뉴스), [헤럴드경제=홍길동 기자]
            r"[(\[【][^()\[\]【】=]{1,20}=[^()\[\]【】=]{0,12}[가-힣]{2}[^()\[\]【】=]{0,12}[)\]】]",
            r"[■□◆◇●○★☆☞※•▷▣◈]+",
        )
    )
)
AT_END = regex.compile(
    "(?r)(?:"
    + "|".join(
        (
            r"\s*(?:…|\.{2,})\s*\[?(?i:더\s?보기|전체\s?보기|read more|continue reading|more)\]?\s*[»›〉>]*",
            r"\s*\[(?i:더\s?보기|전체\s?보기|read more)\]",
            # Guardian: "… – live", "… – as it happened"
            r"\s+[–—|]\s*(?i:live(?: updates| blog)?|as it happened|video|in pictures|podcast)",
            r"\s*\((?:AP|AFP|Reuters|Yonhap|Bloomberg|UPI|dpa|연합뉴스|연합|뉴시스|뉴스1)\)",
            r"\s*[/|]\s*[가-힣]{2,4}\s?(?:기자|특파원|논설위원|앵커)",
            # "[132]", "[댓글 48]" are comments, so is "(20)"; "(3)" may be a part of a series, "(2019)" is a year.
            r"(?<=\S)\s*\[(?:댓글\s*)?\d[\d,]*\]",
            r"(?<=\S)\s+\((?!(?:19|20)\d\d\))\d[\d,]+\)",
            r"\s+\((?:[\w-]+\.)+[a-z]{2,6}(?:/[\w./-]*)?\)",
            r"(?:\s+#[\p{L}\p{N}_]+){2,}",
            # A newspaper's own path: "… 〈 증권 〈 경제 〈 기사본문 - 한국경제"
            r"(?:\s〈\s[^〈〉]{1,20}){2,5}|\s〈\s기사본문",
            r"\s*(?<![ㄱ-ㅣ])[ㅋㅎ]",
        )
    )
    + ")$"
)
"""A mark at the start and one at the end, each taken off whole; the end is searched backwards."""

LINK = regex.compile(r"\bhttps?://\S+", regex.IGNORECASE)
LAUGHTER = regex.compile(r"(?<![ㄱ-ㅣ])(?:[ㅋㅎ]{2,}|[ㅠㅜ]+|[ㄷㅎ]ㄷ+)(?![ㄱ-ㅣ])[~.!]*")
REPEATED = regex.compile(r"(?<=\S)([!?~！？])\1+")
SHOUTED = regex.compile(r"(?<=\S)[!?]*(?:\?!|!\?)[!?]+")
DOTS = regex.compile(r"…{2,}|\.{3,}(?:…|\.)*|…\.+|(?<=[가-힣])\.{2}(?=\s|$)")

SITE_AT_END = regex.compile(r"^(?P<title>.*\S)\s+(?:[-–—―|│·•]|::?|»|[/])\s+(?P<site>[^-–—―|│»〈]{2,40})$")
SITE_AT_START = regex.compile(r"^(?P<site>[^-–—|:]{2,24}?)\s*(?:\s[-–—]|\|)\s+(?P<title>\S.*)$")
SITE_SHAPE = regex.compile(
    r"(?:공감언론\s)?(?:[가-힣]{1,6}|[A-Za-z0-9]{1,8}\s?)"
    r"(?:뉴스|일보|신문|경제|경제신문|경제TV|방송|닷컴|투데이|매거진|미디어|저널|타임스|통신|통신사|TV|블로그)|"
    r"뉴시스통신사|"
    r"(?!(?:Good|Bad|Breaking|Latest|Great|Fake|Old|Big|More|Hard|The Good|The Bad|Blog|Tough|End) )"
    r"(?:The )?(?:\p{Lu}[\p{L}.'’&]*\s){0,3}"
    r"(?:News|Times|Post|Magazine|Daily|Tribune|Journal|Herald|Gazette|Chronicle|Telegraph|Insider|Blog)|"
    r"(?:[\w-]+\.)+(?:com|net|org|io|kr|co|dev|ai|uk)|/?r/\w{2,21}"
)
SITES = frozenset(
    name.replace("_", " ")
    for name in listed("""
        techcrunch the_verge ars_technica wired engadget zdnet cnet mashable gizmodo the_register hacker_news
        dev_community dev.to reuters bloomberg cnn bbc bbc_news the_guardian the_new_york_times ap_news npr cnbc
        forbes axios politico vox medium github youtube reddit espn abc_news cbs_news nbc_news fox_news usa_today
        the_wall_street_journal the_washington_post financial_times business_insider the_information al_jazeera
        slashdot macrumors 9to5mac 9to5google android_authority tom's_hardware anandtech lobsters infoworld
        venturebeat the_economist the_atlantic yonhap_news_agency the_korea_herald the_korea_times
        연합뉴스 연합뉴스tv 네이버_뉴스 네이버 네이버_블로그 네이버_카페 다음 다음뉴스 다음_뉴스 다음_카페
        한겨레 경향신문
        동아일보 조선일보 중앙일보 한국경제 매일경제 머니투데이 전자신문 디지털타임스 지디넷코리아 블로터 요즘it yozm_it
        ytn kbs mbc sbs jtbc kbs_뉴스 sbs_뉴스 mbc_뉴스 뉴시스 뉴스1 이데일리 오마이뉴스 프레시안 노컷뉴스 아시아경제
        서울경제 한국일보 국민일보 세계일보 헤럴드경제 조선비즈 디지털데일리 ai타임스 아이뉴스24 클리앙 뽐뿌
        디시인사이드
        에펨코리아 루리웹 더쿠 인벤 보배드림 mlbpark okky 긱뉴스 geeknews velog 티스토리 브런치 네이트판
        """)
)
"""Sites by name, case-folded; others are known by their shape."""

# In front of a dash these may be what the story is about.
SUBJECTS_TOO = frozenset(listed("github youtube reddit medium 네이버 다음 forbes wired axios vox 한국경제"))
