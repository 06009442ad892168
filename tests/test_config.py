from __future__ import annotations

import os
from pathlib import Path

import platformdirs
import pytest
from pydantic import ValidationError

from qa.config import Settings, load_settings
from qa.errors import SettingsError

KNOWN = (
    "corpus, index, evaluation, cache, model, precision, max_tokens, centre_share, "
    "coverage_weight, phrasing_weight, window_weight, token_power, other_subject, other_section, host, port, feedback, feedback_file"
)


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for variable in [name for name in os.environ if name.startswith("QA_")]:
        monkeypatch.delenv(variable)


def refusal() -> str:
    """Return the message that settings here are refused with: one line."""
    with pytest.raises(SettingsError) as refused:
        load_settings()
    (line,) = str(refused.value).splitlines()
    return line


def write_toml(text: str | bytes) -> None:
    Path("qa.toml").write_bytes(text if isinstance(text, bytes) else text.encode())


def test_every_setting_has_a_default() -> None:
    assert load_settings().model_dump() == {
        "corpus": Path("corpus"),
        "index": Path("index"),
        "evaluation": Path("evaluation"),
        "cache": Path(platformdirs.user_cache_dir("kaiyaku-qa", appauthor=False)),
        "model": "bundled",
        "precision": "float32",
        "max_tokens": 256,
        "centre_share": 0.65,
        "coverage_weight": 0.2,
        "phrasing_weight": 2.0,
        "window_weight": 2.0,
        "token_power": 2.0,
        "other_subject": 0.9,
        "other_section": 0.95,
        "host": "127.0.0.1",
        "port": 7860,
        "feedback": True,
        "feedback_file": Path(platformdirs.user_data_dir("kaiyaku-qa", appauthor=False)) / "feedback.sqlite",
    }


def test_qa_toml_is_overridden_by_variables_and_these_by_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    write_toml('port = 1111\nhost = "0.0.0.0"\nmodel = "mine"\n')
    assert (load_settings().port, load_settings().host) == (1111, "0.0.0.0")

    monkeypatch.setenv("QA_PORT", "2222")
    assert (load_settings().port, load_settings().host) == (2222, "0.0.0.0")
    assert (load_settings(port=3333, host=None).port, load_settings(host=None).host) == (3333, "0.0.0.0")
    assert load_settings().model == "mine"


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("corpus", "/guides", Path("/guides")),
        ("index", "built", Path("built")),
        ("cache", "c", Path("c")),
        ("model", "/models/e5", "/models/e5"),
        ("precision", "bfloat16", "bfloat16"),
        ("max_tokens", "512", 512),
        ("centre_share", "0", 0.0),
        ("coverage_weight", "0.5", 0.5),
        ("phrasing_weight", "1e3", 1000.0),
        ("window_weight", "0", 0.0),
        ("token_power", "8", 8.0),
        ("other_subject", "1", 1.0),
        ("other_section", "0.5", 0.5),
        ("host", "0.0.0.0", "0.0.0.0"),
        ("port", "65535", 65535),
        ("feedback", "0", False),
        ("feedback", "true", True),
        ("feedback_file", "kept.sqlite", Path("kept.sqlite")),
    ],
)
def test_every_setting_has_a_variable(key: str, text: str, value: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"QA_{key.upper()}", text)

    assert getattr(load_settings(), key) == value


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    write_toml("port = 1111")
    monkeypatch.setenv("QA_PORT", "")

    assert load_settings().port == 1111


def test_an_unknown_key_is_refused_with_the_known_ones() -> None:
    write_toml("prot = 1")

    assert refusal() == f"Unknown key 'prot' in qa.toml. Known: {KNOWN}. Mend: delete it"


def test_a_table_is_an_unknown_key() -> None:
    write_toml("[server]\nport = 1")

    assert refusal().startswith("Unknown key 'server' in qa.toml.")


@pytest.mark.parametrize("variable", ["QA_PROT", "QA_", "QA_PORT_"])
def test_an_unknown_variable_is_refused_with_the_known_ones(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "1")
    known = ", ".join(f"QA_{key.upper()}" for key in KNOWN.split(", "))

    assert refusal() == f"Unknown setting {variable}. Known: {known}. Mend: unset {variable}"


def test_variables_of_other_programs_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QAX_PORT", "1")
    monkeypatch.setenv("PORT", "1")

    assert load_settings().port == 7860


@pytest.mark.parametrize("text", ["port = ", "port 1", "=", "[", 'host = "'])
def test_a_file_that_is_not_toml_is_refused_with_its_line(text: str) -> None:
    write_toml(f"\n{text}\n")

    message = refusal()
    assert message.startswith("qa.toml is not TOML: ")
    assert "line 2" in message
    assert "Mend" in message


def test_a_file_that_is_not_utf_8_is_refused_in_one_line() -> None:
    write_toml(b'host = "\xff"')

    assert refusal().startswith("qa.toml is not ")


