#!/bin/sh
# Prints the path of a Python that has what the tests need; makes .venv if none has.
#
#   python_env.sh        pytest and redis, of any release: $PYTHON if it has them, else
#                        the system's Python, else .venv with requirements.txt
#   python_env.sh plain  any Python that is new enough: the tools need no module
#   python_env.sh dev    .venv with requirements-dev.txt too
#   python_env.sh book   .venv with book/requirements.txt too
#
# All else goes to standard error, so that a caller may write
#   python="$(sh tests/tools/python_env.sh)" && "$python" -m pytest
set -u
root=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
venv=$root/.venv
files=$root/tests/requirements.txt
case ${1:-} in
dev) files="$files
$root/tests/requirements-dev.txt" ;;
book) files="$files
$root/book/requirements.txt" ;;
esac

# Whether this Python is new enough.
new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null
}

# Whether this Python has every module that is named behind it.
has_modules() {
    candidate=$1
    shift
    command -v "$candidate" >/dev/null 2>&1 && new_enough "$candidate" &&
        "$candidate" -c "import $(echo "$*" | tr ' ' ',')" 2>/dev/null
}

# Prints the first Python that has the modules.
find_with() {
    for one in python3 /usr/bin/python3; do
        if has_modules "$one" "$@"; then
            command -v "$one"
            return
        fi
    done
    return 1
}

find_python() {
    for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11 python3.10; do
        if command -v "$candidate" >/dev/null 2>&1 && new_enough "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

explain() {
    cat >&2 <<MESSAGE
The tests need Python 3.10 or newer with pytest and redis-py: $1.
Either install both packages, or what makes a private .venv possible:

  Debian, Ubuntu   apt install python3-pytest python3-redis    or: python3-venv
  Fedora           dnf install python3-pytest python3-redis    or: python3-pip
  macOS            brew install python                         (has all it takes)

A .venv is filled from the network once. PYTHON=/path/to/python3 picks another Python.
MESSAGE
    exit 1
}

explain_plain() {
    cat >&2 <<MESSAGE
This needs Python 3.10 or newer, and none was found.

  Debian, Ubuntu   apt install python3
  Fedora           dnf install python3
  macOS            brew install python

PYTHON=/path/to/python3 picks another Python.
MESSAGE
    exit 1
}

if [ "${1:-}" = plain ]; then
    find_python || explain_plain
    exit 0
fi

[ -f "$root/tests/requirements.txt" ] || explain "tests/requirements.txt is missing"

# Who names a Python that has them wants that one, also without pytest-xdist.
if [ -z "${1:-}" ] && [ -n "${PYTHON:-}" ] && has_modules "$PYTHON" pytest redis; then
    command -v "$PYTHON"
    exit 0
fi

# .venv is filled again when what it was filled from has changed.
wanted=$(echo "$files" | while read -r file; do cat "$file"; done | cksum)
stamp=$venv/filled-${1:-test}
if [ -x "$venv/bin/python" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
    echo "$venv/bin/python"
    exit 0
fi

# Without pytest-xdist the tests run one after the other, but they run.
if [ -z "${1:-}" ]; then
    find_with pytest redis xdist && exit 0
    find_with pytest redis && exit 0
fi

if [ ! -x "$venv/bin/python" ]; then
    base=$(find_python) || explain "no Python 3.10 or newer was found"
    echo "Making .venv with $base, once" >&2
    if ! "$base" -m venv "$venv" >/dev/null 2>&1; then
        rm -rf "$venv"
        explain "this Python cannot make a .venv"
    fi
fi
options=$(echo "$files" | while read -r file; do printf ' -r %s' "${file#"$root/"}"; done)
echo "Filling .venv from$options" >&2
# shellcheck disable=SC2086
said=$(cd "$root" && "$venv/bin/python" -m pip install -q --disable-pip-version-check $options 2>&1) || {
    echo "$said" | tail -3 >&2
    explain "its packages could not be installed (is there a network?)"
}
echo "$wanted" >"$stamp"
echo "$venv/bin/python"
