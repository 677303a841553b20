"""A SQLite database without the triggers that protect facts, for as long as a test tampers with it."""

from contextlib import contextmanager


@contextmanager
def triggers_dropped(execute, mentioned_in=None):
    """Drop the triggers, and create them again at the end.

    Args:
        execute: Executes a statement; returns its rows.
        mentioned_in: A statement, to leave the triggers of tables alone that it does not mention.
    """
    triggers = list(execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"))
    dropped = [(name, table, sql) for name, table, sql in triggers if mentioned_in is None or table in mentioned_in]
    for name, _, _ in dropped:
        execute(f'DROP TRIGGER "{name}"')
    yield
    tables = [name for (name,) in execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for _, table, sql in dropped:
        if table in tables:
            execute(sql)
