#!/bin/sh
# Makes the environment: a virtual environment in $1 with everything locked in requirements/*.txt.
# With $2, a wheel or a source folder, it holds the service alone, installed from there: no tools, nothing that
# points back here.
# Asks for Python 3.11 to 3.13 with its headers and a C compiler; says in one sentence what is missing.
# PYTHON chooses an interpreter; without it the first that fits is taken.
set -eu
folder=$1
what=${2:-}
here=$(dirname "$0")

fail() {
    printf '%s\n' "$1" >&2
    exit 2
}

fits() {
    "$1" -c 'import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
}

chosen=
for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
    if fits "$candidate"; then
        chosen=$candidate
        break
    fi
done
[ -n "$chosen" ] || fail "Cần Python 3.11, 3.12 hoặc 3.13 (có mô-đun venv; trên Debian là gói python3-venv): cài rồi chạy lại, hoặc chỉ rõ bằng PYTHON=/đường/dẫn/python. (Python 3.11 to 3.13 with venv is needed: install one, or name it with PYTHON=...)"

compiler=${CC:-cc}
headers=$("$chosen" -c 'import sysconfig; print(sysconfig.get_path("include"))')
printf '#include <Python.h>\n' | "$compiler" -E -I"$headers" -x c - >/dev/null 2>&1 ||
    fail "Cần trình biên dịch C và tệp tiêu đề của Python để dựng durable-rules: trên Debian, apt-get install gcc python3-dev rồi chạy lại. (A C compiler and Python's headers are needed: on Debian, apt-get install gcc python3-dev.)"

stamp=$folder/.made-from
wanted=$(cat "$here"/*.txt "$here/setup.sh" "$here/../pyproject.toml" "$here/../setup.py" | cksum; "$chosen" -V)
[ -z "$what" ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && exit 0

printf 'Dựng môi trường %s bằng %s … (making the environment, one or two minutes)\n' "$folder" "$("$chosen" -V)"
rm -rf "$folder"
"$chosen" -m venv "$folder"
pip="$folder/bin/python -m pip --quiet --disable-pip-version-check"
# The lock files are complete, so nothing is resolved again (--no-deps); every file is checked by its hash.
$pip install --no-deps --require-hashes -r "$here/build.txt" -r "$here/runtime.txt"
[ -n "$what" ] || $pip install --no-deps --require-hashes -r "$here/dev.txt"
# Its own setup.py drops all optimisation and it does not import on 3.13 as shipped; a cached wheel would
# hide these flags.
CPPFLAGS="-O3 -DPyEval_CallObject=PyObject_CallObject" \
    $pip install --no-cache-dir --no-deps --no-build-isolation --require-hashes -r "$here/durable.txt"
if [ -n "$what" ]; then
    $pip install --no-deps --no-build-isolation "$what"
else
    $pip install --no-deps --no-build-isolation -e "$here/.."
    # The type checker and the import contracts read folders and know no mapping of packages: for them alone the
    # import package stands here as it will be installed, made of links.
    root=$(cd "$here/.." && pwd)
    mkdir -p "$folder/src/dondoc"
    ln -s "$root/engine" "$root/flows" "$root/notifications" "$root/flows/entry/__init__.py" "$folder/src/dondoc/"
fi
$pip check
# Last, for it is only read as data: what its code asks for is left out on purpose, and would fail the check.
$pip install --no-deps --require-hashes -r "$here/country.txt"
printf '%s\n' "$wanted" >"$stamp"
