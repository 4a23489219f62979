"""The shape of the package, measured on its source: small folders, short chains of imports, own names."""

import ast
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

import pipeline

ROOT = Path(pipeline.__file__).parent
MOST_IN_THE_ROOT = 8
MOST_IN_A_FOLDER = 15
LONGEST_CHAIN = 6
SAME_NAME = {"weights.py": "the command group `teamshape weights` and what it manages"}
"""File names that several folders may have, each with the reason."""


def modules(root):
    """Paths of all modules by dotted name; a package's is that of its folder."""
    paths = {}
    for path in root.rglob("*.py"):
        parts = path.relative_to(root.parent).with_suffix("").parts
        paths[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return paths


def imported(path, known):
    """Which of the modules ``known`` a file imports, at its top or inside a function."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found & known


def in_folders(paths):
    """Modules by folder, without the packages' own."""
    folders = defaultdict(set)
    for name, path in paths.items():
        if path.name != "__init__.py":
            folders[path.parent].add(name)
    return folders


def longest_chain(names, imports):
    """The longest chain of modules among ``names`` of which each imports the next."""

    @cache
    def chain(name):
        return (name, *max((chain(other) for other in imports[name] & names - {name}), key=len, default=()))

    return max(map(chain, names), key=len, default=())


PATHS = modules(ROOT)
FOLDERS = in_folders(PATHS)
IMPORTS = {name: imported(path, set(PATHS)) for name, path in PATHS.items()}


def test_the_root_has_few_modules():
    assert len(list(ROOT.glob("*.py"))) <= MOST_IN_THE_ROOT


def test_no_folder_has_too_many_modules():
    crowded = {str(folder): len(names) for folder, names in FOLDERS.items() if len(names) > MOST_IN_A_FOLDER}
    assert crowded == {}


@pytest.mark.parametrize("folder", sorted(FOLDERS), ids=lambda folder: str(folder.relative_to(ROOT)))
def test_imports_inside_a_folder_do_not_go_deep(folder):
    chain = longest_chain(frozenset(FOLDERS[folder]), IMPORTS)
    assert len(chain) <= LONGEST_CHAIN, " > ".join(chain)


def test_a_file_name_says_which_file_is_meant():
    places = defaultdict(list)
    for path in PATHS.values():
        if path.name != "__init__.py":
            places[path.name].append(str(path.relative_to(ROOT)))
    several = {name: where for name, where in places.items() if len(where) > 1}
    assert several.keys() == SAME_NAME.keys()


def test_every_folder_with_modules_is_a_package():
    assert [str(folder) for folder in FOLDERS if not (folder / "__init__.py").is_file()] == []


def test_chains_and_folders_are_measured_right(tmp_path):
    root = tmp_path / "product"
    for name, text in {
        "__init__.py": "",
        "a/__init__.py": "",
        "a/one.py": "from product.a import two",
        "a/two.py": "def f():\n    from product.a.three import g",
        "a/three.py": "import product.b.four",
        "b/four.py": "",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    paths = modules(root)
    imports = {name: imported(path, set(paths)) for name, path in paths.items()}
    names = frozenset(in_folders(paths)[root / "a"])
    assert names == {"product.a.one", "product.a.two", "product.a.three"}
    assert longest_chain(names, imports) == ("product.a.one", "product.a.two", "product.a.three")
    assert longest_chain(frozenset(), imports) == ()
