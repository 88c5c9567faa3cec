#!/bin/sh
# Makes the two environments: .venv (services, Python 3.11 or newer) and .venv-rasa (Rasa, Python 3.10);
# with the word `rivals` only .venv-bench, what `baton bench` measures beside Baton.
# An environment whose pinned requirements did not change is left alone.
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "setup: $*"; }

find_uv() {
    if command -v uv >/dev/null 2>&1; then
        UV=uv
        return
    fi
    UV=$PWD/.tools/bin/uv
    [ -x "$UV" ] && return
    say "getting uv (the package installer) into .tools"
    python3 -m pip install --quiet --disable-pip-version-check --target .tools uv 2>/dev/null ||
        { python3 -m venv .tools && .tools/bin/pip install --quiet --disable-pip-version-check uv; } ||
        { say "python3 has neither pip nor venv. Remedy: apt-get install python3-venv, or install uv yourself."; exit 1; }
}

# torch must be the CPU build: the GPU build brings gigabytes that Baton never uses.
torch_source() {
    [ -n "${PIP_FIND_LINKS:-}" ] || echo "--torch-backend cpu"
}

# make_environment FOLDER PYTHON REQUIREMENTS WORKDIR [uv pip options…]
make_environment() {
    folder=$1 python=$2 requirements=$3 workdir=$4
    shift 4
    wanted=$(sha256sum <"$requirements" | cut -d' ' -f1)
    if [ "$(cat "$folder/.baton-setup" 2>/dev/null || true)" = "$wanted" ]; then
        say "$folder is up to date"
        return
    fi
    say "making $folder from $requirements (Python $python)"
    # uv looks for Python from the folder it runs in: bot/.python-version serves pyenv users.
    (cd "$workdir" && "$UV" venv --quiet --clear --python "$python" "$OLDPWD/$folder") ||
        { say "no Python $python. Remedy: 'uv python install $python' (needs the Internet), or pyenv, or put python$python on the PATH."; exit 1; }
    "$UV" pip install --python "$folder/bin/python" --requirement "$requirements" "$@"
    if [ "$folder" = .venv ]; then
        "$UV" pip install --quiet --python .venv/bin/python --no-deps --editable .
    fi
    printf '%s' "$wanted" >"$folder/.baton-setup"
}

# Networks with a certificate authority of their own install it in the system's store.
if [ -e /etc/ssl/certs/ca-certificates.crt ]; then
    export UV_SYSTEM_CERTS=1 UV_NATIVE_TLS=1
fi
find_uv
[ -n "${PIP_FIND_LINKS:-}" ] && export UV_FIND_LINKS="${UV_FIND_LINKS:-$PIP_FIND_LINKS}"
if [ "${1:-}" = rivals ]; then
    make_environment .venv-bench '>=3.11' requirements/bench.txt .
    say "done"
    exit
fi
# shellcheck disable=SC2046  # two words on purpose
make_environment .venv '>=3.11' requirements/dev.txt . $(torch_source)
make_environment .venv-rasa 3.10 requirements/rasa.txt bot
say "done"
