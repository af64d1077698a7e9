"""A warehouse that is Google's evaluator: it takes the statements that dbt sent to BigQuery,
in their order, and holds the tables and views that BigQuery would hold after them.

    reference = Reference(googlesql, fetch=...)
    reference.run("create or replace table `p`.`d`.`t` as (select 1 as one)")
    reference.table("p.d.t").rows

The evaluator computes selects and inserts. A merge and a delete are analyzed whole, then
taken apart where Google's own parser says that their parts are. A merge either replaces what
a condition says, and matches nothing, or deletes what it matches and inserts the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from googlesql import GoogleSql, Result, Table, unwrapped


class Reference:
    """Tables by their full names. What no statement made is fetched: raw tables, seeds."""

    def __init__(self, googlesql: GoogleSql, fetch: Callable[[str], Table]) -> None:
        self._googlesql = googlesql
        self._fetch = fetch
        self._tables: dict[str, Table] = {}
        self._views: dict[str, tuple[str, set[str]]] = {}
        self._fetched: set[str] = set()
        self._answers: dict[str, tuple[list, Table]] = {}

    def run(self, script: str) -> Result | None:
        """Run the statements of a text; the last one's rows, where it is a select."""
        result = None
        for sql, names in self._googlesql.statements(script):
            result = self._run(sql, names)
        return result

    def table(self, name: str) -> Table:
        """The rows of a table, or of a view at this moment."""
        if name in self._views:
            return self._answer(name)
        if name not in self._tables:
            self._tables[name] = self._fetch(name)
            self._fetched.add(name)
        return self._tables[name]

    def forget_fetched(self) -> None:
        """Fetch raw tables and seeds anew when they are next read."""
        for name in self._fetched:
            del self._tables[name]
        self._fetched.clear()

    def _run(self, sql: str, names: set[str]) -> Result | None:
        tree = self._googlesql.parse(sql)
        kind = type(tree).__name__.removeprefix("AST").removesuffix("StatementProto")
        if kind == "Query":
            return self._googlesql.execute(sql, self._inputs(names))
        if kind not in ("CreateSchema", "AlterTable"):
            getattr(self, f"_{kind.lower()}")(sql, tree, names)
        return None

    def _createtable(self, sql: str, tree, names: set[str]) -> None:
        inputs = self._inputs(names)
        self._googlesql.check(sql, inputs)
        self._write(path(tree.parent.name), self._googlesql.execute(part(sql, tree.query), inputs))

    def _createview(self, sql: str, tree, names: set[str]) -> None:
        self._googlesql.check(sql, self._inputs(names))
        target = path(tree.parent.name)
        self._views[target] = part(sql, tree.parent.query), names
        self._answers.pop(target, None)

    def _merge(self, sql: str, tree, names: set[str]) -> None:
        """Rows that one clause deletes and rows that the other inserts."""
        target = path(tree.target_path)
        inputs = self._inputs(names | {target})
        self._googlesql.check(sql, inputs)
        held = f"`{target}` as {tree.alias.identifier.id_string}"
        source = tree.table_expression.ast_table_subquery_node
        fresh = f"({part(sql, source.subquery)}) as {source.alias.identifier.id_string}"
        matched = part(sql, tree.merge_condition)
        kept, inserted = self._tables[target], None
        for clause in tree.when_clauses.clause_list:
            action = part(sql, clause.action).split("(")
            asked = clause.HasField("search_condition")
            condition = part(sql, clause.search_condition) if asked else "true"
            if action[0].strip().lower() == "delete":
                gone = condition if matched == "false" else (
                    f"exists (select 1 from {fresh} where {matched})"
                )
                kept = self._googlesql.execute(
                    f"select * from {held} where not coalesce({gone}, false)", inputs
                )
            else:
                columns = action[1].split(")")[0]
                inserted = self._googlesql.execute(
                    f"select {columns} from {fresh} where {condition}"
                    f" and not exists (select 1 from {held} where {matched})", inputs
                )
        self._write(target, kept, inserted.dicts() if inserted else [])

    def _delete(self, sql: str, tree, names: set[str]) -> None:
        target = path(tree.target_path.ast_path_expression_node)
        inputs = self._inputs(names | {target})
        self._googlesql.check(sql, inputs)
        self._write(target, self._googlesql.execute(
            f"select * from `{target}` where not coalesce({part(sql, tree.where)}, false)", inputs
        ))

    def _insert(self, sql: str, tree, names: set[str]) -> None:
        target = path(tree.target_path.ast_path_expression_node)
        inputs = self._inputs(names | {target})
        self._googlesql.check(sql, inputs)
        columns = part(sql, tree.column_list).strip("()").split(",")
        inserted = self._googlesql.execute(part(sql, tree.query), inputs)
        names = [name.strip() for name in columns]
        self._write(target, self._tables[target], (
            dict(zip(names, row, strict=True)) for row in inserted.rows
        ))

    def _inputs(self, names: Iterable[str]) -> dict[str, Table]:
        return {name: self.table(name) for name in sorted(names)}

    def _write(self, name: str, table: Table | Result, more: Iterable[dict] = ()) -> None:
        added = Table.from_dicts(table.columns, more).rows
        self._tables[name] = Table(table.columns, [*table.rows, *added])

    def _answer(self, name: str) -> Table:
        """A view's rows; computed again only where what it reads has changed."""
        sql, names = self._views[name]
        inputs = self._inputs(names)
        read = [id(table) for table in inputs.values()]
        held = self._answers.get(name)
        if held is None or held[0] != read:
            result = self._googlesql.execute(sql, inputs)
            self._answers[name] = read, Table(result.columns, result.rows)
        return self._answers[name][1]


def path(node) -> str:
    """The full name that a path of the tree spells."""
    return ".".join(name.id_string for name in node.names)


def part(sql: str, node) -> str:
    """The text of a node of the tree."""
    node = unwrapped(node)
    while type(node).__name__ != "ASTNodeProto":
        node = node.parent
    found = node.parse_location_range
    return sql.encode()[found.start:found.end].decode()
