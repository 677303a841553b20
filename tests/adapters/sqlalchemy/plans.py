"""Query plans of SQLite and PostgreSQL."""

from sqlalchemy import event


def plan_of(store, query):
    """The steps of SQLite's plan of the last statement that `query` executes in a unit of work."""
    statement, parameters = _last_statement(store, query)
    with store.engine.connect() as connection:
        return [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]


def plans_of(store, query):
    """The steps of SQLite's plans of all statements that `query` executes in a unit of work."""
    with store.engine.connect() as connection:
        return [
            row[-1]
            for statement, parameters in _statements(store, query)
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]


def postgresql_plan_of(empty, filled, query):
    """The steps of PostgreSQL's plan in a store with rows; in an empty one, `query` executes one statement.

    The plan sorts only what no index has in order: of the few rows in a test it would sort any.
    """
    statement, parameters = _last_statement(empty, query)
    with filled.engine.connect() as connection:
        for avoided in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
            connection.exec_driver_sql(f"SET LOCAL enable_{avoided} = off")
        return [
            row[0].strip(" ->") for row in connection.exec_driver_sql(f"EXPLAIN (COSTS off) {statement}", parameters)
        ]


def _last_statement(store, query):
    return _statements(store, query)[-1]


def _statements(store, query):
    statements = []

    def add_statement(connection, cursor, statement, parameters, context, executemany):
        statements.append((statement, parameters))

    event.listen(store.engine, "before_cursor_execute", add_statement)
    with store.begin(read_only=True) as uow:
        query(uow)
    event.remove(store.engine, "before_cursor_execute", add_statement)
    return statements
