"""Tables of the history: which columns each has, and the rows from which it is read.

Enter at `columns` for what a table has, at `rows` for reading. Adapters write tables in their formats: text in
`sot.adapters.exports.tables`, Arrow in `sot.adapters.arrow`.

1. Columns follow from the fields of the values, so that a new field is a new column.
2. Rows are read page by page, in one unit of work; nothing here writes.
3. Corrected executions count once; busted ones are absent.
"""