BAD_VALUES = [
    ("port", "0", "0"),
    ("port", "65536", "65536"),
    ("port", '"x"', "'x'"),
    ("max_tokens", "63", "63"),
    ("max_tokens", "4097", "4097"),
    ("precision", '"float16"', "'float16'"),
    ("host", "1", "1"),
    ("centre_share", "-0.1", "-0.1"),
    ("centre_share", "1.5", "1.5"),
    ("centre_share", "nan", "nan"),
    ("coverage_weight", "inf", "inf"),
    ("coverage_weight", "nan", "nan"),
    ("phrasing_weight", "-1.0", "-1.0"),
    ("phrasing_weight", "inf", "inf"),
    ("window_weight", "inf", "inf"),
    ("window_weight", "nan", "nan"),
    ("token_power", "-1", "-1"),
    ("token_power", "8.5", "8.5"),
    ("token_power", "nan", "nan"),
    ("other_subject", "inf", "inf"),
    ("other_section", "nan", "nan"),
    ("feedback", '"perhaps"', "'perhaps'"),
]


@pytest.mark.parametrize(("key", "text", "shown"), BAD_VALUES)
def test_a_bad_value_is_refused_with_what_was_found_and_what_it_is_for(key: str, text: str, shown: str) -> None:
    write_toml(f"{key} = {text}")

    message = refusal()
    assert message.startswith(f"'{key}' = {shown}: Input should be ")
    what = Settings.model_fields[key].description
    assert message.endswith(f"It is the {what}. Mend: set it in qa.toml or QA_{key.upper()}")


def test_a_bad_variable_is_refused_by_its_own_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_PORT", "x")

    assert refusal().startswith("QA_PORT = 'x': Input should be a valid integer")


@pytest.mark.parametrize(("key", "text", "shown"), BAD_VALUES)
def test_a_bad_value_is_refused_with_its_place_and_the_mend(key: str, text: str, shown: str) -> None:
    write_toml(f"{key} = {text}")

    assert "qa.toml" in refusal()
    assert "Mend: " in refusal()


def test_settings_cannot_be_changed_or_misspelt_in_code() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().port = 1  # type: ignore[misc]
    with pytest.raises(SettingsError, match="Unknown key 'prot'"):
        load_settings(prot=1)


def test_every_setting_is_described() -> None:
    assert all(field.description for field in Settings.model_fields.values())
    assert ", ".join(Settings.model_fields) == KNOWN


def test_a_named_file_is_read_in_place_of_qa_toml(tmp_path: Path) -> None:
    write_toml("port = 1111\nmax_tokens = 100\n")
    (tmp_path / "other.toml").write_text("max_tokens = 128\n")

    settings = load_settings(tmp_path / "other.toml")
    assert (settings.max_tokens, settings.port) == (128, 7860)
    assert load_settings().max_tokens == 100


def test_faults_of_a_named_file_are_told_by_its_name(tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    with pytest.raises(SettingsError, match=r"There is no settings file .*other\.toml\. Mend: "):
        load_settings(other)
    other.write_text("prot = 1\n")
    with pytest.raises(SettingsError, match=r"Unknown key 'prot' in .*other\.toml"):
        load_settings(other)
    other.write_text("port = 0\n")
    with pytest.raises(SettingsError, match=r"Mend: set it in .*other\.toml or QA_PORT"):
        load_settings(other)


@pytest.mark.parametrize("variable", ["QA_COVERAGE_WEIGHT", "QA_PHRASING_WEIGHT", "QA_WINDOW_WEIGHT"])
def test_a_weight_without_end_is_refused_from_a_variable_too(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "inf")

    assert refusal().startswith(f"{variable} = 'inf': Input should be a finite number")


@pytest.mark.parametrize("name", ["other.toml", "qa.toml"])
def test_a_variable_that_would_override_a_key_of_a_named_file_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Path(name).write_text("phrasing_weight = 0.5\nmax_tokens = 128\n")
    monkeypatch.setenv("QA_MAX_TOKENS", "64")

    message = f"QA_MAX_TOKENS would override the 'max_tokens' of {name}. Mend: unset QA_MAX_TOKENS"
    with pytest.raises(SettingsError) as refused:
        load_settings(Path(name))
    assert str(refused.value) == message


def test_a_variable_of_another_key_holds_beside_a_named_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("other.toml").write_text("max_tokens = 128\n")
    monkeypatch.setenv("QA_CORPUS", "/guides")

    settings = load_settings(Path("other.toml"))
    assert (settings.max_tokens, settings.corpus) == (128, Path("/guides"))


def test_an_empty_variable_overrides_no_key_of_a_named_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("other.toml").write_text("max_tokens = 128\n")
    monkeypatch.setenv("QA_MAX_TOKENS", "")

    assert load_settings(Path("other.toml")).max_tokens == 128


def test_qa_toml_has_to_be_there_where_it_is_named() -> None:
    assert load_settings().max_tokens == 256
    with pytest.raises(SettingsError, match=r"^There is no settings file qa\.toml\. Mend: "):
        load_settings(Path("qa.toml"))


@pytest.mark.parametrize("content", [b"max_tokens = ", b'host = "\xff"'], ids=["no TOML", "not UTF-8"])
def test_a_named_file_that_cannot_be_read_is_told_by_its_name(content: bytes) -> None:
    Path("other.toml").write_bytes(content)

    with pytest.raises(SettingsError, match=r"^other\.toml is not TOML: .*Mend"):
        load_settings(Path("other.toml"))
