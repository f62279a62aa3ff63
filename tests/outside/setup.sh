#!/bin/sh
# Installs what the outside tests need and Python has not: a browser (Debian, as root).
set -eu
command -v chromium >/dev/null 2>&1 && exit 0
if ! command -v apt-get >/dev/null 2>&1; then
    echo "Cần trình duyệt chromium: cài rồi chạy lại. (Chromium is needed: install it and run again.)" >&2
    exit 2
fi
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null
