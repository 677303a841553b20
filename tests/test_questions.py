"""What newcomers ask is answered: each answer is at most two clicks from the first page of the documentation."""

from pathlib import Path

import pytest

from tests.support.markdown import linked_pages, section

DOCS = Path(__file__).parents[1] / "docs"
CLICKS = 2

QUESTIONS = [
    # question, section with the answer, what the section names
    ("How do I see what it does?", "index.md#first-steps", "sot demo"),
    ("How do I record a fill?", "tutorial/03-fills.md#3-fills-fees-and-results", "last_quantity"),
    ("How do I feed it from another program?", "how-to/record.md#recording-a-stream", "`report`"),
    ("What happens when the answer to an order is lost?", "explanation/unknown.md#asking", "recover"),
    ("How do I resolve what is in doubt?", "how-to/venues.md#recovering", "Nothing is sent again"),
    ("Where is it worse than what I use?", "comparison.md#where-sot-is-worse", "sot"),
    ("Who can change the history unseen?", "explanation/threat-model.md#what-is-not-found", "checkpoint"),
    ("Why is the outcome of an order unknown?", "how-to/venues.md#executing", "raises anything else"),
    ("How do I get the position at the end of last year?", "how-to/audit.md#time-travel", "end of last year"),
    ("How do I move from freqtrade?", "how-to/move.md#move-from-another-system", "sot import freqtrade"),
    ("How do I run the page with PostgreSQL?", "how-to/page.md#with-postgresql", "sot serve --store postgresql://"),
    ("How do I verify that nobody changed anything?", "how-to/audit.md#verify", "sot verify"),
    ("What does the exchange show that my history does not?", "how-to/venues.md#reconciling", "MISSING_LOCAL"),
    ("What does a status mean, and what can follow it?", "reference/lifecycle.md#status", "PENDING_CANCEL"),
    ("Does a fill count twice if the venue tells it twice?", "reference/lifecycle.md#repeats", "REPEATED"),
    ("Why does a report wait?", "how-to/waiting.md#reports-that-wait-for-their-order", "UNKNOWN_REFERENCE"),
    (
        "How do I join the transaction of my web application?",
        "how-to/fastapi.md#2-transactions",
        "SqlAlchemyUnitOfWork",
    ),
    ("How do I keep its tables apart from mine?", "how-to/own-place.md#beside-a-table-of-the-application", "prefix"),
    (
        "How do I test my application without a database?",
        "how-to/testing.md#unit-tests-of-an-application",
        "MemoryStore",
    ),
    ("Why can I not pass a float?", "reference/values.md#floats", "exact(0.1)"),
    ("What did I earn, in euros?", "how-to/currencies.md#with-a-file-of-rates", "--in EUR"),
    ("Which lots did I sell, for my tax return?", "how-to/taxes-and-ledgers.md#capital-gains", "sot export gains"),
    ("How do I back it up, and restore it?", "how-to/backup.md#restore", "Restore the backup"),
    ("Which databases and drivers work?", "reference/storage.md#drivers-and-poolers", "postgresql+asyncpg"),
    ("What happens to my data when I upgrade?", "how-to/upgrade.md#upgrade", "Facts are never"),
    ("What do the exit codes mean?", "reference/command-line.md#commands-of-the-command-line", "bad input"),
    ("What should wake me at night?", "how-to/operations.md#what-to-alert-on", "alert"),
    ("Where is a method of OrderHistory documented?", "reference/api/index.md#the-library", "sot.md"),
]


def clicks(start: Path) -> dict[Path, int]:
    """How many clicks each page is from a page."""
    found, now = {start: 0}, [start]
    for distance in range(1, CLICKS + 1):
        now = [page for last in now for page in sorted(linked_pages(last)) if page.exists() and page not in found]
        found |= dict.fromkeys(now, distance)
    return found


REACHED = clicks(DOCS / "index.md")


@pytest.mark.parametrize(("question", "place", "named"), QUESTIONS, ids=[question for question, _, _ in QUESTIONS])
def test_a_question_is_answered_within_two_clicks(question, place, named):
    page, _, anchor = place.partition("#")
    assert REACHED.get(DOCS / page, CLICKS + 1) <= CLICKS
    assert named in section(DOCS / page, anchor)


def test_there_are_twenty_questions_and_each_has_its_own_answer():
    assert len(QUESTIONS) >= 20
    assert len({place for _, place, _ in QUESTIONS}) == len(QUESTIONS)


def test_every_page_is_within_two_clicks():
    pages = [page for page in DOCS.rglob("*.md") if page not in REACHED]
    assert [str(page.relative_to(DOCS)) for page in pages] == []


def test_clicks_are_counted(tmp_path):
    for name, target in (("a", "b"), ("b", "c"), ("c", "d"), ("d", "a")):
        (tmp_path / f"{name}.md").write_text(f"# {name}\n\n[next]({target}.md#x) [gone](gone.md)\n")
    assert {page.stem: number for page, number in clicks(tmp_path / "a.md").items()} == {"a": 0, "b": 1, "c": 2}


def test_a_section_ends_at_the_next_heading_of_its_rank(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# A\n\n## B, too\n\n```sh\n# no heading\n```\n\n### C\n\nlast\n\n## D\n\nother\n")
    assert section(page, "b-too").endswith("last\n\n")
    assert "no heading" in section(page, "b-too")
    assert section(page, "no-heading") == ""
