"""What this machine lacks for pictures, in one sentence."""

from exports.pictures import fonts
from exports.pictures.browser import NoBrowser, find_browser


def lacking() -> str:
    """Return one sentence that says how to get what pictures need here; nothing when all of it is there."""
    packages = [family.package for family in fonts.missing_families()]
    try:
        find_browser()
    except NoBrowser:
        packages.insert(0, "chromium")
    if not packages:
        return ""
    return (
        f"Pictures cannot be made here in full: install {', '.join(packages)} "
        f"(Debian: sudo apt-get install {' '.join(packages)}), or set BROWSER_PATH to a Chrome or Chromium; "
        "pages and data work without."
    )
