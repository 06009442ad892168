#!/usr/bin/env bash
# Chromium and fonts with Han glyphs for the browser tests. Installed only as root on Debian and its kin; elsewhere said how.
set -euo pipefail
chromium=${CHROMIUM:-/usr/bin/chromium}
[ -x "$chromium" ] && [ -d /usr/share/fonts/opentype/noto ] && exit 0
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  echo "Installing Chromium and fonts for the browser tests (once) …"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null
elif [ ! -x "$chromium" ]; then
  echo "No Chromium: the browser tests will be skipped. Mend: install it, and name it with CHROMIUM=/path/to/chromium make test" >&2
fi
