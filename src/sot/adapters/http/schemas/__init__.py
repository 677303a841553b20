"""JSON schemas (2020-12) of request bodies and responses.

| Module | Contents |
| --- | --- |
| `decimals` | decimals as strings: their patterns, and the check that bodies and queries use |
| `schema_refs` | schemas with a name: vocabularies, and simple types such as `Decimal` and `Time` |
| `builders` | schemas of value classes, and of responses in a short notation |
| `response_schemas` | the schema of each response, by name |
| `descriptions` | what each field means |

The schemas of bodies are built of the value classes that read them, so that a document never differs from the code.
"""
