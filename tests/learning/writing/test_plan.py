"""From decisions to a plan: what is written where, what stays open; on git, and in place."""

import json
import os
import subprocess
from datetime import date
from pathlib import Path

import pytest
import yaml

from kb_index.articles import load_articles
from learning.data_files import check_files
from learning.writing import git, in_place
from learning.writing.accepted import Accepted, Decided, Draft, Example, Pin, Said
from learning.writing.errors import GitRefused, NotWritten
from learning.writing.plan import EXAMPLES, HELD_OUT, kind_of, make_plan

ROOT = Path(__file__).resolve().parents[3]
TODAY = date(2026, 11, 23).isoformat()


def said(text, language="en", *, held_out=False):
    key = ("00000005" if held_out else "00000001") + "0" * 56
    return Said(key=key, text=text, language=language, conversation_id="c_1", seq=3)


def decided(*ids, reviewers=("Ada",)):
    return Decided(ids=ids, reviewers=reviewers, at=TODAY)


def example(text, intent, number, *, language="en", held_out=False, is_new=False):
    return Example(
        said=said(text, language, held_out=held_out),
        intent=intent,
        is_new=is_new,
        decided=decided(f"d_{number}"),
    )


ACCEPTED = Accepted(
    examples=(
        example("where did my cash go", "ask_refund", 1),
        example("Where did my CASH go?", "ask_refund", 2),
        example("돈 돌려주실 수 있나요", "ask_refund", 3, language="ko"),
        example("give back the euros", "ask_refund", 4, held_out=True),
        example("can I get a refund?", "ask_order", 5),
        example("can I get a refund", "ask_refund", 6),
        example("‹name› ‹phone›", "ask_order", 7),
        example("do you sell gift cards", "Gift cards", 8, is_new=True),
        example("buy a voucher for a friend", "Gift cards", 8, is_new=True),
        example("подарочная карта есть?", "Gift cards", 8, language="ru", is_new=True),
        example("ein Intent", "ask_gone", 9),
        example("只有一句", "lonely one", 10, language="zh-Hans", is_new=True),
    ),
    pins=(
        Pin(said=said("cash back when"), article_id="refunds", locale="en", decided=decided("p1")),
        Pin(said=said("x y", "ko"), article_id="none-such", locale="ko", decided=decided("p2")),
        Pin(said=said("mail ‹email›"), article_id="refunds", locale="en", decided=decided("p3")),
    ),
    drafts=(
        Draft(
            suggestion_id="s_abc12345",
            language="en",
            title="Gift cards: how to buy one",
            body="",
            questions=("do you sell gift cards?", "Do you sell gift cards", "I am ‹name›, cards?"),
            answers=("Yes, in the shop under Extras --> gift cards.", "Yes.\nIn the shop."),
        ),
        Draft(
            suggestion_id="s_abc12346",
            language="ko",
            title="기프트 카드",
            body="기프트 카드는 상점에서 구입하실 수 있습니다.",
            questions=(),
            answers=(),
        ),
    ),
)  # fmt: skip


def test_what_was_decided_is_written_where_it_belongs(project):
    plan = make_plan(project, ACCEPTED, today=TODAY)

    assert [change.path for change in plan.files] == [
        "bot/domain/domain.yml",
        "data/kb/en/refunds.md",
        "data/kb_drafts/en/gift-cards-how-to-buy-one.md",
        "data/kb_drafts/ko/draft-abc12346.md",
        EXAMPLES,
        HELD_OUT,
        "data/nlu/ask_gift_cards.yml",
        "data/nlu/ask_refund.yml",
        "data/rules/knowledge.yml",
    ]
    assert plan.counts == {
        "examples": 5, "held_out": 1, "known": 2, "left_out": 2, "intents": 1, "questions": 1,
        "drafts": 2, "problems": 4,
    }  # fmt: skip
    assert [problem.code for problem in plan.problems] == [
        "conflict", "unknown_intent", "too_few", "no_article",
    ]  # fmt: skip
    assert "a phrase of ask_refund already" in plan.problems[0].detail
    assert plan.decision_ids == ("d_2", "d_6", "d_7", "d_1", "d_3", "d_4", "d_8", "p3", "p1")
    assert plan.suggestion_ids == ("s_abc12345", "s_abc12346")
    assert plan.people == ("Ada",)
    kinds = [kind_of(change.path) for change in plan.files]
    assert kinds[1:6] == ["questions", "draft", "draft", "examples", "held_out"]
    assert not (project / EXAMPLES).exists()  # nothing is written by a plan


