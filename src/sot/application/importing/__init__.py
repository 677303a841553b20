"""Import history: record what a reader found in a source, and compare the figures that the source states.

Enter at `importer.import_history`. `row_ids` has what readers share: ids of rows without one, and the order of rows
within a moment. Always: a source is read whole before anything is written; facts are recorded in the order of their
times with origin IMPORT; nothing pretends to have been an intent; importing again adds nothing.
"""
