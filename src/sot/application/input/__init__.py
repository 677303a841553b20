"""Input from outside that is no value of the domain, shared by the command line and the HTTP API.

`commands` are the fields of commands about requests and orders; `text_values` reads rates, marks and cursors that are
given as text. Everything is checked here: whoever calls the use cases passes on what these return.
"""