def put(project, tmp_path, name="b_1", accepted=ACCEPTED):
    plan = make_plan(project, accepted, today=TODAY)
    folder = in_place.backups(tmp_path) / name
    in_place.stage(
        folder, plan.files, decision_ids=plan.decision_ids, suggestion_ids=plan.suggestion_ids
    )
    return plan, folder


def test_what_is_written_can_be_trained_indexed_and_found_again(project, tmp_path):
    before = {p: p.read_bytes() for p in project.rglob("*") if p.is_file()}
    _, folder = put(project, tmp_path)

    journal = in_place.put_in_place(project, folder)

    assert journal.decision_ids[-1] == "p1"
    check_files(project / "data", project / "bot" / "domain")
    articles = load_articles(project / "data" / "kb").articles
    refunds = next(a for a in articles if a.key == "en/refunds")
    assert refunds.answers[-1] == "cash back when"
    assert not load_articles(project / "data" / "kb_drafts").problems
    gift = yaml.safe_load((project / "data/nlu/ask_gift_cards.yml").read_text("utf-8"))["nlu"]
    assert [entry["metadata"]["language"] for entry in gift] == ["en", "ru"]
    origins = [json.loads(line) for line in (project / EXAMPLES).read_text("utf-8").splitlines()]
    assert origins[0] == {
        "file": "data/nlu/ask_refund.yml", "text": "where did my cash go", "intent": "ask_refund",
        "language": "en", "conversation_id": "c_1", "seq": 3, "reviewers": ["Ada"], "at": TODAY,
        "decision_id": "d_1",
    }  # fmt: skip
    held_out = json.loads((project / HELD_OUT).read_text("utf-8"))
    assert held_out["text"] == "give back the euros"
    assert "give back the euros" not in (project / "data/nlu/ask_refund.yml").read_text("utf-8")
    draft = (project / "data/kb_drafts/en/gift-cards-how-to-buy-one.md").read_text("utf-8")
    assert "> Yes.\n> In the shop.\n-->" in draft
    assert draft.count("-->") == 3  # two comments, and the arrow in the text
    assert draft.count("  - do you sell gift cards") == 1

    again, _ = put(project, tmp_path, "b_2", Accepted(examples=ACCEPTED.examples))
    assert again.files == ()  # everything is known now
    assert again.counts["known"] == 8

    in_place.write_journal(folder, in_place.Journal("done", journal.entries, (), ()))
    in_place.undo(project, folder)
    assert {p: p.read_bytes() for p in project.rglob("*") if p.is_file()} == before


@pytest.mark.parametrize("written", range(4))
def test_a_crash_in_the_middle_is_finished_later(project, tmp_path, written):
    plan, folder = put(project, tmp_path)
    for change in plan.files[:written]:  # as far as it came
        target = project / change.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(change.after)

    assert in_place.unfinished(tmp_path) == [folder]
    in_place.put_in_place(project, folder)

    assert all((project / change.path).read_bytes() == change.after for change in plan.files)


