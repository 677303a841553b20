"""The feed, checkpoints, and the rows as verification reads them."""
