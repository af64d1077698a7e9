"""Files of definitions that are not what their YAML describes: a sentence that names the
file, the line and what to do; and columns are read by their header."""

import pytest
from project import ROOT, Project

# Each file as it might be saved, the seed that it stands for, and what has to be said.
FUNNELS = "funnel_name,description,step_order,window_seconds,breakdown_property\n"
STEPS = "funnel_name,step_number,step_name,event_name,page_pattern,property_name,property_value\n"
PLAN = "event_name,description,owner,status,counts_as_activity\n"
EXCLUSIONS = "funnel_name,event_name,after_step,before_step\n"
RETENTIONS = (
    "retention_name,description,start_event,return_event,cohort_rule,period,mode,max_periods\n"
)
IGNORED = "value,description,source\n"

MISTAKES = [
    ("funnels", "", ["is empty", FUNNELS.strip()]),
    ("funnels", "\n\n", ["is empty"]),
    ("funnels", "\ufeff", ["is empty"]),
    ("funnels", (FUNNELS + "a,b,ordered,1,\n").encode("utf-16"), ["UTF-16", "UTF-8"]),
    ("funnels", (FUNNELS + "a,b,ordered,1,\n").encode("utf-16-le"), ["UTF-16"]),
    ("funnels", (FUNNELS + "a,b,ordered,1,\n").encode("utf-16-be"), ["UTF-16"]),
    ("funnels", (FUNNELS + "a,für,ordered,1,\n").encode("latin-1"), ["not UTF-8", "save it"]),
    ("funnels", (FUNNELS + "a,€,ordered,1,\n").encode("cp1252"), ["not UTF-8"]),
    ("funnels", (FUNNELS + "a,b,ordered,1,\n").replace(",", ";"), ["line 1", "semicolons"]),
    ("funnels", (FUNNELS + "a,b,ordered,1,\n").replace(",", "\t"), ["line 1", "tabs"]),
    ("funnels", (FUNNELS + "a,b,ordered,1,\n").replace(",", "|"), ["line 1", "bars"]),
    ("funnels", FUNNELS + "a;b;ordered;1;\n", ["line 2", "1 values stand under 5"]),
    ("funnels", FUNNELS + "a,b,ordered,1\n", ["line 2", "4 values", "comma that is missing"]),
    ("funnels", FUNNELS + "a,b,ordered,1,,\n", ["line 2", "6 values", "one too many"]),
    ("funnels", FUNNELS + "a,first, then,ordered,1,\n", ["line 2", "6 values", "in quotes"]),
    ("funnels", FUNNELS + 'a,"b",ordered,1,\nc,"d,ordered,1,\n', ["line 3", "not closed"]),
    ("funnels", FUNNELS + 'a,"b "c" d",ordered,1,\n', ["line 2", "quote inside a text twice"]),
    ("funnels", FUNNELS + "a,b,ordered,1.5,\n", ["line 2", "window_seconds", "whole number"]),
    ("funnels", FUNNELS + 'a,b,ordered,"1,000",\n', ["line 2", "window_seconds is `1,000`"]),
    ("funnels", FUNNELS + "a,b,ordered,an hour,\n", ["line 2", "window_seconds is `an hour`"]),
    ("funnels", FUNNELS + "a,b,ordered,1h,\n", ["line 2", "window_seconds is `1h`"]),
    ("funnels", FUNNELS + "a,b,ordered,1e3,\n", ["line 2", "window_seconds is `1e3`"]),
    ("funnels", FUNNELS + f"a,b,ordered,{10**30},\n", ["line 2", "whole number"]),
    ("funnels", FUNNELS + 'a,"two\nlines",ordered,1,\nb,c,ordered,x,\n', ["line 4", "`x`"]),
    ("funnels", FUNNELS.replace("window_seconds", "window_second"),
     ["line 1", "no column window_second;", "nearest is window_seconds"]),
    ("funnels", FUNNELS.replace("window_seconds", "window"), ["nearest is window_seconds"]),
    ("funnels", FUNNELS.replace("step_order", "order"), ["nearest is step_order"]),
    ("funnels", FUNNELS.replace("step_order", "step order"), ["nearest is step_order"]),
    ("funnels", FUNNELS.replace("description", "funnel_name"), ["funnel_name is there twice"]),
    ("funnels", FUNNELS.strip() + ",\n", ["no column (without a name)"]),
    ("funnels", FUNNELS.strip() + ",owner\n", ["no column owner"]),
    ("funnels", FUNNELS.replace(",window_seconds", ""), ["window_seconds is missing"]),
    ("funnels", "a,b,ordered,1,\n", ["line 1", "no column a"]),
    ("funnels", "\n" + FUNNELS + "a,b,ordered,1,\n", ["line 1", "(without a name)"]),
    ("funnel_steps", STEPS + "a,2.5,s,e,,,\n", ["line 2", "step_number is `2.5`"]),
    ("funnel_steps", STEPS + "a,1,s,e,,,\na,two,s,e,,,\n", ["line 3", "`two`"]),
    ("funnel_steps", STEPS + "a,1.,s,e,,,\n", ["line 2", "step_number is `1.`"]),
    ("funnel_steps", STEPS + "a,1,s,e,/a,b,,,\n", ["line 2", "9 values"]),
    ("funnel_steps", STEPS.replace("property_value", "value"), ["nearest is property_value"]),
    ("funnel_steps", STEPS + 'a,1,s,e,"^/a,,\n', ["line 2", "not closed"]),
    ("funnel_exclusions", EXCLUSIONS + "a,e,1,x\n", ["line 2", "before_step is `x`"]),
    ("funnel_exclusions", EXCLUSIONS + "a,e,1\n", ["line 2", "3 values"]),
    ("tracking_plan", PLAN + "e,d,o,active,yes\n", ["line 2", "`yes`", "true or false"]),
    ("tracking_plan", PLAN + "e,d,o,active,1\n", ["line 2", "counts_as_activity is `1`"]),
    ("tracking_plan", PLAN + "e,d,o,active,ture\n", ["line 2", "`ture`"]),
    ("tracking_plan", PLAN.replace("counts_as_activity", "activity"), ["no column activity"]),
    ("retentions", RETENTIONS + "r,d,,,every,day,on,ten\n", ["line 2", "max_periods is `ten`"]),
    ("retentions", RETENTIONS.replace("mode", "modes"), ["nearest is mode"]),
    ("ignored_values", IGNORED + "null,a,b,c\n", ["line 2", "4 values"]),
    ("ignored_values", "value\n", ["description is missing"]),
]

