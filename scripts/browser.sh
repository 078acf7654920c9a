#!/bin/sh
# Sees to a Chromium, fonts for pictures, and the library Playwright needs to drive it in tests; where it cannot, one
# sentence says how, and those tests are skipped.
PACKAGES="chromium fonts-dejavu-core fonts-noto-cjk libatomic1"
has_browser() {
    { [ -n "${BROWSER_PATH:-}" ] && [ -x "$BROWSER_PATH" ]; } || command -v chromium >/dev/null 2>&1 \
        || command -v chromium-headless-shell >/dev/null 2>&1
}
has_fonts() { fc-list 2>/dev/null | grep -q 'DejaVu Sans' && fc-list | grep -q 'Noto Sans CJK'; }
has_library() { [ -z "$(command -v ldconfig)" ] || ldconfig -p | grep -q 'libatomic\.so\.1'; }
has_browser && has_fonts && has_library && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 && ! grep -qi '^ID=ubuntu' /etc/os-release 2>/dev/null; then
    echo "installing Chromium and fonts for pictures (once) …"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq >/dev/null 2>&1
    # shellcheck disable=SC2086
    apt-get install -y -qq --no-install-recommends $PACKAGES >/dev/null 2>&1 && exit 0
fi
if ! has_browser; then
    echo "No Chromium: browser tests will be skipped. Install it (Debian: sudo apt-get install $PACKAGES; Ubuntu: a browser outside snap) or set BROWSER_PATH."
    exit 1
fi
if ! has_library; then
    echo "libatomic1 is missing: browser tests will be skipped. Install it (sudo apt-get install libatomic1)."
    exit 1
fi
echo "Fonts are missing: pictures may lack characters. Install them (Debian: sudo apt-get install fonts-dejavu-core fonts-noto-cjk)."
