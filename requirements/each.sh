#!/bin/sh
# Runs the tests on every Python from 3.11 to 3.13 that can be found, each in its own environment.
# pyenv's real interpreters are preferred: what stands on the PATH may be a shim that fails.
set -eu
here=$(dirname "$0")
tried=0
for version in 3.11 3.12 3.13; do
    python=python$version
    if command -v pyenv >/dev/null 2>&1; then
        found=$(pyenv versions --bare 2>/dev/null | grep "^$version\." | tail -n 1 || true)
        [ -n "$found" ] && python=$(pyenv prefix "$found")/bin/python
    fi
    if ! "$python" -V >/dev/null 2>&1; then
        printf 'Python %s: không có trên máy này, không thử (not found here, not run)\n' "$version"
        continue
    fi
    PYTHON=$python sh "$here/setup.sh" ".venv-$version"
    printf 'Python %s:\n' "$version"
    ".venv-$version/bin/pytest" -m "not outside" -q -n auto --dist loadfile
    tried=$((tried + 1))
done
[ "$tried" -gt 0 ]
