"""The reference bundle: everything from which another team builds the same service in another language.

`bundle.bundle_files` returns its files by path, and `bundle.write_bundle` writes them. Everything is made of what the
package has: two bundles of one version have the same bytes, whenever and wherever they are made.

| module | what it has |
|---|---|
| `bundle` | all files, and the manifest |
| `documentation` | the pages, and links that stay inside the bundle |
| `interfaces` | JSON Schemas of values, and the statements that make the tables |
| `lifecycle_table` | the lifecycle table as data |
| `archives` | archives with their checkpoints, proofs and derived rows |
"""
