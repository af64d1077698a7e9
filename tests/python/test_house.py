"""What the project promises of itself: its layout, its style and its documentation."""

import re
import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest
import yaml
from project import ROOT

MOST_LINES, MOST_VARIABLES = 150, 10

# A variant of a macro for one engine; the macro itself is described instead.
VARIANT = re.compile(r"(default|duckdb|bigquery)__")
SIGNATURE = re.compile(r"\{%-?\s*(?:macro|test)\s+\w+\(([^)]*)\)")

# Written so that no pattern matches its own text.
MACHINE_PATHS = re.compile(r"(?<![\w.}])/(?:work|home|root|Users|tmp|opt|mnt|var)/\w|\b[A-Z]:\\\w")
REGISTRIES = re.compile(
    r"(?<!emit-)\b(?:extra-)?index[-_]url|(?<!emit-)\bfind[-_]links|python[h]osted|pypi[.]|"
    r"registry[.]\w|artifact(?:ory|registry)|/simple/?$",
    re.IGNORECASE | re.MULTILINE,
)


def tracked_files() -> list[Path]:
    """What a commit of this folder would hold; without git, what the folder holds."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )
    if listed.returncode == 0:
        names = [name for name in listed.stdout.split("\0") if name]
    else:
        generated = {"data", "logs", "dbt_packages", "__pycache__", "profiles.yml"}
        names = [
            str(path.relative_to(ROOT))
            for path in ROOT.rglob("*")
            if not any(
                part in generated or part.startswith((".venv", ".pytest", ".hypothesis", "target"))
                or ".duckdb" in part
                for part in path.relative_to(ROOT).parts
            )
        ]
    return [path for path in (ROOT / name for name in names) if path.is_file()]


def texts() -> dict[str, str]:
    """The text files of the project by their place in it."""
    found = {}
    for path in tracked_files():
        content = path.read_bytes()
        if b"\0" not in content:
            found[str(path.relative_to(ROOT))] = content.decode("utf-8")
    assert len(found) > 100
    return found


# Style --------------------------------------------------------------------------------


def test_only_cross_db_knows_a_dialect():
    knowing = [
        path
        for path, text in texts().items()
        if path.endswith((".sql", ".yml"))
        and not path.startswith("macros/cross_db/")
        and re.search(r"\btarget\s*\.\s*type|\badapter\s*\.\s*(type|dispatch)\b", text)
    ]
    assert not knowing


def test_models_are_short():
    lines = {
        path.stem: len(path.read_text().splitlines())
        for path in (ROOT / "models").rglob("*.sql")
    }
    too_long = {name: count for name, count in lines.items() if count > MOST_LINES}
    assert not too_long, f"more than {MOST_LINES} lines"


def test_variables_are_few():
    declared = yaml.safe_load((ROOT / "dbt_project.yml").read_text())["vars"]
    assert len(declared) <= MOST_VARIABLES, sorted(declared)


@pytest.mark.parametrize("pattern", [MACHINE_PATHS, REGISTRIES], ids=["paths", "registries"])
def test_no_file_tells_of_the_machine_it_was_made_on(pattern):
    told = [
        f"{path}:{number}: {line.strip()}"
        for path, text in texts().items()
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]
    assert not told, "\n".join(told)


# Tables -------------------------------------------------------------------------------


def test_who_opens_the_database_sees_the_marts(demo, demo_on_duckdb):
    found = demo_on_duckdb.query(
        "select table_schema, table_name from information_schema.tables"
    )
    by_schema: dict[str, set] = {}
    for schema, table in found.rows:
        by_schema.setdefault(schema, set()).add(table)
    assert set(by_schema) == {"main", "main_staging", "main_intermediate", "main_definitions"}
    assert by_schema["main"] == {mart["alias"] for mart in marts(demo)}


def test_a_copied_or_attached_database_shows_every_mart(demo, demo_on_duckdb, tmp_path):
    copy = shutil.copy(demo.database, tmp_path / "copied.duckdb")

    def counts(database: str, attached_as: str | None = None) -> dict[str, int]:
        with duckdb.connect(database, read_only=database != ":memory:") as connection:
            if attached_as:
                connection.execute(f"attach '{copy}' as {attached_as} (read_only)")
            place = f"{attached_as}.main" if attached_as else "main"
            return {
                mart["alias"]: connection.execute(
                    f"select count(*) from {place}.{mart['alias']}"
                ).fetchone()[0]
                for mart in marts(demo)
            }

    built = counts(str(demo.database))
    assert min(built.values()) > 0
    assert counts(str(copy)) == built
    assert counts(":memory:", "other") == built


# Documentation ------------------------------------------------------------------------


def is_ours(node: dict) -> bool:
    return node["package_name"] == "footfall"


def test_every_table_is_described(demo, demo_on_duckdb):
    manifest = demo.manifest()
    nodes = [*manifest["nodes"].values(), *manifest["sources"].values()]
    described = [
        node for node in nodes if node["resource_type"] in ("model", "seed", "source")
    ]
    assert described
    assert not [node["name"] for node in described if not node["description"].strip()]
    assert not [
        f"{node['name']}.{name}"
        for node in described
        for name, column in node["columns"].items()
        if not column["description"].strip()
    ]


def test_described_columns_are_those_that_were_built(demo, demo_on_duckdb):
    built: dict[str, set] = {}
    for table, column in demo_on_duckdb.query(
        "select table_name, column_name from information_schema.columns"
    ).rows:
        built.setdefault(table, set()).add(column)
    problems = {}
    for node in (demo.nodes("model") | demo.nodes("seed")).values():
        described, found = set(node["columns"]), built[node["alias"]]
        if described != found:
            problems[node["name"]] = {
                "not described": sorted(found - described),
                "not built": sorted(described - found),
            }
    assert not problems


def test_every_macro_is_described_with_its_arguments(demo, demo_on_duckdb):
    problems = []
    for macro in filter(is_ours, demo.manifest()["macros"].values()):
        if VARIANT.match(macro["name"]):
            continue
        if not macro["description"].strip():
            problems.append(f"{macro['name']} is not described")
        signature = SIGNATURE.search(macro["macro_sql"]).group(1)
        taken = [part.split("=")[0].strip() for part in signature.split(",") if part.strip()]
        if macro["name"].startswith("test_"):
            continue
        described = {argument["name"]: argument for argument in macro["arguments"]}
        if taken != list(described):
            problems.append(f"{macro['name']} takes {taken}, described are {list(described)}")
        problems += [
            f"{macro['name']}({name}) is not described"
            for name, argument in described.items()
            if not (argument["description"] or "").strip()
        ]
    assert not problems, "\n".join(problems)


def marts(project) -> list[dict]:
    found = [
        node for node in project.nodes("model").values()
        if node["path"].startswith("marts/")
    ]
    assert len(found) > 10
    return found


def test_every_mart_has_an_enforced_contract(demo, demo_on_duckdb):
    assert not [node["name"] for node in marts(demo) if not node["contract"]["enforced"]]


def test_every_mart_says_its_grain_and_tests_it(demo, demo_on_duckdb):
    tested = {
        test["attached_node"]
        for test in demo.nodes("test").values()
        if test.get("test_metadata")
        and test["test_metadata"]["name"] in ("unique", "unique_combination")
        # A grain that holds for some rows only, or only warns, is none.
        and not test["config"]["where"]
        and test["config"]["severity"].lower() == "error"
    }
    assert not [node["name"] for node in marts(demo) if node["unique_id"] not in tested]
    assert not [
        node["name"] for node in marts(demo)
        if not re.search(r"\b[Oo]ne row per [^.]+\.\s*$", node["description"])
    ]


def test_scenarios_name_every_unit_test_and_no_other(demo, demo_on_duckdb):
    manifest = demo.manifest()
    unit_tests = {test["name"] for test in manifest["unit_tests"].values()}
    assert unit_tests
    text = (ROOT / "tests" / "SCENARIOS.md").read_text()
    named = re.findall(r"\|\s*`(\w+)`[^|]*\|\s*$", text, re.MULTILINE)
    assert not unit_tests - set(named)
    assert not set(named) - unit_tests - set(demo.nodes("test"))
    assert not sorted({name for name in named if named.count(name) > 1 and name in unit_tests})
