"""The OpenAPI document (3.1.0), built of the table of routes.

`document.build_document` is the entry. `operations` describes one route each, with its parameters, responses and
problems; `components` collects the schemas that have a name.

The document is a pure function of the routes: it is the same for every server, and `docs/reference/openapi.json` has
a copy of it.
"""
