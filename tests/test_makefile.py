from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
INPUTS = ("Makefile", "pyproject.toml", "requirements.txt", "requirements-dev.txt")


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """Return a folder with what make reads, where nothing has been set up yet."""
    for name in INPUTS:
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # Of an outer make only the search path is left, or its options would apply here.
    return subprocess.run(
        ["make", *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def planned(folder: Path, *arguments: str) -> list[str]:
    """Return the commands that make would run, in order."""
    ended = make(folder, "--dry-run", *arguments)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.splitlines()


def position(commands: list[str], part: str) -> int:
    [at] = [number for number, command in enumerate(commands) if part in command]
    return at


def set_up(folder: Path) -> None:
    """Let folder look as after a first `make test`."""
    (folder / ".venv" / "bin").mkdir(parents=True)
    for name in ("bin/python", "installed", "installed-dev"):
        (folder / ".venv" / name).touch()


def pins(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines)


def normalized(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()


def test_make_run_on_a_fresh_machine_sets_up_and_ends_with_the_chat(fresh: Path) -> None:
    commands = planned(fresh, "run")
    assert position(commands, "-m venv .venv") < position(commands, "--requirement requirements.txt")
    assert commands[-1] == ".venv/bin/python app.py"
    assert not any("requirements-dev.txt" in command for command in commands)


def test_make_test_on_a_fresh_machine_sets_up_and_runs_every_check(fresh: Path) -> None:
    commands = planned(fresh, "test")
    set_up_done = position(commands, "--requirement requirements-dev.txt")
    for check in (
        "ruff check",
        "ruff format --check",
        "bin/mypy",
        "lint-imports",
        "corpus check",
        "questions check",
        "-m pytest",
    ):
        assert position(commands, check) > set_up_done


@pytest.mark.parametrize(("target", "last"), [("run", ".venv/bin/python app.py"), ("test", ".venv/bin/python -m pytest")])
def test_a_second_run_installs_nothing(target: str, last: str, fresh: Path) -> None:
    set_up(fresh)
    commands = planned(fresh, target)
    assert commands[-1] == last
    assert not any("install" in command for command in commands)


def test_changed_requirements_are_installed_into_the_environment_that_is_there(fresh: Path) -> None:
    set_up(fresh)
    installed = (fresh / ".venv" / "installed").stat().st_mtime
    os.utime(fresh / "requirements.txt", (installed + 10, installed + 10))
    commands = planned(fresh, "run")
    assert any("--requirement requirements.txt" in command for command in commands)
    assert not any("-m venv" in command for command in commands)


def test_a_python_that_is_too_old_is_named_with_the_mend_and_nothing_is_set_up(fresh: Path) -> None:
    old = fresh / "python3.9"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.1" && exit 0\nexit 1\n', encoding="utf-8")
    old.chmod(0o755)
    ended = make(fresh, f"PYTHON={old}", "run")
    assert ended.returncode != 0
    assert "Python 3.11 or newer is needed; found Python 3.9.1. Mend: make PYTHON=python3.11 run" in ended.stdout + ended.stderr
    assert not (fresh / ".venv").exists()


def test_an_index_of_cpu_wheels_can_be_named(fresh: Path) -> None:
    index = "https://download.example/whl/cpu"
    installs = [each for each in planned(fresh, "test", f"TORCH_INDEX={index}") if "--requirement" in each]
    assert installs
    assert all(f"--extra-index-url {index}" in install for install in installs)
    assert not any("--extra-index-url" in each for each in planned(fresh, "test"))


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_is_pinned_to_a_version_that_every_index_has(name: str) -> None:
    for package, version in pins(name).items():
        assert re.fullmatch(r"[A-Za-z0-9._-]+", package)
        assert re.fullmatch(r"[0-9][0-9a-z.]*", version), f"{package}=={version} names a build of one index"


def test_torch_is_the_version_whose_build_is_small() -> None:
    assert pins("requirements.txt")["torch"] == "2.13.0"


def test_the_list_for_developers_adds_to_the_other_and_repeats_nothing() -> None:
    assert not pins("requirements.txt").keys() & pins("requirements-dev.txt").keys()


def test_everything_that_the_project_asks_for_is_in_the_lists() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    run = {normalized(package) for package in pins("requirements.txt")}
    develop = run | {normalized(package) for package in pins("requirements-dev.txt")}
    asked = {
        "dependencies": (project["dependencies"], run),
        "dev": (project["optional-dependencies"]["dev"], develop),
    }
    for wanted, listed in asked.values():
        assert {normalized(re.split(r"[<>=!~ ;\[]", each)[0]) for each in wanted} <= listed
