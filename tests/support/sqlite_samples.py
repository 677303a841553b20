"""SQLite stores of other programs: tables in their shape, with the rows that a test gives."""

import sqlite3


def write_tables(path, schema, rows):
    """Write a store.

    Args:
        path: The file.
        schema: The columns of each table, as `name TYPE`, separated by commas.
        rows: The rows of each table, by column; missing ones are NULL.
    """
    with sqlite3.connect(path) as connection:
        for table, columns in schema.items():
            connection.execute(f'CREATE TABLE "{table}" ({columns})')
            for row in rows.get(table, ()):
                names, marks = ", ".join(row), ", ".join("?" * len(row))
                connection.execute(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', list(row.values()))
    connection.close()
    return str(path)
