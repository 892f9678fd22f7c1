#!/usr/bin/env bash
# Runs lifelint from this checkout, so that the commit that a workflow names in `uses:` pins every byte of it. What it
# depends on is installed by hash, outside the workspace; nothing of the workspace is imported.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
lock="$here/../requirements/runtime.txt"

# What is locked has wheels for these versions, and is installed for one of them.
python=
for name in python3 python python3.14 python3.13 python3.12 python3.11; do
  asked='import sys; print(sys.implementation.cache_tag) if (3, 11) <= sys.version_info < (3, 15) else sys.exit(1)'
  if command -v "$name" > /dev/null && tag=$("$name" -I -c "$asked" 2> /dev/null); then
    python=$name
    break
  fi
done
if [ -z "$python" ]; then
  echo '::error title=lifelint::Python 3.11, 3.12, 3.13 or 3.14 is needed: put actions/setup-python before this step'
  exit 2
fi

# A runner that reaches no package index names a folder that holds what requirements/runtime.txt lists.
packages=${LIFELINT_PACKAGES:-}
if [ -z "$packages" ]; then
  packages="${RUNNER_TEMP:-/tmp}/lifelint-packages-$tag"
  if command -v uv > /dev/null; then
    install=(uv pip install --quiet --no-config --python "$(command -v "$python")" --no-build)
  else
    install=("$python" -I -m pip install --quiet --disable-pip-version-check --no-input --only-binary :all:)
  fi
  if ! test -e "$packages/complete"; then
    if ! "${install[@]}" --require-hashes --no-deps --target "$packages" -r "$lock"; then
      echo '::error title=lifelint::What lifelint needs could not be installed; the lines above say why'
      exit 3
    fi
    touch "$packages/complete"
  fi
fi

exec "$python" -I "$here/main.py" "$packages" "$@"
