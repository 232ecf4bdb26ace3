"""What the files for deployment promise. No container engine is needed, so none is asked: see docs/operating.md."""

import ast
import importlib.util
import re
import shutil
import subprocess

import pytest
import yaml

from config import env
from config.lint_sources import ROOT

COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
ONCE = {"migrate", "backup"}
"""They run to their end, so that nobody asks after their health."""
SITE = {"migrate", "web", "reader", "worker", "beat", "backup"}
THEIRS = re.compile("POSTGRES_|FORWARDED_ALLOW_IPS")
each = pytest.mark.parametrize("name", SERVICES)


@each
def test_a_service_runs_as_nobody_in_particular_and_can_gain_nothing(name):
    service = SERVICES[name]
    user, _, group = service["user"].partition(":")
    assert int(user) > 0
    assert int(group) > 0
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not service.keys() & {"privileged", "cap_add", "network_mode", "pid", "ipc", "devices"}
    assert "/var/run/docker.sock" not in str(service)


@each
def test_a_service_writes_to_memory_or_to_a_volume_alone(name):
    service = SERVICES[name]
    assert service["tmpfs"]
    allowed = ("/backups", "/anchors", "/var/lib/postgresql/data")
    assert all(target.split(":")[-1] in allowed for target in service.get("volumes", ()))


@each
def test_a_service_is_asked_whether_it_lives_and_started_again(name):
    service = SERVICES[name]
    if name in ONCE:
        assert (service["restart"], service["healthcheck"]) == ("no", {"disable": True})
    else:
        assert service["restart"] == "unless-stopped"
        assert service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
        assert service["healthcheck"].keys() >= {"interval", "timeout", "retries"}


@each
def test_an_image_is_named_with_its_release(name):
    image = SERVICES[name]["image"]
    assert ":" in image
    assert not image.endswith(":latest")
    assert re.search(r":(\d|\$\{IMPRIMATUR_RELEASE:\?)", image)


@each
def test_no_secret_stands_in_the_file(name):
    for variable, value in SERVICES[name].get("environment", {}).items():
        if variable.removesuffix("_FILE") in env.SECRETS or "PASSWORD" in variable:
            assert variable.endswith("_FILE"), variable
            assert not value or value.startswith("/run/secrets/")


@each
def test_each_secret_that_is_named_is_handed_over_and_no_other(name):
    service = SERVICES[name]
    text = str(service.get("environment", {})) + str(service.get("command", "")) + str(service.get("healthcheck", ""))
    assert set(re.findall(r"/run/secrets/(\w+)", text)) == set(service["secrets"])
    assert set(service["secrets"]) <= COMPOSE["secrets"].keys()


@pytest.mark.parametrize("name", sorted(SITE))
def test_each_variable_is_one_that_the_settings_read(name):
    known = read_by_settings()
    for variable in SERVICES[name]["environment"]:
        if not THEIRS.match(variable):
            base = variable.removesuffix("_FILE") if variable.removesuffix("_FILE") in env.SECRETS else variable
            assert base in known, variable


@pytest.mark.parametrize("name", sorted(SITE - {"reader"}))
def test_each_variable_that_production_asks_for_is_there(name):
    given = {variable.removesuffix("_FILE") for variable, value in SERVICES[name]["environment"].items() if value}
    asked = {"IMPRIMATUR_ENV", "SECRET_KEY", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "ALLOWED_HOSTS", "PUBLIC_URL"}
    assert given >= asked
    assert given >= {"TRUSTED_PROXIES", "FORWARDED_ALLOW_IPS"}


def read_by_settings() -> set[str]:
    """Every variable that env.py or settings.py names as the first argument of a call, or as a secret."""
    found = set(env.SECRETS)
    for file in ("env.py", "settings.py"):
        for node in ast.walk(ast.parse((ROOT / "config" / file).read_text())):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                found.add(str(node.args[0].value))
    return found


@pytest.mark.parametrize("name", sorted(SITE - ONCE))
def test_whatever_serves_waits_for_the_migrations_and_for_both_servers(name):
    waits = {other: how["condition"] for other, how in SERVICES[name]["depends_on"].items()}
    assert waits == {
        "db": "service_healthy", "redis": "service_healthy", "migrate": "service_completed_successfully",
    }  # fmt: skip


