"""What several use cases share: pages, retries, results of recording, progress, tracing, the machine's clock and ids.

Nothing here knows a subject. `retry.run_with_retries` and `system` are for stores; `paging`, `record_result` and
`progress` for use cases; `tracing.TracedStore` for applications; `lazy` for units of work; `log` and `watched_run` for
who operates the application.
"""
