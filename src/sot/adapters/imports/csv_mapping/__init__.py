"""Any CSV by a mapping file, whose keys docs/reference/import-mapping.md describes.

Enter at `reader.MappingReader`; `mapping.read_mapping` reads and checks a mapping file. A mapping is checked whole
before a row is read; a row that cannot be read is skipped, and the others are read.
"""
