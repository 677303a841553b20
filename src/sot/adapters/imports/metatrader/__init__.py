"""Reports of MetaTrader 5: `reader` makes facts, `report_file` reads tables, `contract_sizes` what these leave out."""
