"""The image, services and units in `deploy` do what they say, as far as that can be tried without containers."""

import configparser
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
import yaml

from tests.support.clean_environment import CleanEnvironment, link_packages, needed_packages
from tests.support.postgres import fresh_url
from tests.support.server_process import free_port
from tests.test_requirements import PROJECT, locked

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
EXTRAS = ("http", "cli", "postgresql", "signing")
PAGE = (ROOT / "docs" / "how-to" / "deploy.md").read_text("utf-8")
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
SERVICES = COMPOSE["services"]
INSTRUCTION = re.compile(r"^([A-Z]+) (.*)$", re.MULTILINE)
INSTRUCTIONS = INSTRUCTION.findall((DEPLOY / "Dockerfile").read_text("utf-8"))


def instructions(name):
    """The arguments of all instructions of one kind."""
    return [arguments for found, arguments in INSTRUCTIONS if found == name]


def copied():
    """The paths of the checkout that the image is built from."""
    arguments = [argument for argument in instructions("COPY") if not argument.startswith("--from")]
    return [path for argument in arguments for path in argument.split()[:-1]]


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """What the image installs: the wheel that its own command builds of the files that it copies."""
    folder = tmp_path_factory.mktemp("image")
    for name in copied():
        source, target = ROOT / name, folder / "source" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    (build,) = [command for command in instructions("RUN") if "hatchling build" in command]
    command = build.partition(" && ")[0].replace("/opt/build/bin/", f"{Path(sys.executable).parent}/")
    command = command.replace("/wheel", str(folder / "wheel"))
    subprocess.run(shlex.split(command), cwd=folder / "source", check=True, capture_output=True)
    (wheel,) = (folder / "wheel").glob("*.whl")
    environment = CleanEnvironment(folder / "sot", wheel, PROJECT["project"]["dependencies"])
    core = needed_packages(PROJECT["project"]["dependencies"])
    more = needed_packages([text for extra in EXTRAS for text in PROJECT["project"]["optional-dependencies"][extra]])
    (packages,) = environment.folder.glob("lib/python*/site-packages")
    link_packages([more[name] for name in more.keys() - core.keys()], packages)
    return environment


def test_the_dockerfile_has_no_findings_of_a_linter():
    hadolint = Path(sys.executable).with_name("hadolint")
    result = subprocess.run([hadolint, DEPLOY / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (0, "")


def test_what_is_copied_is_there_and_is_not_ignored():
    lines = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").split("\n")
    kept = [line[1:] for line in lines if line.startswith("!")]
    assert "*" in lines
    assert len(copied()) > 4
    for path in copied():
        assert (ROOT / path).exists()
        assert path in kept
    assert sorted(kept) == sorted(set(copied()))


def test_the_image_installs_the_locked_versions_of_its_extras(image):
    versions = locked("server")
    for extra in EXTRAS:
        for name in needed_packages(PROJECT["project"]["optional-dependencies"][extra]):
            assert name in versions, f"{name} of {extra} is not in requirements/server.txt"
    assert {"hatchling"} <= locked("build").keys()
    installs = [command for command in instructions("RUN") if "pip install" in command]
    assert all("--require-hashes" in command or "--no-deps --no-index" in command for command in installs)
    assert image.run("sot", "--version").returncode == 0


def environment_of(service):
    """The environment of a service, with its variables set."""
    return {name: re.sub(r"\$\{\w+:\?[^}]*\}", "x" * 40, value) for name, value in service["environment"].items()}


def run_in(image, arguments, environment, **options):
    command = [image.folder / "bin" / "sot", *arguments]
    variables = {"PATH": os.environ["PATH"], **environment}
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=False, timeout=60, **options)


def wait_for_health(image, port, process):
    """Run the health check of the image until it passes."""
    (check,) = instructions("HEALTHCHECK")
    command = json.loads(check.partition("CMD ")[2])
    command = [image.python, *(part.replace(":8000", f":{port}") for part in command[1:])]
    for _ in range(100):
        assert process.poll() is None, process.stderr.read()
        if subprocess.run(command, capture_output=True, check=False).returncode == 0:
            return
        time.sleep(0.2)
    raise AssertionError("the server does not become healthy")


def test_the_server_of_the_image_starts_on_postgresql_and_is_healthy(image, tmp_path):
    address = fresh_url().replace("postgresql+psycopg://", "postgresql://", 1)
    environment = {**environment_of(SERVICES["server"]), "SOT_STORE": address}
    (created,) = re.findall(r"run --rm server (keys create .*)$", PAGE, re.MULTILINE)
    key = run_in(image, shlex.split(created), environment)
    assert key.returncode == 0, key.stderr
    assert key.stdout.strip().splitlines()[-1].startswith("sot_")
    port = free_port()
    arguments = [*json.loads(instructions("ENTRYPOINT")[0]), *json.loads(instructions("CMD")[0])]
    assert arguments[0] == "sot"
    command = [image.folder / "bin" / "sot", *arguments[1:], "--port", str(port)]
    variables = {"PATH": os.environ["PATH"], **environment}
    with subprocess.Popen(command, env=variables, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as process:
        try:
            wait_for_health(image, port, process)
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as page:
                assert page.status == 200
                assert b"<html" in page.read()
        finally:
            process.terminate()
    assert list(tmp_path.iterdir()) == [], "it writes to a folder that is read-only in its container"
    seal = [str(tmp_path / Path(part).name) if part.startswith("/") else part for part in SERVICES["seal"]["command"]]
    sealed = run_in(image, seal, environment, cwd=tmp_path)
    assert sealed.returncode == 0, sealed.stderr


def test_the_services_name_each_other_and_what_the_commands_know(image):
    assert set(SERVICES) == {"database", "server", "seal"}
    for name, service in SERVICES.items():
        for other, condition in service.get("depends_on", {}).items():
            assert condition == {"condition": "service_healthy"}
            assert "healthcheck" in SERVICES[other], (name, other)
        for volume in service.get("volumes", ()):
            assert volume.partition(":")[0] in COMPOSE["volumes"]
        if service["image"] == "sot":
            assert f"@{'database'}/" in service["environment"]["SOT_STORE"]
    known = "".join(path.read_text("utf-8") for path in (ROOT / "src" / "sot").rglob("*.py"))
    variables = {name for service in SERVICES.values() for name in service["environment"] if name.startswith("SOT_")}
    assert variables == {"SOT_STORE", "SOT_PAGE_SECRET"}
    assert all(f'"{name}"' in known for name in variables)
    ports = SERVICES["server"]["ports"]
    assert [port.rpartition(":")[2] for port in ports] == instructions("EXPOSE")
    assert (DEPLOY / SERVICES["server"]["build"]["context"]).resolve() == ROOT
    assert (ROOT / SERVICES["server"]["build"]["dockerfile"]).exists()


def test_the_page_sets_every_variable_that_the_services_ask_for():
    asked = set(re.findall(r"\$\{(\w+):\?", (DEPLOY / "compose.yaml").read_text("utf-8")))
    assert asked == {"SOT_DATABASE_PASSWORD", "SOT_PAGE_SECRET"}
    assert all(f"{name}=" in PAGE for name in asked)
    assert [path.name for path in DEPLOY.iterdir() if path.name not in PAGE and path.stem != "Dockerfile"] == []


UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])


