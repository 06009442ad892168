"""Settings: qa.toml, overridden by QA_* variables. Known to wiring.py and the command line alone."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from qa.datatypes import Weights
from qa.errors import SettingsError

BUNDLED = "bundled"
_FILE = Path("qa.toml")
_PREFIX = "QA_"


class Settings(BaseSettings):
    """Everything that can be set, with its default. Fields marked (rebuild) make the next build embed everything anew."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, toml_file=_FILE, extra="forbid", frozen=True, env_ignore_empty=True)

    corpus: Path = Field(Path("corpus"), description="folder of the guides")
    index: Path = Field(Path("index"), description="folder of the built generations")
    evaluation: Path = Field(
        Path("evaluation"), description="folder of the questions and judgements, the gate and its baseline"
    )
    cache: Path = Field(
        Path(platformdirs.user_cache_dir("kaiyaku-qa", appauthor=False)),
        description="folder of the unpacked model and of the embeddings",
    )
    model: str = Field(BUNDLED, description="'bundled', or the name or folder of another sentence-transformers model (rebuild)")
    precision: Literal["float32", "bfloat16"] = Field(
        "float32", description="arithmetic of the model; bfloat16 is faster on CPUs that have it (rebuild)"
    )
    max_tokens: int = Field(
        256, ge=64, le=4096, description="longest passage in the model's tokens, headings and prompt included (rebuild)"
    )
    centre_share: float = Field(
        0.65, ge=0, le=1, description="share of what token vectors owe to their language that is taken away (rebuild)"
    )
    coverage_weight: float = Field(
        Weights.coverage, ge=0, allow_inf_nan=False, description="weight of the words found beside late interaction"
    )
    phrasing_weight: float = Field(
        Weights.phrasing, ge=0, allow_inf_nan=False, description="weight of the likeness to phrasings beside late interaction"
    )
    window_weight: float = Field(
        Weights.window, ge=0, allow_inf_nan=False, description="weight of the best window of a passage beside the whole of it"
    )
    token_power: float = Field(
        Weights.token_power, ge=0, le=8, description="power to which a token weighs by what it says, 0 for all alike"
    )
    other_subject: float = Field(Weights.other_subject, gt=0, le=1, description="factor for passages of another subject")
    other_section: float = Field(Weights.other_section, gt=0, le=1, description="factor for sections of another topic")
    host: str = Field("127.0.0.1", description="address that the web chat listens on")
    port: int = Field(7860, ge=1, le=65535, description="port that the web chat listens on")
    feedback: bool = Field(
        True, description="switch of the web chat's feedback: whether readers can say that an answer is wrong"
    )
    feedback_file: Path = Field(
        Path(platformdirs.user_data_dir("kaiyaku-qa", appauthor=False)) / "feedback.sqlite",
        description="file that feedback is kept in",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return the sources, strongest first: arguments, QA_* variables, qa.toml."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(named: Path | None = None, **overrides: object) -> Settings:
    """Return the settings in force here, overrides first; SettingsError names the key, what was found, and what is allowed.

    Args:
        named: A file that is read in place of qa.toml; a variable that would override one of its keys is refused.
        overrides: Settings by name; None is as if it weren't there.
    """
    known = Settings.model_fields
    file = named or _FILE
    if named and not named.is_file():
        raise SettingsError(f"There is no settings file {named}. Mend: write it, like qa.toml, or name another")
    for variable in sorted(os.environ):
        if variable.startswith(_PREFIX) and variable.removeprefix(_PREFIX).lower() not in known:
            raise SettingsError(
                f"Unknown setting {variable}. Known: {', '.join(_PREFIX + key.upper() for key in known)}. Mend: unset {variable}"
            )
    try:
        if named and (key := _overridden(named)):
            raise SettingsError(
                f"{_PREFIX}{key.upper()} would override the '{key}' of {named}. Mend: unset {_PREFIX}{key.upper()}"
            )
        return _reading(file)(**{key: value for key, value in overrides.items() if value is not None})  # type: ignore[arg-type]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file} is not TOML: {error}. Mend that line, or delete the file") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        if first["type"] == "extra_forbidden":
            raise SettingsError(f"Unknown key '{key}' in {file}. Known: {', '.join(known)}. Mend: delete it") from error
        variable = _PREFIX + key.upper()
        place = variable if variable in os.environ else f"'{key}'"
        raise SettingsError(
            f"{place} = {first['input']!r}: {first['msg']}. It is the {known[key].description}. Mend: set it in {file} or {variable}"
        ) from error


def _overridden(file: Path) -> str:
    """Return a key of file that a variable would override, '' where there is none."""
    keys = tomllib.loads(file.read_text(encoding="utf-8"))
    return next((key for key in keys if os.environ.get(f"{_PREFIX}{key.upper()}")), "")


def _reading(file: Path) -> type[Settings]:
    """Return the settings' class that reads file."""
    if file == _FILE:
        return Settings

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=file)

    return FromFile
