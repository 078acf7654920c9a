"""The parts of the page on the years ahead: what may be asked, and the exhibits that answer."""
