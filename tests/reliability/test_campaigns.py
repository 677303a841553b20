"""The short form of every campaign, and the tool that runs the long forms."""

import importlib.util
import json
import random
import sys
from datetime import date
from pathlib import Path

import attrs
import pytest

from sot.adapters.sqlalchemy import postgresql_settings
from sot.adapters.sqlalchemy.write_buffer import WriteBuffer
from sot.entrypoints.record_stream import JSON_LINES
from sot.errors import InvalidInput
from tests.reliability.campaigns import (
    backups,
    campaigns,
    concurrency,
    damaged_files,
    full_disks,
    hostile_inputs,
    migration,
    server_death,
    tampering,
)
from tests.reliability.campaigns.process_death import Lives, random_instants, restoring, some_points
from tests.reliability.campaigns.report import MOST_VIOLATIONS, CampaignReport
from tests.reliability.campaigns.use_cases import STEPS
from tests.support.postgres import Server, fresh_url
from tests.support.record_lines import request

ROOT = Path(__file__).parents[2]
SEED = 7
pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


def load_tool():
    spec = importlib.util.spec_from_file_location("campaign", ROOT / "tools" / "campaign.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["campaign"] = module
    spec.loader.exec_module(module)
    return module


tool = load_tool()


# ---------------------------------------------------------------------------------------------------- the tool


def passing(seconds, seed):
    report = CampaignReport("passing", seed)
    report.counts["kills"] += 1000
    with report.trial("a trial"):
        pass
    return report


def failing(seconds, seed):
    report = CampaignReport("failing", seed)
    for number, chance in report.rounds(60):
        with report.trial(f"round {number}"):
            assert chance.random() > 2, "too small"
    return report


def broken(seconds, seed):
    raise OSError("no disk")


@pytest.fixture
def run_tool(monkeypatch, tmp_path, capsys):
    def run(*arguments, **known):
        for module in ("tests.reliability.campaigns", "campaign"):
            monkeypatch.setattr(f"{module}.campaigns", lambda: known)
        monkeypatch.setattr(
            tool, "run_all", lambda names, minutes, seed, jobs: [tool.run_campaign(name, 1, seed) for name in names]
        )
        code = tool.main(["--seed", "5", "--report", str(tmp_path / "report.md"), *arguments])
        return code, capsys.readouterr().out

    return run


def test_a_campaign_without_violations_ends_with_0(run_tool, tmp_path):
    code, output = run_tool(passing=passing)
    assert code == 0
    assert "kills 1,000" in output
    assert "trials 1, kills 1,000, violations 0" in (tmp_path / "report.md").read_text()


@pytest.mark.parametrize(("campaign", "shown"), [(failing, "too small"), (broken, "no disk")])
def test_a_violation_and_an_error_of_a_campaign_end_with_1(run_tool, campaign, shown, tmp_path):
    code, output = run_tool(passing=passing, other=campaign)
    assert code == 1
    assert shown in output
    assert shown in (tmp_path / "report.md").read_text()


def test_an_unknown_campaign_ends_with_2(run_tool, capsys):
    assert run_tool("nothing", passing=passing)[0] == 2


def test_a_campaign_runs_in_a_process_of_its_own(capsys):
    assert tool.main(["--minutes", "0.0001", "--seed", "1", "concurrency"]) == 0
    assert "trials" in capsys.readouterr().out


def test_a_campaign_ends_after_many_violations():
    assert len(failing(60, 1).violations) == MOST_VIOLATIONS


def test_the_same_seed_draws_the_same():
    def drawn(seed):
        return next(iter(CampaignReport("a", seed).rounds(0)))[1].random()

    assert drawn(1) == drawn(1) != drawn(2)


def test_every_campaign_says_what_it_does():
    assert {"process_death", "properties"} <= set(campaigns())
    for run in campaigns().values():
        assert sys.modules[run.__module__].__doc__.splitlines()[0].endswith(".")


def test_the_report_has_a_date():
    assert tool.markdown([CampaignReport("a", 3)], 2, date(2026, 1, 5)).startswith("2026-01-05, 2 minutes, seed 3: ")


# ------------------------------------------------------------------------------------------------ process death


@pytest.mark.parametrize(("kind", "steps", "one_in"), [("sqlite", STEPS, 50), ("postgresql", STEPS[:9], 20)])
def test_a_process_that_dies_at_a_statement_or_commit_leaves_all_or_nothing(kind, steps, one_in, tmp_path):
    report = CampaignReport("process_death", SEED)
    Lives(kind, tmp_path, report, steps).live(some_points(random.Random(SEED), one_in))
    assert report.check().counts["kills"] > 12


def test_a_process_that_dies_while_it_restores_leaves_all_or_nothing(tmp_path):
    report = CampaignReport("process_death", SEED)
    Lives("sqlite", tmp_path, report, restoring(tmp_path)).live(some_points(random.Random(SEED), 60))
    assert report.check().counts["kills"] > 4


def test_a_process_that_dies_at_any_instant_leaves_all_or_nothing(tmp_path):
    report = CampaignReport("process_death", SEED)
    Lives("sqlite", tmp_path, report, STEPS[:7]).live(random_instants(random.Random(SEED), 4))
    assert report.check().counts["kills"] > 4


def test_half_of_a_use_case_would_be_noticed(tmp_path, monkeypatch):
    """A store that commits every statement by itself."""
    report = CampaignReport("process_death", SEED)
    lives = Lives("sqlite", tmp_path, report, STEPS[:3])
    monkeypatch.setattr("sot.adapters.sqlalchemy.transactions.begin_sqlite", lambda driver, read_only: None)
    lives.live(some_points(random.Random(SEED), 8))
    assert any("half of it is there" in violation for violation in report.violations)


# -------------------------------------------------------------------------------------------------- concurrency


@pytest.mark.parametrize("way", concurrency.WAYS)
def test_what_is_done_at_once_is_done_once(way, tmp_path):
    report = CampaignReport("concurrency", SEED)
    concurrency.race_in(way, tmp_path, report, random.Random(SEED), 4)
    assert report.check().counts["trials"] == 9


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_processes_do_at_once_is_done_once(kind, tmp_path):
    report = CampaignReport("concurrency", SEED)
    concurrency.race_with_processes(kind, tmp_path, report, 0, 4)
    report.check()


def test_a_miss_between_transactions_would_be_noticed(tmp_path, monkeypatch):
    """Without the locks of names a report waits for an order that has its identifier."""
    monkeypatch.setattr(WriteBuffer, "wait_for", lambda self, lock, parameters: ())
    report = CampaignReport("concurrency", SEED)
    for number in range(6):
        if not report.violations:
            concurrency.race_in("postgresql", tmp_path, report, random.Random(number), 8)
    assert report.violations


# ------------------------------------------------------------------------------------------------- server death


@pytest.fixture(scope="module")
def mortal_server():
    server = Server()
    yield server
    server.stop()


def test_a_killed_server_loses_nothing_it_acknowledged(mortal_server):
    report = CampaignReport("server_death", SEED)
    server_death.round_of_deaths(mortal_server, report, random.Random(SEED), 2)
    counts = report.check().counts
    assert counts["server deaths"] >= 1
    assert counts["acknowledged"] > 0
    assert counts["errors"] > 0


def test_a_loss_of_acknowledged_orders_would_be_noticed(mortal_server, monkeypatch):
    """A server that answers before it has written."""
    monkeypatch.setattr(postgresql_settings, "_SETTINGS", "SELECT set_config('synchronous_commit', 'off', {local})")
    report = CampaignReport("server_death", SEED)
    for number in range(5):
        if not report.violations:
            server_death.round_of_deaths(mortal_server, report, random.Random(number), 1)
    assert any("are lost" in violation for violation in report.violations)


# ------------------------------------------------------------------------------------------------ hostile inputs


def send_hostile_inputs(folder, count):
    report, chance, entries = (
        CampaignReport("hostile_inputs", SEED),
        random.Random(SEED),
        hostile_inputs.Entries(folder),
    )
    for _ in range(count):
        hostile_inputs.send(entries, report, chance, seconds_allowed=float("inf"))
    return report


def test_a_changed_input_ends_in_a_result_or_an_error_of_sot(tmp_path):
    counts = send_hostile_inputs(tmp_path, 400).check().counts
    assert counts["trials"] == 400
    assert 40 < counts["refused"] < 360
    assert len([name for name in counts if name.startswith("inputs: ")]) == 7


def test_a_raw_error_would_be_noticed(tmp_path, monkeypatch):
    monkeypatch.setattr(hostile_inputs, "exact", lambda field, value: float(value))
    assert any("could not convert string to float" in found for found in send_hostile_inputs(tmp_path, 40).violations)


def test_what_a_refused_input_left_would_be_noticed(tmp_path):
    def record_and_refuse(uow, content):
        JSON_LINES.record(uow, content)
        uow.commit()
        raise InvalidInput("line", content.kind, "nothing")

    ((_, line),) = JSON_LINES.entries([json.dumps(request("new")).encode()])
    with pytest.raises(AssertionError, match="left something behind"):
        hostile_inputs.Entries(tmp_path).record(attrs.evolve(JSON_LINES, record=record_and_refuse), line)


# ----------------------------------------------------------------------------------------------------- backups


@pytest.mark.parametrize("way", backups.WAYS)
def test_a_backup_holds_what_was_acknowledged_before(way, tmp_path):
    report = CampaignReport("backups", SEED)
    url = fresh_url() if way == "pg_dump" else f"sqlite:///{tmp_path}/orders.db"
    backups.back_up_while_writing(backups.WAYS[way], url, report, random.Random(SEED), 2)
    assert report.check().counts["backups"] == 2


def test_a_copy_of_the_file_without_its_log_would_be_noticed(tmp_path):
    report = CampaignReport("backups", SEED)
    copy = backups.copy_sqlite(backups.copy_files)
    backups.back_up_while_writing(copy, f"sqlite:///{tmp_path}/orders.db", report, random.Random(SEED), 8)
    assert report.violations


# --------------------------------------------------------------------------------------------------- migration


@pytest.mark.parametrize(("kind", "version"), [("sqlite", 6), ("sqlite", 1), ("postgresql", 5)])
def test_a_migration_that_is_killed_changes_nothing(kind, version, tmp_path):
    report = CampaignReport("migration", SEED)
    migration.kill_migrations(version, kind, tmp_path, report, random.Random(SEED), 4)
    assert report.check().counts["kills"] >= 4


@pytest.mark.parametrize(("kind", "version"), [("sqlite", 4), ("postgresql", 6)])
def test_processes_that_migrate_at_once_migrate_once(kind, version, tmp_path):
    report = CampaignReport("migration", SEED)
    migration.migrate_at_once(version, kind, tmp_path, report)
    assert report.check().counts["trials"] == 1


# ---------------------------------------------------------------------------------------------------- tampering


def tamper(count):
    report = CampaignReport("tampering", SEED)
    with tampering.recorded_store() as (session, checkpoints):
        for number in range(count):
            tampering.tamper(session, checkpoints, report, random.Random(f"{SEED} {number}"))
        tampering.check_untouched(session, checkpoints)
    return report


def test_tampering_is_found():
    assert tamper(50).check().counts["trials"] > 15


def test_a_check_that_is_left_out_of_verification_would_be_noticed(monkeypatch):
    monkeypatch.setattr("sot.application.audit.verification.differing_reports", lambda uow: ())
    monkeypatch.setattr(tampering, "TABLES", {"waiting_reports": tampering.TABLES["waiting_reports"]})
    assert any("unnoticed" in violation for violation in tamper(10).violations)


# ------------------------------------------------------------------------------------------------ damaged files


def test_damage_of_files_is_an_error_or_found_or_changes_nothing(tmp_path):
    report = CampaignReport("damaged_files", SEED)
    recorded = damaged_files.record(tmp_path)
    for number in range(24):
        damaged_files.damage(recorded, tmp_path / "damaged", report, random.Random(f"{SEED} {number}"))
    counts = report.check().counts
    assert min(counts[name] for name in ("errors", "prefixes", "nothing changed")) > 0


def test_a_log_that_loses_its_middle_would_be_noticed(tmp_path):
    report = CampaignReport("damaged_files", SEED)
    recorded = damaged_files.record(tmp_path)
    del recorded.prefixes[1:]
    for number in range(20):
        damaged_files.damage_log(recorded, tmp_path / "damaged", report, random.Random(f"{SEED} {number}"))
    assert any("no prefix" in violation for violation in report.violations)


# --------------------------------------------------------------------------------------------------- full disks


def test_a_full_database_keeps_what_it_acknowledged(tmp_path):
    report = CampaignReport("full_disks", SEED)
    full_disks.fill_the_database(tmp_path, report, random.Random(SEED))
    assert report.check().counts["faults"] > 0


def test_a_database_that_is_open_for_reading(tmp_path):
    report = CampaignReport("full_disks", SEED)
    full_disks.read_only_directory(tmp_path, report)
    report.check()


@pytest.mark.skipif(not full_disks.can_trace(), reason="strace is missing, or may not trace")
def test_a_call_that_the_operating_system_refuses(tmp_path):
    report = CampaignReport("full_disks", SEED)
    full_disks.refuse_a_call(tmp_path, report, random.Random(SEED))
    report.check()
