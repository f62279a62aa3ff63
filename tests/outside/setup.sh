#!/bin/sh
# Installs what the outside tests need and Python has not: a browser, Node, Postfix, Dovecot, LibreOffice, systemd-analyze
# and docker-compose (Debian, as root), and in .venv the language server that editors run for YAML, and axe, which checks
# whether everybody can use a page. No mail service is started, and none is configured.
set -eu
tools=$(dirname "$0")/../../.venv

missing=
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
command -v node >/dev/null 2>&1 || missing="$missing nodejs"
command -v npm >/dev/null 2>&1 || missing="$missing npm"
command -v postfix >/dev/null 2>&1 || missing="$missing postfix"
command -v soffice >/dev/null 2>&1 || missing="$missing libreoffice-calc"
command -v lowriter >/dev/null 2>&1 || missing="$missing libreoffice-writer"
/usr/bin/python3 -c 'import uno' 2>/dev/null || missing="$missing python3-uno"
[ -x /usr/lib/dovecot/lmtp ] && [ -x /usr/lib/dovecot/imap ] || missing="$missing dovecot-imapd dovecot-lmtpd"
command -v systemd-analyze >/dev/null 2>&1 || missing="$missing systemd"
command -v docker-compose >/dev/null 2>&1 || missing="$missing docker-compose"
if [ -n "$missing" ]; then
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "Cần cài$missing rồi chạy lại. (Install$missing and run again.)" >&2
        exit 2
    fi
    apt-get update -qq
    # The tests start both servers themselves, in folders of their own; the packages must start nothing.
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod +x "$policy"
        trap 'rm -f "$policy"' EXIT
    fi
    echo "postfix postfix/main_mailer_type select No configuration" | debconf-set-selections
    # shellcheck disable=SC2086 # several packages
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi

# Node trusts its own list of authorities; the system's is the one that an administrator keeps.
bundle=/etc/ssl/certs/ca-certificates.crt
if [ -z "${NODE_EXTRA_CA_CERTS:-}" ] && [ -r "$bundle" ]; then
    export NODE_EXTRA_CA_CERTS=$bundle
fi

# A package of npm's in a folder of its own: name, version, folder, and which tests are not run without it.
installed() {
    grep -qs "\"version\": \"$2\"" "$3/node_modules/$1/package.json" && return
    mkdir -p "$3"
    if ! timeout 300 npm install --silent --no-audit --no-fund --no-save --no-package-lock --fetch-retries=1 \
        --prefix "$3" "$1@$2"; then
        rm -rf "$3"
        echo "npm không tải được $1: phần thử $4 KHÔNG chạy. (npm did not answer: NOT run.)" >&2
    fi
}

installed yaml-language-server 1.25.0 "$tools/language-server" "trình soạn thảo"
installed axe-core 4.14.1 "$tools/axe" "người khuyết tật đọc các trang"
