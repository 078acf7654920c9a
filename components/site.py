"""The pages, in the order of the menu."""

from components.pages import figures, investment, projects, sources
from components.views import Page

PAGES: tuple[Page, ...] = (
    investment.PAGE,
    projects.PAGE,
    figures.PAGE,
    sources.PAGE,
)
