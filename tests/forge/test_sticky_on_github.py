"""One comment, whatever happens: against a GitHub that keeps what is written and fails when told to."""

from __future__ import annotations

import pytest

from lifelint.forge.actions import Pull
from lifelint.forge.client import Client
from lifelint.forge.github import PullThread, open_pull
from lifelint.forge.sticky import Published, publish
from tests.forge.fake_github import BOT, DENIED, INVALID, MISSING, FakeGitHub, limited, refused
from tests.forge.loopback import BAD_GATEWAY, BROKEN, HANGING, LOST, Fault, Reply

COMMIT, OTHER = "4b64" * 10, "9c1f" * 10
MARKER = "<!-- lifelint:comment v=1 key=default -->"
BODY, NEXT = f"{MARKER}\nlevel 2\n", f"{MARKER}\nlevel 3\n"


class Naps:
    """Sleeps for no time, and remembers for how long it should have."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)


@pytest.fixture
def naps() -> Naps:
    return Naps()


def thread(hub: FakeGitHub, naps: Naps | None = None, *, token: str = "", seconds: float = 20.0) -> PullThread:
    headers = {"Authorization": f"Bearer {token or hub.token}"}
    client = Client(hub.url, headers, seconds=seconds, sleep=naps or Naps())
    return PullThread(client, Pull(hub.repository, 7, COMMIT), hub.graphql)


def said(hub: FakeGitHub, body: str = BODY, *, create: bool = True, naps: Naps | None = None) -> Published:
    return publish(thread(hub, naps), COMMIT, body, create=create)


@pytest.fixture(autouse=True)
def pull(hub: FakeGitHub) -> None:
    hub.pull(7, COMMIT)


class TestOneComment:
    def test_is_created_when_there_is_something_to_say(self, hub: FakeGitHub) -> None:
        published = said(hub)

        [comment] = hub.comments(7)
        assert (comment.author, comment.body) == (BOT, BODY)
        assert published == Published("created", f"{hub.server}/{hub.repository}/pull/7#issuecomment-{comment.id}")

    def test_is_not_created_when_there_is_nothing(self, hub: FakeGitHub) -> None:
        assert said(hub, create=False).status == "skipped"
        assert hub.comments(7) == []

    def test_is_edited_in_place(self, hub: FakeGitHub) -> None:
        said(hub)
        [before] = hub.comments(7)

        published = said(hub, NEXT, create=False)

        assert published.status == "updated"
        assert hub.comments(7) == [before._replace(body=NEXT)]

    def test_is_left_alone_when_it_says_the_same(self, hub: FakeGitHub) -> None:
        first = said(hub)
        hub.requests.clear()

        assert said(hub) == Published("unchanged", first.address)
        assert [one.method for one in hub.requests] == ["GET", "GRAPHQL", "GET"]

    def test_is_found_behind_a_hundred_others(self, hub: FakeGitHub) -> None:
        for number in range(130):
            hub.comment(7, "ann", f"no. {number}")
        said(hub)
        hub.comment(7, "ann", "thanks")
        hub.requests.clear()

        assert said(hub, NEXT).status == "updated"
        assert [one.method for one in hub.requests] == ["GET", "GRAPHQL", "GET", "GET", "PATCH"]
        assert [one.body for one in hub.comments(7) if one.author == BOT] == [NEXT]

    def test_is_not_another_keys(self, hub: FakeGitHub) -> None:
        other = BODY.replace("key=default", "key=default-2")
        said(hub)

        assert said(hub, other).status == "created"
        assert [one.body for one in hub.comments(7)] == [BODY, other]

    def test_is_not_what_somebody_else_wrote(self, hub: FakeGitHub) -> None:
        spoof = hub.comment(7, "mallory", BODY)
        copy = hub.comment(7, "github-actions", BODY)

        assert said(hub, NEXT).status == "created"
        assert hub.comments(7)[:2] == [spoof, copy]
        assert [one.body for one in hub.comments(7)[2:]] == [NEXT]

    def test_is_not_a_quotation_of_it(self, hub: FakeGitHub) -> None:
        quotation = hub.comment(7, BOT, f"> said before:\n\n{BODY}")

        assert said(hub).status == "created"
        assert hub.comments(7)[0] == quotation

    def test_is_one_again_after_two_runs_at_once(self, hub: FakeGitHub) -> None:
        oldest, spoof = hub.comment(7, BOT, BODY), hub.comment(7, "mallory", BODY)
        hub.comment(7, BOT, BODY)
        hub.comment(7, BOT, NEXT)

        assert said(hub, NEXT).status == "updated"
        assert hub.comments(7) == [oldest._replace(body=NEXT), spoof]

    def test_is_written_although_its_duplicate_stays(self, hub: FakeGitHub) -> None:
        hub.comment(7, BOT, BODY)
        hub.comment(7, BOT, BODY)
        hub.fail("DELETE", DENIED)

        assert said(hub, NEXT).status == "updated"
        assert [one.body for one in hub.comments(7)] == [NEXT, BODY]

    def test_holds_every_character(self, hub: FakeGitHub) -> None:
        body = f"{MARKER}\n" + "".join(map(chr, [*range(1, 0x250), 0x202E, 0x1F680, 0xFFFD]))

        assert said(hub, body).status == "created"
        assert hub.comments(7)[0].body == body
        assert said(hub, body).status == "unchanged"

    def test_of_a_deleted_account_is_nobodys(self, hub: FakeGitHub) -> None:
        listed = [{"id": 1, "html_url": "https://x.example", "user": None, "body": BODY}]
        hub.fail("GET", Fault(Reply(200, {"head": {"sha": COMMIT}, "state": "open"})), Fault(Reply(200, listed)))

        assert said(hub).status == "created"


class TestWhoWeAre:
    def test_is_asked(self) -> None:
        with FakeGitHub(viewer="acme-lint[bot]") as hub:
            hub.pull(7, COMMIT)
            hub.comment(7, BOT, BODY)

            assert said(hub).status == "created"
            assert said(hub, NEXT).status == "updated"
            assert [(one.author, one.body) for one in hub.comments(7)] == [(BOT, BODY), ("acme-lint[bot]", NEXT)]

    @pytest.mark.parametrize(
        "answer",
        [
            refused(403, "Resource not accessible by integration"),
            refused(404, "Not Found"),
            Reply(200, {"data": None, "errors": [{"message": "forbidden"}]}),
            Reply(200, {"data": {"viewer": None}}),
            Reply(200, []),
        ],
    )
    def test_is_a_workflows_token_where_it_is_not_told(self, hub: FakeGitHub, answer: Reply) -> None:
        hub.comment(7, BOT, BODY)
        hub.fail("GRAPHQL", Fault(answer))

        assert said(hub, NEXT).status == "updated"

    def test_is_asked_again_when_the_server_fails(self, hub: FakeGitHub) -> None:
        hub.comment(7, BOT, BODY)
        hub.fail("GRAPHQL", BAD_GATEWAY, LOST)

        assert said(hub, NEXT).status == "updated"

    def test_is_not_guessed_when_the_server_fails_for_long(self, hub: FakeGitHub) -> None:
        hub.fail("GRAPHQL", BAD_GATEWAY, BAD_GATEWAY, BAD_GATEWAY)

        assert said(hub) == Published("failed", why="status 502")
        assert hub.comments(7) == []


class TestNothingIsSaid:
    def test_of_a_commit_that_is_no_longer_the_head(self, hub: FakeGitHub) -> None:
        hub.comment(7, BOT, BODY)
        hub.pull(7, OTHER)

        published = said(hub, NEXT)

        assert published == Published("stale", why="the branch is at 9c1f9c1f9c1f now")
        assert hub.comments(7)[0].body == BODY

    def test_on_a_closed_pull_request(self, hub: FakeGitHub) -> None:
        hub.pull(7, COMMIT, state="closed")

        assert said(hub) == Published("skipped", why="the pull request is closed")
        assert hub.writes == []

    def test_in_a_locked_conversation(self, hub: FakeGitHub) -> None:
        hub.pull(7, COMMIT, locked=True)

        assert said(hub) == Published("skipped", why="the conversation is locked")
        assert hub.writes == []


class TestRefusals:
    def test_a_read_only_token_is_told_what_it_lacks(self, hub: FakeGitHub) -> None:
        published = publish(thread(hub, token=hub.read_token), COMMIT, BODY, create=True)

        assert published.status == "denied"
        assert "Resource not accessible by integration" in published.why
        assert "`permissions: pull-requests: write`" in published.why
        assert hub.comments(7) == []

    def test_an_edit_may_be_denied_too(self, hub: FakeGitHub) -> None:
        hub.comment(7, BOT, BODY)

        assert publish(thread(hub, token=hub.read_token), COMMIT, NEXT, create=True).status == "denied"

    def test_an_unknown_token_is_denied(self, hub: FakeGitHub) -> None:
        published = publish(thread(hub, token="expired"), COMMIT, BODY, create=True)

        assert published.status == "denied"
        assert published.why.startswith("Bad credentials: ")

    def test_what_is_hidden_from_us_is_denied(self, hub: FakeGitHub) -> None:
        hub.fail("GET", MISSING)

        assert said(hub).status == "denied"

    def test_a_body_that_is_too_long_is_refused_in_githubs_words(self, hub: FakeGitHub, naps: Naps) -> None:
        published = said(hub, BODY + "x" * 65_536, naps=naps)

        assert published.status == "failed"
        assert "maximum is 65536 characters" in published.why
        assert naps.taken == []

    def test_a_short_limit_is_waited_for(self, hub: FakeGitHub, naps: Naps) -> None:
        hub.fail("POST", limited("3"))

        assert said(hub, naps=naps).status == "created"
        assert naps.taken == [3.0]

    @pytest.mark.parametrize("fault", [limited("11"), limited("600"), limited(None), limited("soon")])
    def test_a_long_limit_is_not(self, hub: FakeGitHub, naps: Naps, fault: Fault) -> None:
        hub.fail("POST", fault)

        published = said(hub, naps=naps)

        assert published.status == "failed"
        assert "secondary rate limit" in published.why
        assert naps.taken == []

    def test_a_spent_budget_is_a_limit_whatever_it_says(self, hub: FakeGitHub) -> None:
        hub.fail("POST", Fault(refused(403, "Forbidden", {"X-RateLimit-Remaining": "0"})))

        assert said(hub).status == "failed"

    def test_what_is_wrong_is_not_tried_again(self, hub: FakeGitHub, naps: Naps) -> None:
        hub.fail("POST", INVALID)

        assert said(hub, naps=naps) == Published("failed", why="Validation Failed body is wrong")
        assert naps.taken == []


class TestFailures:
    @pytest.mark.parametrize("fault", [BAD_GATEWAY, LOST, BROKEN])
    @pytest.mark.parametrize("method", ["GET", "PATCH"])
    def test_what_can_be_done_twice_is_tried_again(
        self, hub: FakeGitHub, naps: Naps, fault: Fault, method: str
    ) -> None:
        hub.comment(7, BOT, BODY)
        hub.fail(method, fault, fault)

        assert said(hub, NEXT, naps=naps).status == "updated"
        assert [one.body for one in hub.comments(7)] == [NEXT]
        assert naps.taken == [1.0, 2.0]

    def test_it_is_given_up_in_the_end(self, hub: FakeGitHub) -> None:
        hub.comment(7, BOT, BODY)
        hub.fail("PATCH", BAD_GATEWAY, BAD_GATEWAY, BAD_GATEWAY)

        assert said(hub, NEXT) == Published("failed", why="status 502")

    def test_a_comment_whose_answer_was_lost_is_not_written_twice(self, hub: FakeGitHub) -> None:
        hub.fail("POST", LOST)

        published = said(hub)

        [comment] = hub.comments(7)
        assert published.status == "created"
        assert published.address.endswith(f"#issuecomment-{comment.id}")
        assert hub.writes == ["POST"]

    @pytest.mark.parametrize(
        "fault",
        [Fault(Reply(502, b""), done=True), Fault(Reply(201, b"<html>"), done=True), Fault(Reply(201, {}), done=True)],
    )
    def test_nor_one_whose_answer_was_spoilt(self, hub: FakeGitHub, fault: Fault) -> None:
        hub.fail("POST", fault)

        assert said(hub).status == "created"
        assert len(hub.comments(7)) == 1

    def test_a_comment_that_may_be_there_and_is_not_is_left_to_the_next_run(self, hub: FakeGitHub) -> None:
        hub.fail("POST", BROKEN)

        assert said(hub).status == "failed"
        assert hub.comments(7) == []
        assert said(hub).status == "created"

    def test_a_server_that_says_nothing_costs_no_more_than_was_allowed(self, hub: FakeGitHub) -> None:
        hub.fail("GET", HANGING)

        published = publish(thread(hub, seconds=0.3), COMMIT, BODY, create=True)

        assert published.status == "failed"
        assert "timed out" in published.why

    def test_a_comment_that_hangs_is_not_written_twice(self, hub: FakeGitHub) -> None:
        hub.fail("POST", HANGING._replace(done=True))

        published = publish(thread(hub, seconds=1.5), COMMIT, BODY, create=True)

        assert published.status == "failed"
        assert len(hub.comments(7)) == 1
        assert said(hub).status == "unchanged"


class TestStrangeAnswers:
    @pytest.mark.parametrize(
        "body",
        [
            *(b"<html>log in</html>", b"\xff\xfe", b"[" * 100_000, b"null", b"[]", b"3", b"{}", b'{"head": []}'),
            *(b'{"head": {"sha": 3}, "state": "open"}', b'{"head": {"sha": "4b64"}, "state": null}'),
        ],
    )
    def test_of_the_pull_request(self, hub: FakeGitHub, body: bytes) -> None:
        hub.fail("GET", Fault(Reply(200, body)))

        published = said(hub)

        assert published.status == "failed"
        assert published.why.startswith("the answer ")
        assert hub.comments(7) == []

    @pytest.mark.parametrize("body", [{}, None, 3, [None], [[]], ["x"], [{"id": "1"}], [{"id": 1}]])
    def test_of_the_comments(self, hub: FakeGitHub, body: object) -> None:
        hub.fail("GET", Fault(Reply(200, {"head": {"sha": COMMIT}, "state": "open"})), Fault(Reply(200, body)))

        assert said(hub).status == "failed"
        assert hub.comments(7) == []


class TestTheTokenGoesNowhereElse:
    def test_by_a_redirect(self, hub: FakeGitHub) -> None:
        with FakeGitHub() as elsewhere:
            for method in ("GET", "POST", "PATCH"):
                hub.fail(method, Fault(Reply(307, b"", {"Location": f"{elsewhere.url}/repos/acme/churn/pulls/7"})))

            statuses = [said(hub).status, said(hub).status]
            hub.comment(7, BOT, BODY)
            statuses.append(said(hub, NEXT).status)

            assert elsewhere.requests == []
        assert statuses == ["failed", "failed", "failed"]

    @pytest.mark.parametrize(
        "following",
        [
            *("{}/repos/acme/churn/issues/7/comments", "https:{}/x", "//127.0.0.1.example/x", "file:///etc/passwd"),
            *("http://[", "x", "http://user@127.0.0.1/x", "http://127.0.0.1/x"),
        ],
    )
    def test_by_a_next_page(self, hub: FakeGitHub, following: str) -> None:
        with FakeGitHub() as elsewhere:
            link = {"Link": f'<{following.format(elsewhere.url)}>; rel="next"'}
            hub.fail("GET", Fault(Reply(200, {"head": {"sha": COMMIT}, "state": "open"})), Fault(Reply(200, [], link)))

            assert said(hub).status == "failed"
            assert elsewhere.requests == []
        assert hub.comments(7) == []

    def test_by_graphql(self, hub: FakeGitHub) -> None:
        with FakeGitHub() as elsewhere:
            client = Client(hub.url, {"Authorization": f"Bearer {hub.token}"})
            published = publish(
                PullThread(client, Pull(hub.repository, 7, COMMIT), elsewhere.graphql), COMMIT, BODY, create=True
            )

            assert published.status == "failed"
            assert elsewhere.requests == []

    def test_nor_into_words(self, hub: FakeGitHub) -> None:
        for token in ("se\ncret", "secr\u00e9t\u2713"):
            published = publish(thread(hub, token=token), COMMIT, BODY, create=True)

            assert published.status == "failed"
            assert "secr" not in published.why and "cret" not in published.why


def test_a_list_without_end_is_given_up(hub: FakeGitHub) -> None:
    endless = Reply(200, [], {"Link": f'<{hub.url}/repos/acme/churn/issues/7/comments?page=2>; rel="next"'})
    hub.fail("GET", Fault(Reply(200, {"head": {"sha": COMMIT}, "state": "open"})), *[Fault(endless)] * 30)

    assert said(hub) == Published("failed", why="the list has more than 30 pages")


class TestThePullRequestOfABranch:
    def test_is_the_open_one_at_the_commit(self, hub: FakeGitHub) -> None:
        client = Client(hub.url, {"Authorization": f"Bearer {hub.token}"})
        hub.pull(8, COMMIT, owner="ann", branch="fix/a&b #1")
        hub.pull(9, OTHER, owner="bob")
        hub.pull(10, COMMIT, owner="eve", state="closed")

        assert open_pull(client, hub.repository, "ann", "fix/a&b #1", COMMIT) == Pull(hub.repository, 8, COMMIT)
        assert open_pull(client, hub.repository, "acme", "topic", COMMIT) == Pull(hub.repository, 7, COMMIT)
        assert open_pull(client, hub.repository, "bob", "topic", COMMIT) is None
        assert open_pull(client, hub.repository, "eve", "topic", COMMIT) is None
        assert open_pull(client, hub.repository, "mallory", "topic", COMMIT) is None
