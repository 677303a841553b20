"""The web page of a server: orders and their stories for people, rendered on the server.

| Module | What it does |
| --- | --- |
| `views` | one module per subject: a table of `PageRoute` values and the views that read the history |
| `models` | what a template shows, as plain values: built by a view, without a store |
| `templates`, `static` | Jinja2 templates, and the files that a browser loads beside a page |
| `page_server` | turns a request into a page, as `server` turns one into JSON |
| `page_context`, `links` | what a view gets, and addresses that keep the root path and the point in time |
| `sessions`, `csrf`, `cookies` | who looks at the page |
| `live` | the stream that tells an open page that something was recorded |

Enter at `page_app.PageApp`. What always holds:

1. A view reads through `application` with the accounts of its session's key, in one read-only transaction, and has no
   rule of its own. A template or script has none either.
2. A session cookie opens the page alone, never the JSON API; an API key is in no address, script or page.
3. Every page works without a script. Scripts make it live, and show times in the reader's zone.
4. Nothing is loaded from elsewhere: the Content-Security-Policy allows files of the server alone, none inline.
"""
