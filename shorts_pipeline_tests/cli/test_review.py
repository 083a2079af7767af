import pytest
from click.testing import CliRunner

from shorts_pipeline.cli.review import review
from shorts_pipeline.database import Script, ScriptStatus, Topic, TopicStatus
from shorts_pipeline.review.decisions import waiting
from shorts_pipeline.review.gates import submit
from shorts_pipeline.review.pending import key, refresh
from shorts_pipeline.review.queue import WhichReview
from shorts_pipeline.review.risk import Risk
from shorts_pipeline.settings import settings
from shorts_pipeline_tests.review.asking import about
from shorts_pipeline_tests.rows import a_channel, a_script, a_topic


@pytest.fixture
def shorts(own_database_url, redis_url, tmp_path, monkeypatch):
    """Runs `shorts review …` on this test's database."""
    for name, value in {
        "DATABASE_URL": own_database_url,
        "REDIS_URL": redis_url,
        "SHORTS_HOME": str(tmp_path),
        "USER": "kim",
        "COLUMNS": "140",
    }.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()

    def run(*arguments):
        return CliRunner().invoke(review, arguments, catch_exceptions=False)

    yield run
    settings.cache_clear()


@pytest.fixture
def two_waiting(sessions, redis, clock):
    with sessions.begin() as session:
        korean, english = a_channel(session, slug="korean"), a_channel(session, slug="english")
        topic = a_topic(session, korean, title_original="흉기 사건 소식", summary="경찰이 조사하고 있습니다.")
        script = a_script(
            session, a_topic(session, english, title_original="Chips are back"), script_text="Chips are back."
        )
        risky = about(topic, korean, risk=Risk(35.0, ("sensitive (death and violence): 흉기",)))
        submit(session, [risky, about(script, english, risk=Risk(0.0))], now=clock.now())
    refresh(sessions, redis)
    with sessions() as session:
        return {each.channel: each for each in waiting(session)}


def test_the_list_reads_well_in_both_languages(shorts, two_waiting):
    output = shorts("list").output
    assert "흉기 사건 소식" in output
    assert "Chips are back" in output
    assert str(two_waiting["korean"].id)[:8] in output
    assert "Chips" not in shorts("list", "--channel", "korean").output
    assert "흉기" not in shorts("list", "--type", "script").output


def test_a_review_is_shown_with_its_content_and_reasons(shorts, two_waiting):
    output = shorts("show", str(two_waiting["korean"].id)[:8]).output
    assert "경찰이 조사하고 있습니다." in output
    assert "sensitive (death and violence): 흉기" in output


def test_approving_moves_the_row_and_the_copy_in_redis(shorts, two_waiting, sessions, redis):
    each = two_waiting["korean"]
    result = shorts("approve", str(each.id)[:8], "--notes", "확인함")
    assert (result.exit_code, result.output) == (0, "1 approved.\n")
    with sessions() as session:
        topic = session.get_one(Topic, each.target_id)
        assert topic.status is TopicStatus.APPROVED
        assert not redis.exists(key(topic.channel_id))
        assert [left.channel for left in waiting(session)] == ["english"]


def test_what_was_decided_already_is_told_and_the_others_go_on(shorts, two_waiting):
    first, second = (str(each.id) for each in two_waiting.values())
    shorts("reject", first)
    result = shorts("approve", first, second)
    assert result.exit_code == 1
    assert "1 approved." in result.output
    assert "was rejected by kim" in result.output


def test_all_of_a_channel_and_kind_at_once(shorts, two_waiting):
    assert shorts("approve", "--all", "--channel", "english", "--type", "script").output == "1 approved.\n"
    assert "Nothing waits" in shorts("list", "--channel", "english").output
    assert "흉기" in shorts("list").output


def test_unclear_requests_are_refused_and_change_nothing(shorts, two_waiting):
    for arguments in (["approve"], ["approve", "abcd", "--all"], ["reject", "abcd", "--channel", "korean"]):
        assert shorts(*arguments).exit_code == 2
    assert shorts("list", "--channel", "nowhere").exit_code == 2
    with pytest.raises(WhichReview):
        shorts("show", "ffff0000")


def test_a_script_is_approved_with_another_text_from_a_file(shorts, two_waiting, sessions, redis, tmp_path):
    file = tmp_path / "better.txt"
    file.write_text("Chips are back, and dearer.\n", encoding="utf-8")
    result = shorts("edit", str(two_waiting["english"].id), "--text-file", str(file))
    assert (result.exit_code, result.output) == (0, "1 approved, with another text.\n")
    with sessions() as session:
        script = session.get_one(Script, two_waiting["english"].target_id)
        assert (script.status, script.script_text) == (ScriptStatus.APPROVED, "Chips are back, and dearer.")
        assert redis.smembers(key(script.channel_id)) == set()


def test_without_a_change_given_the_text_opens_in_the_editor(shorts, two_waiting, sessions, monkeypatch):
    monkeypatch.setattr("click.edit", lambda text, **_: text + " Slowly.")
    shorts("edit", str(two_waiting["english"].id))
    with sessions() as session:
        assert session.get_one(Script, two_waiting["english"].target_id).script_text == "Chips are back. Slowly."


@pytest.mark.parametrize(
    ("change", "said"),
    [(("--tags", "a,b"), "a topic has no tags to edit"), (("--title", " "), "title_original would be empty")],
)
def test_an_edit_that_cannot_be_made_decides_nothing(shorts, two_waiting, sessions, change, said):
    result = CliRunner().invoke(review, ["edit", str(two_waiting["korean"].id), *change])
    assert result.exit_code != 0
    assert said in f"{result.output}{result.exception}"
    with sessions() as session:
        assert session.get_one(Topic, two_waiting["korean"].target_id).status is TopicStatus.PENDING