def test_migrations_run_as_the_owner_and_nobody_else_knows_that_account():
    holders = {name for name, service in SERVICES.items() if "owner_database_url" in service["secrets"]}
    assert holders == ONCE
    assert SERVICES["migrate"]["depends_on"] == {"db": {"condition": "service_healthy"}}
    assert SERVICES["migrate"]["command"] == ["sh", "deploy/migrate.sh"]
    assert subprocess.run(["sh", "-n", ROOT / "deploy" / "migrate.sh"]).returncode == 0


def test_servers_are_reached_from_inside_alone_and_the_site_through_the_host():
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    for name in ("db", "redis"):
        assert SERVICES[name]["networks"] == ["inside"]
        assert "ports" not in SERVICES[name]
    published = [port for service in SERVICES.values() for port in service.get("ports", ())]
    assert len(published) == 2
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_tasks_have_the_time_they_may_take_before_they_are_killed():
    assert int(SERVICES["worker"]["stop_grace_period"].removesuffix("s")) > 60


def test_the_image_installs_only_what_its_hash_names_and_runs_as_nobody():
    assert "--require-hashes" in DOCKERFILE
    stages = re.findall(r"^FROM (\S+)(?: AS (\w+))?", DOCKERFILE, re.MULTILINE)
    assert [name for _base, name in stages] == ["build", "run", "ops", ""]
    assert stages[-1][0] == "run"
    assert re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE)[-1] == "10001:10001"
    assert not re.search(r":latest|\bADD\b|curl|\bsudo\b", DOCKERFILE)
    assert not re.search(r"^(?:ARG|ENV)[^\n]*(?:SECRET|PASSWORD|TOKEN)", DOCKERFILE, re.MULTILINE)


def test_the_image_takes_nothing_along_that_isnt_needed():
    kept = (ROOT / ".dockerignore").read_text().splitlines()
    assert "*" in kept
    taken = {line[1:].split("/")[0] for line in kept if line.startswith("!")}
    assert taken == {
        "articles", "config", "deploy", "editorial", "reviews", "LICENSE", "manage.py", "requirements.txt",
    }  # fmt: skip
    assert all((ROOT / line[1:]).exists() for line in kept if line.startswith("!"))


def test_what_images_are_made_of_never_reaches_into_tests():
    """`config.dev` does, and stays outside."""
    for path in (ROOT / "config").glob("*.py"):
        if path.name != "dev.py":
            assert not re.search(r"^(?:from|import) tests\b", path.read_text(), re.MULTILINE), path


@pytest.fixture
def gunicorn(monkeypatch):
    monkeypatch.setenv("IMPRIMATUR_ENV", "production")
    spec = importlib.util.spec_from_file_location("gunicorn_conf", ROOT / "deploy" / "gunicorn.conf.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_gunicorn_logs_nobodys_reading_and_renews_its_workers_one_by_one(gunicorn):
    assert gunicorn.accesslog is None
    assert gunicorn.logconfig_dict["formatters"]["lines"]["()"] == "config.logs.json_lines"
    assert 0 < gunicorn.max_requests_jitter < gunicorn.max_requests
    assert 0 < gunicorn.timeout <= gunicorn.graceful_timeout <= 60


def test_gunicorn_believes_nobody_but_this_host_about_tls_unless_told(gunicorn):
    assert gunicorn.forwarded_allow_ips == "127.0.0.1,::1"
    assert "*" not in str(SERVICES["web"]["environment"]["FORWARDED_ALLOW_IPS"])


def test_the_example_of_a_proxy_is_one_that_nginx_takes(tmp_path):
    program = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if program is None or shutil.which("openssl") is None:
        pytest.skip("Not run: no nginx or openssl on this machine.")
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    words = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=example.org", "-keyout"]
    subprocess.run(["openssl", *words, key, "-out", certificate], check=True, capture_output=True)
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    assert "X-Forwarded-For $remote_addr" in text
    text = text.replace("/etc/ssl/example.org.pem", str(certificate))
    text = text.replace("/etc/ssl/private/example.org.key", str(key))
    text = text.replace("/var/cache/nginx", str(tmp_path)).replace("/var/log/nginx", str(tmp_path))
    file = tmp_path / "nginx.conf"
    file.write_text(f"pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}} http {{ {text} }}")
    done = subprocess.run([program, "-t", "-c", file, "-p", tmp_path], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