def read_unit(path):
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str
    parser.read(path)
    return parser


def starts(path):
    """The commands that a unit starts, without the path of the program."""
    commands = re.findall(r"^ExecStart=(.*)$", path.read_text("utf-8"), re.MULTILINE)
    assert all(command.startswith("/opt/sot/bin/sot ") for command in commands)
    return [shlex.split(command)[1:] for command in commands]


def test_the_units_are_what_systemd_reads(image, tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("this machine has no systemd-analyze")
    for path in UNITS:
        text = path.read_text("utf-8").replace("/opt/sot/bin/sot", str(image.folder / "bin" / "sot"))
        (tmp_path / path.name).write_text(text)
    command = ["systemd-analyze", "verify", *(tmp_path / path.name for path in UNITS)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    found = [line for line in result.stderr.splitlines() if "sot" in line and "Unit network" not in line]
    assert found == []


def test_the_nightly_unit_seals_and_verifies(image, tmp_path):
    environment = {"SOT_STORE": f"sqlite:///{tmp_path}/orders.db"}
    assert run_in(image, ["record", "/dev/null"], environment).returncode == 0
    (service,) = [path for path in UNITS if path.name == "sot-seal.service"]
    commands = starts(service)
    assert [command[0] for command in commands] == ["seal", "verify"]
    kept = {command[2] for command in commands}
    assert len(kept) == 1
    assert Path(kept.pop()).parent.name in read_unit(service)["Service"]["StateDirectory"].split()
    line = json.dumps(
        {"instrument": {"account_id": "a", "venue": "X", "symbol": "A/B", "kind": "SPOT", "base": "A", "quote": "B"}}
    )
    assert run_in(image, ["record", "-"], environment, input=line).returncode == 0
    for arguments in commands:
        replaced = [str(tmp_path / Path(part).name) if part.startswith("/") else part for part in arguments]
        result = run_in(image, replaced, environment)
        assert result.returncode == 0, result.stderr
    assert len((tmp_path / "checkpoints.jsonl").read_text("utf-8").splitlines()) == 1


def test_the_server_unit_listens_on_a_loopback_address_only():
    ((serve, *options),) = starts(DEPLOY / "sot.service")
    assert serve == "serve"
    assert options[options.index("--host") + 1] == "127.0.0.1"
    timer = read_unit(DEPLOY / "sot-seal.timer")
    assert timer["Timer"]["Persistent"] == "true"
