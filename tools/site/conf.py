"""The settings of Sphinx for the site of the documentation, which `build.py` builds."""

import logging

import navigation
import public_names
from sphinx.application import Sphinx

import sot

logging.getLogger("alembic").setLevel(logging.WARNING)  # a package of the theme shows what others log

project = "sot"
author = "The sot developers"
copyright = author
version = release = sot.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.viewcode"]
root_doc = navigation.START
include_patterns = ["*.md", "docs/*.md", "docs/**/*.md"]
exclude_patterns = ["build", "dist", "mutants", "requirements", "src", "tests", "tools", ".*"]

myst_heading_anchors = 6  # as code hosts have them
add_module_names = False
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
default_role = "py:obj"  # docstrings name code in single backticks
napoleon_custom_sections = [("Attributes", "params_style")]  # signatures have their types
python_maximum_signature_line_length = 100
toc_object_entries_show_parents = "hide"
smartquotes_action = "D"  # dashes alone: quotes stay as they are written
html_theme = "furo"
html_title = "sot"
html_copy_source = False
html_extra_path = ["root"]
html_static_path = ["static"]
html_css_files = ["site.css"]


def setup(app: Sphinx) -> None:
    """Connect what is ours."""
    app.connect("env-get-outdated", navigation.changed)
    app.connect("source-read", navigation.add_contents)
    app.connect("autodoc-process-bases", public_names.keep_public_bases)
    app.connect("html-page-context", public_names.mend_links_back)
    app.connect("viewcode-follow-imported", public_names.module_of_source)
    app.connect("doctree-read", navigation.mark_listed)
    app.connect("source-read", public_names.add_entries)