def test_a_file_that_cannot_be_replaced_leaves_all_as_it_was(project, tmp_path):
    plan, folder = put(project, tmp_path)
    before = {change.path: change.before for change in plan.files}
    in_the_way = project / f"data/rules/.knowledge.yml.{os.getpid()}"  # the last file to be written
    in_the_way.mkdir()

    with pytest.raises(NotWritten, match=r"knowledge\.yml"):
        in_place.put_in_place(project, folder)

    for name, content in before.items():
        assert (project / name).exists() == (content is not None)
        assert content is None or (project / name).read_bytes() == content


def test_what_somebody_wrote_meanwhile_is_not_overwritten(project, tmp_path):
    _, folder = put(project, tmp_path)
    with (project / "data/nlu/ask_refund.yml").open("a") as file:
        file.write("# mine\n")

    with pytest.raises(NotWritten, match=r"ask_refund\.yml: was changed meanwhile"):
        in_place.put_in_place(project, folder)

    assert not (project / EXAMPLES).exists()


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("data/nlu/ask_order.yml", b"nlu:\n - a\n  b: [", "not YAML"),
        ("data/nlu/ask_order.yml", b"nlu: \xff", "not UTF-8"),
        (HELD_OUT, b"{}\n", "no JSON"),
    ],
)
def test_a_broken_file_is_named(project, name, content, why):
    (project / name).parent.mkdir(exist_ok=True)
    (project / name).write_bytes(content)

    with pytest.raises(NotWritten, match=rf"{name}.*{why}"):
        make_plan(project, ACCEPTED, today=TODAY)


def run(folder, *words):
    done = subprocess.run(
        ["git", "-c", "user.name=T", "-c", "user.email=t@t", *words],
        cwd=folder, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout


@pytest.fixture
def checkout(project):
    """The project as a folder of a larger repository."""
    run(project.parent, "init", "-q", "-b", "main")
    run(project.parent, "add", "project")
    run(project.parent, "commit", "-q", "-m", "first")
    found = git.find_checkout(project)
    assert found is not None
    assert found.prefix == "project/"
    return found


def test_on_git_it_is_a_commit_in_a_worktree_and_the_folder_stays(checkout, project, tmp_path):
    (project / "data/nlu/greet.yml").write_text("# being edited\n")
    read = tmp_path / "read"
    checkout.extract("HEAD", read)
    plan = make_plan(read, ACCEPTED, today=TODAY)
    branch = "learning/2026-11-23-ab12"
    worktree = git.worktree_of(tmp_path / "var", branch)
    checkout.begin(branch, "HEAD", worktree)  # a try that was cut off
    (worktree / "half").write_text("x")

    assert checkout.find_commit(branch, "j_1") is None
    checkout.begin(branch, "HEAD", worktree)
    commit = checkout.commit(
        worktree, plan.files, message="Ten phrases", author="Ада <ada@localhost>", job_id="j_1"
    )

    assert checkout.find_commit(branch, "j_1") == commit
    assert checkout.find_commit(branch, "j_2") is None
    assert checkout.unsaved() == ["project/data/nlu/greet.yml"]
    assert (project / "data/nlu/greet.yml").read_text() == "# being edited\n"
    assert run(project, "show", "-s", "--format=%an", branch) == "Ада\n"
    changed = run(project, "show", "--format=", "--name-only", branch).split()
    assert changed == [f"project/{change.path}" for change in plan.files]
    assert "gift" in (worktree / "project/data/rules/knowledge.yml").read_text("utf-8")
    assert checkout.unmerged() == [branch]
    assert checkout.base() == branch  # the next one goes on from it
    assert checkout.commits(branch) == [commit]
    checkout.remove(branch, worktree)
    assert checkout.base() == "HEAD"
    assert not worktree.exists()


def test_git_and_its_words(checkout, project, tmp_path):
    with pytest.raises(GitRefused, match="git rev-parse in"):
        checkout.extract("no-such-branch", tmp_path / "read")
    assert git.find_checkout(tmp_path) is None
    (tmp_path / "project2").mkdir()
    assert git.find_checkout(tmp_path / "project2") is None
