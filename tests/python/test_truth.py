"""The models scored against the simulator, which knows what really happened.

The simulator writes beside each raw row what an observer who follows the project's rules
must find (`expected_…`), what was really so (`true_…`), and, where the two differ, the
rule that explains it (`explanation`).
"""

from __future__ import annotations

import json

import pytest


@pytest.fixture(scope="module")
def scored(demo_on_duckdb, demo_folder):
    """A query runner over the marts, with the truth as the view `truth`."""
    truth = (
        f"(select * from read_parquet('{demo_folder}/truth/events/*.parquet') "
        "where outcome = 'accepted') as truth"
    )
    joined = f"events inner join {truth} on events.event_id = truth.event_id"
    return lambda sql: demo_on_duckdb.query(sql.replace("{joined}", joined)).scalar()


@pytest.fixture(scope="module")
def planted(demo_folder):
    """The counts that the simulator says it planted."""
    return json.loads((demo_folder / "truth" / "summary.json").read_text())


def test_every_accepted_row_is_scored(scored, planted):
    assert scored("select count(*) from {joined}") == planted["outcomes"]["accepted"]


@pytest.mark.parametrize("outcome", ["accepted", "duplicate", "rejected"])
def test_outcomes_are_counted_as_planted(scored, planted, outcome):
    assert scored(f"select sum({outcome}) from event_accounting") == planted["outcomes"][outcome]


def test_rejections_are_counted_by_reason_as_planted(scored, planted):
    for reason, count in planted["reasons"].items():
        assert scored(f"select sum(rejected_{reason}) from event_accounting") == count
        assert scored(f"select count(*) from rejected_events where reason = '{reason}'") == count


def test_every_event_belongs_to_the_person_that_the_rules_name(scored):
    assert scored("select count(*) from {joined} where person_id != expected_person") == 0


def test_sessions_equal_the_sessions_that_the_rules_cut(scored):
    pairs = "(select distinct session_id, expected_session from {joined})"
    assert scored(f"select count(*) from {pairs}") == scored(
        "select count(distinct expected_session) from {joined}"
    ) + scored("select count(*) from " + pairs + " where expected_session is null")
    for one, other in (("session_id", "expected_session"), ("expected_session", "session_id")):
        assert scored(
            f"select count(*) from (select {one} from {{joined}} where {one} is not null "
            f"group by {one} having count(distinct coalesce({other}, '')) > 1)"
        ) == 0


def test_each_difference_from_the_truth_is_explained_by_a_rule(scored):
    unexplained = "from {joined} where explanation is null and "
    assert scored("select count(*) " + unexplained + "person_id != true_person") == 0
    for one, other in (("session_id", "true_session"), ("true_session", "session_id")):
        assert scored(
            f"select count(*) from (select {one} {unexplained} {one} is not null "
            f"group by {one} having count(distinct coalesce({other}, '')) > 1)"
        ) == 0
