"""YAML from anybody: plain values only, no key twice, and every fault one kind of error."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


class BadYamlError(ValueError):
    """Text that is no sound YAML; says why in one line."""


class _Loader(yaml.SafeLoader):
    """As YAML's safe loader, but a key that is there twice is a mistake, where YAML would drop the first."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Make a mapping after looking for keys that repeat."""
        seen: set[tuple[str, str]] = set()
        for key, _ in node.value:
            mark = (key.tag, str(key.value))
            if mark in seen and key.tag != "tag:yaml.org,2002:merge":
                raise BadYamlError(f"{key.value} is there twice, again in line {key.start_mark.line + 1}")
            seen.add(mark)
        return super().construct_mapping(node, deep)


def parse(text: str) -> Any:
    """Read YAML (and so JSON).

    Raises
    ------
    BadYamlError
        Whatever is wrong with it: syntax, a key twice, a date or number that is none, too deep a nesting.
    """
    try:
        return yaml.load(text, _Loader)
    except BadYamlError:
        raise
    except RecursionError:
        raise BadYamlError("nested too deeply") from None
    except (yaml.YAMLError, ValueError, TypeError, OverflowError, AttributeError, KeyError) as error:
        raise BadYamlError(" ".join(str(error).split())[:300] or type(error).__name__) from error


def read(path: Path) -> Any:
    """Read a YAML file.

    Raises
    ------
    BadYamlError
        If it cannot be read, or is no sound YAML.
    """
    try:
        return parse(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BadYamlError(f"cannot read it, {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadYamlError(f"not UTF-8 ({error})") from error
