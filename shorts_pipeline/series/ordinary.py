"""Ordinary headlines: about everything and nothing, by language. What they have in common is what any headlines have.

Sentence models press all headlines into one corner; likeness.py measures from the middle of that corner. A channel with
five stories cannot say where it is: these can.
"""

from types import MappingProxyType

ORDINARY = MappingProxyType(
    {
        "ko": (
            "지난해보다 두 배 늘어난 귀농 인구",
            "도서관 야간 개방 다음 달부터 시작",
            "바닷물 온도가 오르자 잡히는 물고기가 달라졌다",
            "새로 나온 운동화, 직접 신고 뛰어 보니",
            "의원들이 밤새 토론한 법안의 내용",
            "낡은 건물 옥상에 정원을 만든 사람들",
            "피아노 콩쿠르에서 우승한 열여섯 살",
            "비가 오면 왜 무릎이 아플까",
            "공장 자동화로 사라지는 일자리와 생기는 일자리",
            "삼국시대 성벽 아래에서 발견된 나무 조각",
            "우체국 창구 줄이고 무인 기기 늘린다",
            "감독이 경기 뒤에 남긴 한마디",
            "집에서 쉽게 따라 하는 스트레칭 다섯 가지",
            "국제 유람선 항로 다시 열린다",
            "소비자가 가장 많이 묻는 질문과 답",
            "작은 로봇이 논에서 잡초를 뽑는다",
            "빙하가 녹은 자리에서 깨어난 미생물",
            "전문가가 뽑은 올해 최고의 소설",
            "은행 점포 문 닫는 시간이 바뀐다",
            "시골 학교에 전학생이 몰린 이유",
            "수출 기업들 환율에 웃고 원자재에 울고",
            "장마철 빨래 냄새 없애는 방법",
            "외국인 관광객이 가장 많이 산 기념품",
            "신기술 특허를 둘러싼 두 회사의 소송",
        ),
        "en": (
            "A small town votes to keep its cinema open",
            "What a year without sugar did to one family",
            "The company recalls two million toasters",
            "Scientists find a new kind of ice",
            "How to plant tomatoes on a balcony",
            "Ministers agree on a budget after a long night",
            "The goalkeeper who became a judge",
            "This old trick keeps bread fresh for a week",
            "Workers at the port go on strike",
            "A novelist remembers her first rejection letter",
            "Why your knees hurt when it rains",
            "New software finds errors in tax forms",
            "Archaeologists open a sealed jar from the Iron Age",
            "The quiet return of the night train",
            "Five mistakes people make when they buy a bicycle",
            "Storm leaves thousands without power",
            "A start-up wants to print houses",
            "Museum lends its most famous painting",
            "Doctors warn about a popular supplement",
            "The insect that farms mushrooms",
            "Court rules on who owns a shared driveway",
            "Teenager builds a telescope from scrap",
            "Shares fall as investors wait for figures",
            "The street where everyone speaks four languages",
        ),
    }
)
