"""The pages, in the order of the menu."""

from components.pages import (
    energy,
    figures,
    findings,
    investment,
    kazakhstan,
    outlook,
    projects,
    sources,
    targets,
    today,
    trade,
)
from components.views import Page

PAGES: tuple[Page, ...] = (
    today.PAGE,
    trade.PAGE,
    kazakhstan.PAGE,
    targets.PAGE,
    findings.PAGE,
    energy.PAGE,
    investment.PAGE,
    outlook.PAGE,
    projects.PAGE,
    figures.PAGE,
    sources.PAGE,
)
