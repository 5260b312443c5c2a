"""What stands in deploy/ fits together, and with the settings of the bot: as far as can be told without an engine."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import ROOT, Settings
from tests.journeys.town import need, nginx_conf

DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
CONTAINERFILES = sorted(DEPLOY.glob("Containerfile.*"))
OF_UVICORN = {"FORWARDED_ALLOW_IPS"}
INSTRUCTIONS = {"FROM", "WORKDIR", "COPY", "RUN", "USER", "ENV", "EXPOSE", "CMD"}


def _blanks(text: str) -> set[str]:
    return set(re.findall(r"(?<!\$)\$\{(\w+)", text))


def _examples() -> set[str]:
    lines = (DEPLOY / ".env.example").read_text(encoding="utf-8").splitlines()
    return {line.partition("=")[0] for line in lines if line and not line.startswith("#")}


def test_bots_are_given_settings_that_exist_and_all_that_must_be_there() -> None:
    known = {name.upper(): field for name, field in Settings.model_fields.items()}
    for name in ("bot1", "bot2"):
        given = set(SERVICES[name]["environment"])
        assert given - OF_UVICORN <= known.keys()
        assert {name for name, field in known.items() if field.is_required()} <= given
    values = {name.lower(): str(value) for name, value in SERVICES["bot1"]["environment"].items()}
    blanks = {name: re.sub(r"\$\{\w+:\?\}", "s" * 16, value) for name, value in values.items()}
    Settings.model_validate({**blanks, "staff_chat_id": -100, "webhook_url": "https://bot.example.org/telegram",
                             "desk_url": "https://desk.example.org"})  # fmt: skip


def test_rasa_servers_are_given_what_their_endpoints_ask_for() -> None:
    endpoints = (ROOT / SERVICES["rasa1"]["environment"]["RASA_ENDPOINTS"]).read_text(encoding="utf-8")
    assert _blanks(endpoints) <= set(SERVICES["rasa1"]["environment"])


def test_everything_that_is_to_be_filled_in_stands_in_the_example_and_has_no_secret() -> None:
    text = (DEPLOY / "compose.yml").read_text(encoding="utf-8")
    assert _blanks(text) | {"COMPOSE_PROJECT_NAME"} == _examples()
    example = (DEPLOY / ".env.example").read_text(encoding="utf-8")
    assert re.findall(r"^\w*(?:TOKEN|SECRET|PASSWORD)=(.+)$", example, flags=re.M) == []


def test_services_volumes_networks_and_files_that_are_named_exist() -> None:
    for service in SERVICES.values():
        assert set(service.get("depends_on", ())) <= SERVICES.keys()
        assert set(service["networks"]) <= COMPOSE["networks"].keys()
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            assert source in COMPOSE["volumes"] or source.startswith("${") or (DEPLOY / source).is_file()
        if "build" in service:
            assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).is_file()


def test_only_the_web_server_can_be_reached_and_rasa_has_no_way_out() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert SERVICES["rasa1"]["networks"] == SERVICES["postgres"]["networks"] == ["inside"]


def test_the_web_server_leads_to_ports_that_the_bots_open() -> None:
    conf = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    bot = SERVICES["bot1"]["environment"]
    ports = {Settings.model_fields[f"{name}_port"].default for name in ("desk", "actions")} | {bot["WEB_PORT"]}
    named = re.findall(r"server (\w+):(\d+) ", conf)
    assert {int(port) for _, port in named} == ports
    assert {name for name, _ in named} == {"bot1", "bot2"}
    assert "listen 5055;" in conf
    assert SERVICES["rasa1"]["environment"]["ACTIONS_URL"] == "http://proxy:5055/webhook"
    assert "location = /telegram {" in conf


@pytest.mark.parametrize("path", CONTAINERFILES, ids=lambda path: path.name)
def test_container_files_copy_what_exists_from_images_without_a_registry(path: Path) -> None:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    assert {line.split()[0] for line in lines} <= INSTRUCTIONS
    assert re.fullmatch(r"FROM [a-z]+:[\w.-]+", lines[0])
    assert [line for line in lines if line.startswith("USER ")] == ["USER wegweiser"]
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    for source in (part for line in lines if line.startswith("COPY ") for part in shlex.split(line)[1:-1]):
        assert (ROOT / source).exists()
        assert source.split("/")[0] not in ignored


def test_the_bot_can_make_backups_of_the_database_it_is_given() -> None:
    version = SERVICES["postgres"]["image"].removeprefix("postgres:")
    assert f" postgresql-client-{version} " in (DEPLOY / "Containerfile.bot").read_text(encoding="utf-8")
    assert "backups:/app/var/backups" in SERVICES["bot1"]["volumes"]


def test_shell_scripts_can_be_read() -> None:
    subprocess.run(["sh", "-n", DEPLOY / "tracker.sh"], check=True)


def test_the_web_server_takes_its_configuration(tmp_path: Path) -> None:
    need("nginx")
    here = {"web": 8100, "actions": 5055, "desk": 8090}
    conf = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    names = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-subj", "/CN=bot.example.org"]
    subprocess.run(["openssl", "req", "-x509", "-nodes", *names, "-keyout", tmp_path / "privkey.pem",
                    "-out", tmp_path / "fullchain.pem"], check=True, capture_output=True)  # fmt: skip
    whole = re.sub(r"server bot\d:", "server 127.0.0.1:", conf).replace("/etc/nginx/certificates", str(tmp_path))
    for name, text in (("whole", whole), ("town", nginx_conf(tmp_path, 8443, 5055, [here, here]))):
        path = tmp_path / f"{name}.conf"
        path.write_text(text.replace("/run/nginx.pid", str(tmp_path / "pid")), encoding="utf-8")
        program = shutil.which("nginx", path="/usr/sbin:/usr/bin") or "nginx"
        checked = subprocess.run([program, "-t", "-c", path, "-p", tmp_path], capture_output=True, text=True)
        assert checked.returncode == 0, checked.stderr
