#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing (Debian 12), builds Jig and starts the server.
# usage: ./run.sh [arguments of `jig serve`]
set -eu
cd "$(dirname "$0")"

.ci/packages run
if ! .ci/packages web; then
    echo "run: without Node.js and npm, the page at /docs only says how to get it" >&2
fi
.ci/build release jig
echo "jig: starting; stop it with Ctrl-C"
exec build/jig serve "$@"
