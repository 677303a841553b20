"""Query plans of SQLite."""

from sqlalchemy import event


def plan_of(store, query):
    """The steps of the plan of the last statement that `query` executes in a unit of work."""
    statements = []

    def add_statement(connection, cursor, statement, parameters, context, executemany):
        statements.append((statement, parameters))

    event.listen(store.engine, "before_cursor_execute", add_statement)
    with store.begin(read_only=True) as uow:
        query(uow)
    event.remove(store.engine, "before_cursor_execute", add_statement)
    statement, parameters = statements[-1]
    with store.engine.connect() as connection:
        return [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