# What looks odd and is none of these mistakes.
HARMLESS = [
    ("funnels", FUNNELS),
    ("funnels", FUNNELS.strip()),
    ("funnels", "\ufeff" + FUNNELS + "a,b,ordered,1,\n"),
    ("funnels", (FUNNELS + "a,b,ordered,1,\n").replace("\n", "\r\n")),
    ("funnels", FUNNELS + "\na,b,ordered, 1 ,\n\n"),
    ("funnels", FUNNELS + 'a,"first, ""then""; last",ordered,1,'),
    ("funnels", FUNNELS.upper() + "a,b,ordered,1,\n"),
    ("funnels", FUNNELS.replace(",breakdown_property", "") + "a,b,ordered,1\n"),
    ("funnels", "step_order,funnel_name,window_seconds,description\nordered,a,1,b\n"),
    ("tracking_plan", PLAN + "e,d,o,active,TRUE\n"),
]

TELL = """
{% macro tell_problems(files) %}
    {%- for seed, path in files -%}
        {%- do log(
            'told ' ~ loop.index0 ~ '|'
            ~ problem_of_definition(seed_declaration(seed), path) ~ '|', info=true
        ) -%}
    {%- endfor -%}
{% endmacro %}
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> list[str]:
    """What is said of each file, asked in one run."""
    project = Project(tmp_path_factory.mktemp("files"))
    (project.folder / "macros" / "tell_problems.sql").write_text(TELL)
    paths = []
    for number, (seed, content, *_) in enumerate(MISTAKES + HARMLESS):
        path = project.folder / f"file_{number}.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        paths.append([seed, str(path)])
    run = project.dbt("run-operation", "tell_problems", "--args", str({"files": paths}))
    sentences = run.output.split("told ")[1:]
    assert len(sentences) == len(paths), run.tail()
    return [sentence.split("|", 1)[1].rpartition("|")[0] for sentence in sentences]


@pytest.mark.parametrize("number", range(len(MISTAKES)))
def test_a_mistake_in_a_file_gives_a_sentence(told, number):
    for word in MISTAKES[number][2]:
        assert word in told[number]


@pytest.mark.parametrize("number", range(len(HARMLESS)))
def test_what_is_no_mistake_stops_nothing(told, number):
    assert told[len(MISTAKES) + number] == ""


def test_a_run_stops_with_the_sentence_last_and_touches_nothing(tmp_path):
    project = Project(tmp_path)
    project.dbt("seed")
    before = project.duckdb.table("funnels")
    path = project.folder / "seeds" / "definitions" / "funnels.csv"
    path.write_text(path.read_text().replace(",ordered", ";ordered", 1))
    run = project.dbt("seed", expect=None)
    assert run.exit_code != 0
    assert "seeds/definitions/funnels.csv, line 2: 4 values" in run.output[-1500:], run.tail()
    assert "SKIP" not in run.output
    assert project.duckdb.table("funnels") == before


def test_columns_are_read_by_their_header_in_whatever_order(tmp_path):
    project = Project(tmp_path)
    seeds = ["channel_rules", "retentions", "ignored_values"]
    project.dbt("seed", "--select", *seeds)
    before = {seed: rows_by_name(project, seed) for seed in seeds}
    for seed in seeds:
        reverse_columns(project.folder / "seeds" / "definitions" / f"{seed}.csv")
    project.dbt("seed", "--select", *seeds)
    assert {seed: rows_by_name(project, seed) for seed in seeds} == before


def rows_by_name(project: Project, seed: str) -> list[list[tuple]]:
    rows = project.duckdb.table(seed).dicts()
    assert rows
    return sorted((sorted(row.items()) for row in rows), key=str)


def reverse_columns(path) -> None:
    import csv

    with path.open(newline="") as file:
        rows = list(csv.reader(file))
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(row[::-1] for row in rows)


def test_every_file_of_the_project_is_in_order(tmp_path):
    assert len(list((ROOT / "seeds").rglob("*.csv"))) >= 10
    Project(tmp_path).dbt("seed")
