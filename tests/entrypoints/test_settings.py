"""`sot.toml`, variables, `sot config`, the account that needs no option, and dates without a time."""

import json

import pytest
from tests.support.command_line import INSTRUMENT, named, request, sot, trade

from sot.entrypoints.settings import find_settings_file, read_settings

VARIABLES = ("SOT_STORE", "SOT_ACCOUNT", "SOT_ZONE", "SOT_CURRENCY", "SOT_RATES")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A home folder with a folder in it to work in, and no settings."""
    for name in (*VARIABLES, "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "work" / "deep").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "work" / "deep")
    return tmp_path


def of_account(line, account):
    return {key: {**fields, "account_id": account} for key, fields in line.items()}


@pytest.fixture
def store(home):
    lines = [
        INSTRUMENT,
        request("a"),
        named("sent", "a"),
        trade("a", "1", "2", "50000", occurred_at="2026-03-01T23:30:00Z"),
    ]
    assert sot("record", "--store", home / "orders.db", lines=lines).exit_code == 0
    return home / "orders.db"


def settings(*options):
    result = sot("config", "--json", *options)
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    return document["file"], {
        row["setting"]: (row["value"], row["source"], row["where"]) for row in document["settings"]
    }


def test_options_have_precedence_over_variables_and_these_over_the_file(home, monkeypatch):
    (home / "sot.toml").write_text('store = "orders.db"\naccount = "main"\nzone = "Europe/Berlin"\nrates = "ecb.csv"\n')
    monkeypatch.setenv("SOT_ACCOUNT", "second")
    monkeypatch.setenv("SOT_ZONE", "Asia/Tokyo")
    path = str(home / "sot.toml")
    file, found = settings("--zone", "UTC")
    assert file == path
    assert found == {
        "store": (str(home / "orders.db"), "file", path),
        "account": ("second", "variable", "SOT_ACCOUNT"),
        "zone": ("UTC", "option", "--zone"),
        "currency": (None, "default", None),
        "rates": (str(home / "ecb.csv"), "file", path),
    }
    assert "SOT_ACCOUNT" in sot("config").stdout


def test_without_a_file_there_are_defaults():
    file, found = settings()
    assert file is None
    assert {source for _, source, _ in found.values()} == {"default"}
    assert "There is no sot.toml." in sot("config").stdout


def test_the_nearest_file_counts_up_to_the_home_folder_and_then_that_of_the_user(home, monkeypatch):
    assert find_settings_file() is None
    places = [home / ".config" / "sot", home, home / "work", home / "work" / "deep"]
    for place in places:
        place.mkdir(parents=True, exist_ok=True)
        (place / "sot.toml").write_text("")
        assert find_settings_file() == place / "sot.toml"
    monkeypatch.setenv("HOME", str(home / "work"))
    for place in places[2:]:
        (place / "sot.toml").unlink()
    assert find_settings_file() is None  # the one above the home folder is not looked at


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('store = "orders.db"', "{folder}/orders.db"),
        ('store = "sqlite:///orders.db?sot_prefix=a_"', "sqlite:///{folder}/orders.db?sot_prefix=a_"),
        ('store = "sqlite:////srv/orders.db"', "sqlite:////srv/orders.db"),
        ('store = "/srv/orders.db"', "/srv/orders.db"),
        ('store = "memory"', "memory"),
        ('store = "postgresql://host/name"', "postgresql://host/name"),
    ],
)
def test_paths_are_relative_to_the_file(home, text, expected):
    path = home / "sot.toml"
    path.write_text(text)
    assert read_settings(path)["store"] == expected.format(folder=home)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('zone = "UTC"\nstorre = "orders.db"', "line 2: storre"),
        ("[store]\nurl = 'x'", "line 1: store"),
        ('zone = "UTC"\n\naccount = 7', "line 3: account"),
        ('zone = "Mars/Base"', "line 1: zone"),
        ('store = ""', "line 1: store"),
        ("zone = UTC", "line 1"),
        ('zone = "UTC"\nzone = "UTC"', "TOML"),
    ],
)
def test_what_is_not_allowed_is_named_with_its_line(home, text, words):
    (home / "sot.toml").write_text(text)
    result = sot("orders", "--store", "memory")
    assert result.exit_code == 2
    assert str(home / "sot.toml") in result.stderr
    assert words in result.stderr


@pytest.mark.parametrize(
    "url", ["postgresql://ann:s3:cr@t@host/name", "postgresql://host/name?user=ann&password=s3:cr@t&sslmode=require"]
)
def test_passwords_are_hidden(url):
    _, found = settings("--store", url)
    assert "cr@t" not in found["store"][0]
    assert "***" in found["store"][0]


def test_commands_take_the_settings(home, store):
    (home / "sot.toml").write_text('store = "orders.db"\nzone = "Europe/Berlin"\n')
    result = sot("pnl", "--by", "day", "--json")
    assert result.exit_code == 0, result.output
    assert [row["day"] for row in json.loads(result.stdout)["realized"]] == ["2026-03-02"]
    assert sot("as-of", "--happened-by", "2999-01-01T00:00:00Z", "orders").exit_code == 2  # in the future
    assert sot("as-of", "--known-at", "1", "orders").exit_code == 0


def test_the_currency_of_the_settings_does_not_keep_round_trips_from_being_listed(store, monkeypatch):
    monkeypatch.setenv("SOT_CURRENCY", "EUR")
    assert sot("pnl", "--trips", "--store", store).exit_code == 0
    assert sot("pnl", "--trips", "--in", "EUR", "--store", store).exit_code == 2


@pytest.mark.parametrize(
    "command",
    [
        ["positions"],
        ["pnl"],
        ["balances"],
        ["waiting"],
        ["show", "a"],
        ["prove", "event", "a", "--number", 1],
        *(["export", what] for what in ("results", "balances", "gains", "beancount")),
    ],
)
def test_the_only_account_of_a_store_needs_no_option(store, command):
    alone = sot(*command, "--store", store)
    assert alone.exit_code in (0, 2), alone.output
    if command[0] == "prove":
        assert "--account" not in alone.stderr  # nothing is sealed yet
    else:
        assert alone.stdout == sot(*command, "--account", "main", "--store", store).stdout
    others = [of_account(line, "second") for line in (INSTRUMENT, request("a"))]
    assert sot("record", "--store", store, lines=others).exit_code == 0
    several = sot(*command, "--store", store)
    assert several.exit_code == 2
    assert "main, second" in several.stderr


def test_a_store_without_an_account_says_so(home):
    assert sot("record", "--store", home / "new.db", lines=[]).exit_code == 0
    result = sot("positions", "--store", home / "new.db")
    assert result.exit_code == 2
    assert "it has none yet" in result.stderr


def test_a_missing_store_is_explained_for_the_command_line(home):
    result = sot("orders", "--store", home / "missing.db")
    assert result.exit_code == 3
    assert "sot record" in result.stderr
    assert "create=True" not in result.stderr


def test_days_on_the_command_line(store):
    def days(*options):
        result = sot("pnl", "--store", store, "--json", *options)
        assert result.exit_code == 0, result.output
        return len(json.loads(result.stdout)["realized"])

    assert days("--from", "2026-03-01", "--before", "2026-03-02") == 1
    assert days("--from", "2026-03-01", "--before", "2026-03-02", "--zone", "Europe/Berlin") == 0
    assert days("--from", "2026-03-02", "--before", "2026-03-03", "--zone", "Europe/Berlin") == 1
    assert sot("as-of", "--happened-by", "2026-03-01", "positions", "--store", store).stdout.endswith(
        "No open positions.\n"
    )
    assert sot("as-of", "--happened-by", "2026-03-02", "positions", "--store", store).stdout.count("BTC/USDT") == 1
