"""HTML pages: main content as Markdown, metadata, site rules."""

from malmoi.text.html.complexity import TooComplex
from malmoi.text.html.page import Page, extract
from malmoi.text.html.rules import NO_RULES, SiteRule, SiteRules, load_rules

__all__ = ["NO_RULES", "Page", "SiteRule", "SiteRules", "TooComplex", "extract", "load_rules"]
