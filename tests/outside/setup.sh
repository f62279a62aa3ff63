#!/bin/sh
# Installs what the outside tests need and Python has not: a browser and Node (Debian, as root), and in .venv the
# language server that editors run for YAML.
set -eu
server=$(dirname "$0")/../../.venv/language-server
version=1.25.0

missing=
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
command -v node >/dev/null 2>&1 || missing="$missing nodejs"
command -v npm >/dev/null 2>&1 || missing="$missing npm"
if [ -n "$missing" ]; then
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "Cần cài$missing rồi chạy lại. (Install$missing and run again.)" >&2
        exit 2
    fi
    apt-get update -qq
    # shellcheck disable=SC2086 # several packages
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi

grep -qs "\"version\": \"$version\"" "$server/node_modules/yaml-language-server/package.json" && exit 0
mkdir -p "$server"
npm install --silent --no-audit --no-fund --no-save --no-package-lock --prefix "$server" "yaml-language-server@$version"
