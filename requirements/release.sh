#!/bin/sh
# Builds the wheel and the sdist into dist/ and tries both where nothing of the checkout is: an environment made
# from the unpacked sdist with the wheel in it, an empty folder, no variables.
set -eu
cd "$(dirname "$0")/.."
python=${BIN:-.venv/bin}/python
rm -rf dist build
"$python" - <<'END' >/dev/null
from setuptools import build_meta
build_meta.build_wheel("dist")
build_meta.build_sdist("dist")
END
wheel=$(ls "$PWD"/dist/*.whl)
sdist=$(ls "$PWD"/dist/*.tar.gz)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
tar -xzf "$sdist" -C "$place"
source=$(echo "$place"/dondoc-*)
mkdir "$place/work"
cd "$place/work"

# What the service sees: its own programs and nothing that was set here.
bare() { env -i PATH=/usr/bin:/bin HOME="$place/work" LANG=C.UTF-8 "$@"; }
dondoc() { bare "$place/venv/bin/dondoc" "$@"; }
said() { printf '  %s\n' "$1"; }

sh "$source/requirements/setup.sh" "$place/venv" "$wheel"
[ "$(dondoc --version)" = "dondoc $(basename "$source" | cut -d- -f2)" ]
said "phiên bản (version): $(dondoc --version)"
dondoc init >/dev/null
dondoc check >/dev/null
said "init, check: bộ quy tắc mới được nhận (the rules it begins with are accepted)"
shipped=$(bare "$place/venv/bin/python" -c 'from dondoc.flows.config.shipped import shipped; print(shipped("rules"))')
case $shipped in "$place"/venv/*) ;; *) echo "rules are taken from $shipped" >&2; exit 1 ;; esac
dondoc test "$shipped" >/dev/null
said "test: mọi bài thử của các bộ quy tắc đi kèm (every test of the packs that come along)"
if dondoc demo 2>"$place/asks"; then echo "demo runs without its extra" >&2; exit 1; fi
grep -qF "dondoc[demo]" "$place/asks"
"$place/venv/bin/python" -m pip --quiet --disable-pip-version-check install --no-deps --require-hashes \
    -r "$source/requirements/demo.txt"
dondoc demo | tail -n 3
mails=$(find var/demo/mails -name '*.eml' | wc -l)
[ "$mails" -gt 0 ]
said "demo: $mails thư, ngoài thư mục mã nguồn (mails, outside the checkout)"
printf 'Xong (done):\n  %s\n  %s\n' "$wheel" "$sdist"
