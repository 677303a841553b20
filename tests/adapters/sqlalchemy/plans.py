"""How SQLite goes about a question."""

from sqlalchemy import event


def plan_of(store, question):
    """The plan of the last statement that a question to a unit of work takes."""
    asked = []

    def note(*told):
        asked.append(told[2:4])

    event.listen(store.engine, "before_cursor_execute", note)
    with store.begin(read_only=True) as uow:
        question(uow)
    event.remove(store.engine, "before_cursor_execute", note)
    statement, parameters = asked[-1]
    with store.engine.connect() as connection:
        return [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
