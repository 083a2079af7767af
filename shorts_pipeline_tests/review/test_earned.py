import pytest

from shorts_pipeline.database import ReviewQueue, ReviewType, ScriptStatus
from shorts_pipeline.database.documents.operation_config import EarnedRule
from shorts_pipeline.review.decisions import approve, reject
from shorts_pipeline.review.earned import Agreements, agreements
from shorts_pipeline.review.gates import Outcome, submit
from shorts_pipeline.review.risk import Risk
from shorts_pipeline_tests.review.asking import about
from shorts_pipeline_tests.rows import a_channel, a_script, a_topic

RULE = {"agreed": 3, "of_last": 4}


@pytest.fixture
def desk(sessions, clock):
    """Asks about new scripts of one channel, and lets a person decide."""

    class Desk:
        def __init__(self, session):
            self.session, self.channel = session, a_channel(session)
            self.topic, self.version = a_topic(session, self.channel), 0

        def ask(self, risk, mode="hybrid", **gate):
            self.version += 1
            script = a_script(self.session, self.topic, script_version=self.version)
            request = about(script, self.channel, mode=mode, risk=Risk(risk), **gate)
            return script, submit(self.session, [request], now=clock.now())[script.id]

        def decide(self, risk, verb, by="kim", **over):
            script, _ = self.ask(risk, mode="manual")
            review = self.session.query(ReviewQueue).filter_by(target_id=script.id).one()
            verb(self.session, review.id, by=by, now=clock.now(), **over)

        def review_of(self, script):
            return self.session.query(ReviewQueue).filter_by(target_id=script.id).one()

    with sessions.begin() as session:
        yield Desk(session)


def test_a_rule_decides_alone_only_after_it_agreed_with_a_person_often_enough(desk):
    for risk, verb in ((10, approve), (80, reject), (10, reject)):
        desk.decide(risk, verb)
    script, outcome = desk.ask(10, earned=RULE)
    assert outcome is Outcome.WAITING
    assert desk.review_of(script).risk_reasons[-1] == (
        "the rule decides alone once it agreed with a person in 3 of 4 decisions (so far 2 of 3)"
    )
    desk.decide(10, approve)
    assert desk.ask(10, earned=RULE)[1] is Outcome.APPROVED
    assert desk.ask(80, earned=RULE)[1] is Outcome.WAITING


def test_a_rule_that_begins_to_err_loses_what_it_had_earned(desk):
    for _ in range(4):
        desk.decide(10, approve)
    assert desk.ask(10, earned=RULE)[1] is Outcome.APPROVED
    for _ in range(2):
        desk.decide(10, reject)
    assert desk.ask(10, earned=RULE)[1] is Outcome.WAITING


def test_what_rules_decided_earns_nothing_and_an_approval_with_edits_is_no_agreement(desk):
    for _ in range(4):
        desk.ask(10)
    assert agreements(desk.session, desk.channel.id, ReviewType.SCRIPT, threshold=30, last=10) == Agreements(0, 0)
    desk.decide(10, approve, edits={"script_text": "다시 썼어요."})
    assert agreements(desk.session, desk.channel.id, ReviewType.SCRIPT, threshold=30, last=10) == Agreements(0, 1)


def test_each_kind_of_row_and_each_channel_earns_for_itself(desk, clock):
    for _ in range(4):
        desk.decide(10, approve)
    request = about(a_topic(desk.session, desk.channel), desk.channel, mode="hybrid", risk=Risk(1), earned=RULE)
    assert submit(desk.session, [request], now=clock.now())[request.target_id] is Outcome.WAITING
    other = a_channel(desk.session)
    request = about(a_script(desk.session, a_topic(desk.session, other)), other, mode="hybrid", earned=RULE)
    assert submit(desk.session, [request], now=clock.now())[request.target_id] is Outcome.WAITING


@pytest.mark.parametrize("mode", ["auto", "hybrid"])
def test_one_in_so_many_is_shown_to_a_person_all_the_same(desk, mode):
    asked = [desk.ask(10, mode=mode, shown_one_in=4) for _ in range(60)]
    waiting = [script for script, outcome in asked if outcome is Outcome.WAITING]
    assert 5 <= len(waiting) <= 30
    assert all(script.status is ScriptStatus.IN_REVIEW for script in waiting if not desk.session.refresh(script))
    assert desk.review_of(waiting[0]).risk_reasons[-1] == "shown to a person as one in 4"


def test_all_are_shown_where_one_in_one_is_asked_for_and_none_where_zero_is(desk):
    assert {desk.ask(10, shown_one_in=1)[1] for _ in range(5)} == {Outcome.WAITING}
    assert {desk.ask(10, shown_one_in=0)[1] for _ in range(5)} == {Outcome.APPROVED}


def test_a_rule_that_could_never_earn_it_is_refused():
    with pytest.raises(ValueError, match="above of_last"):
        EarnedRule(agreed=11, of_last=10)
