#!/bin/sh
# Sees to a Chromium and fonts for pictures and browser tests; where it cannot, one sentence says how, and those tests
# are skipped.
has_browser() {
    { [ -n "${BROWSER_PATH:-}" ] && [ -x "$BROWSER_PATH" ]; } || command -v chromium >/dev/null 2>&1 \
        || command -v chromium-headless-shell >/dev/null 2>&1
}
has_fonts() { fc-list 2>/dev/null | grep -q 'DejaVu Sans' && fc-list | grep -q 'Noto Sans CJK'; }
has_browser && has_fonts && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 && ! grep -qi '^ID=ubuntu' /etc/os-release 2>/dev/null; then
    echo "installing Chromium and fonts for pictures (once) …"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq >/dev/null 2>&1
    apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core fonts-noto-cjk >/dev/null 2>&1 && exit 0
fi
if has_browser; then
    echo "Fonts are missing: pictures may lack characters. Install them (Debian: sudo apt-get install fonts-dejavu-core fonts-noto-cjk)."
    exit 0
fi
echo "No Chromium: browser tests will be skipped. Install it (Debian: sudo apt-get install chromium fonts-dejavu-core fonts-noto-cjk; Ubuntu: a browser outside snap) or set BROWSER_PATH."
exit 1
