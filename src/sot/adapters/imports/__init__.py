"""Readers of what other systems recorded: files of brokers and exchanges, stores of bots.

`csv_mapping` reads any CSV by a mapping file; `mappings` has those that are shipped. Every other module reads one
format. A reader yields facts, and what it skips; `sot.application.importing` records them.
"""
