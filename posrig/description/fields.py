"""What fields of the project's YAML files have in common: names, ranges with their units, no field that is unknown."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator


def _seen(value: str) -> str:
    if not value.isprintable() or not value.strip():
        raise ValueError(
            f"{value!r} holds what nobody sees (a line end, a mark that turns the text); allowed: one line"
        )
    return value


Name = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_seen)]
"""A name that stands in reports, records and names of files: in one line, and as it looks."""
Channel = Annotated[int, Field(ge=0, le=99_999_999)]
Volts = Annotated[float, Field(ge=0, le=60)]
Amperes = Annotated[float, Field(gt=0, le=10)]
Pixels = Annotated[float, Field(ge=-10_000, le=100_000)]
Seconds = Annotated[float, Field(ge=0, le=86_400)]


class Strict(BaseModel):
    """Unknown fields are errors: a misspelt limit must not be a missing limit."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def _no_truth_for_a_number(cls, value: Any, info: ValidationInfo) -> Any:
        """``voltage_v: true`` is no volt, though Python counts it as one."""
        wanted = str(cls.model_fields[str(info.field_name)].annotation)
        if not any(word in wanted for word in ("bool", "Any", "posrig")) and (found := _truth(value)):
            raise ValueError(f"{found} stands where a text or a number must; allowed: a number, or the text in quotes")
        return value


def _truth(value: Any) -> str:
    """The first true or false in a value that holds no fields of its own."""
    if isinstance(value, bool):
        return str(value).lower()
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return next((found for one in inside if (found := _truth(one))), "")
