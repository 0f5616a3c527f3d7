#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Rates of writing over HTTP: durable PUTs of submodels that change each time, judged, indexed and
# kept in the history, each divided by a handler that only reads the body and parses it with cJSON,
# measured in the same run and in turns:
#
#     tests/bench/bench_put.sh BUILD_FOLDER [SECONDS] [ROUNDS]
#
# Needs wrk and curl.
set -euo pipefail

build=${1:?usage: bench_put.sh BUILD_FOLDER [SECONDS] [ROUNDS]}
seconds=${2:-3}
rounds=${3:-5}
connections=16
port=$((20000 + RANDOM % 10000))
null_port=$((port + 1))
dir=$(mktemp -d)
server=
null=

finish() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    [ -z "$null" ] || kill "$null" 2>/dev/null || true
    rm -rf "$dir"
}
trap finish EXIT

# A script for wrk: PUTs of about $1 bytes to 64 submodels in turn, another value each time.
make_script() {
    awk -v size="$1" 'BEGIN {
        print "local function encode(text)"
        print "  local digits = \"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_\""
        print "  local out = {}"
        print "  for i = 1, #text, 3 do"
        print "    local a, b, c = text:byte(i, i + 2)"
        print "    local n = a * 65536 + (b or 0) * 256 + (c or 0)"
        print "    for k = 0, (c and 3) or (b and 2) or 1 do"
        print "      local d = math.floor(n / 64 ^ (3 - k)) % 64 + 1"
        print "      out[#out + 1] = digits:sub(d, d)"
        print "    end"
        print "  end"
        print "  return table.concat(out)"
        print "end"
        printf "local rest = [==["
        bytes = 220
        for (i = 0; bytes < size; i++) {
            out = sprintf(",{\"modelType\":\"Property\",\"idShort\":\"Property%d\",\"semanticId\":{\"type\":\"ExternalReference\",\"keys\":[{\"type\":\"GlobalReference\",\"value\":\"urn:example:property:%d\"}]},\"valueType\":\"xs:double\",\"value\":\"%d.25\"}", i, i, i)
            printf "%s", out
            bytes += length(out)
        }
        print "]}]==]"
        print "local count = 0"
        print "request = function()"
        print "  count = count + 1"
        print "  local id = \"urn:bench:put:\" .. count % 64"
        print "  local body = \"{\\\"modelType\\\":\\\"Submodel\\\",\\\"idShort\\\":\\\"Bench\\\",\\\"id\\\":\\\"\" .. id .. \"\\\",\\\"submodelElements\\\":[{\\\"modelType\\\":\\\"Property\\\",\\\"idShort\\\":\\\"Count\\\",\\\"valueType\\\":\\\"xs:int\\\",\\\"value\\\":\\\"\" .. count .. \"\\\"}\" .. rest"
        print "  return wrk.format(\"PUT\", \"/submodels/\" .. encode(id), {[\"Content-Type\"] = \"application/json\"}, body)"
        print "end"
    }'
}

wait_for() {
    for _ in $(seq 100); do
        curl -s -o "$dir/ignored" "http://127.0.0.1:$1/" && return
        sleep 0.1
    done
    echo "nothing answers on port $1" >&2
    exit 1
}

# Fails when an answer was no success.
rate() {
    wrk -t1 -c"$connections" -d"${seconds}s" -s "$dir/put.lua" "http://127.0.0.1:$1/" >"$dir/wrk.log"
    if grep -q 'Non-2xx' "$dir/wrk.log"; then
        cat "$dir/wrk.log" >&2
        exit 1
    fi
    awk '/^Requests\/sec/ { print $2 }' "$dir/wrk.log"
}

median() {
    sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

"$build/jig" serve --store "$dir/store" --without-library --open --listen "127.0.0.1:$port" \
    >"$dir/server.log" 2>&1 &
server=$!
"$build/tests/bench_null" "$null_port" parse >"$dir/null.log" &
null=$!
wait_for "$port"
wait_for "$null_port"

for size in 2000 10000 100000; do
    make_script "$size" >"$dir/put.lua"
    ours=()
    theirs=()
    for _ in $(seq "$rounds"); do
        ours+=("$(rate "$port")")
        theirs+=("$(rate "$null_port")")
    done
    a=$(printf '%s\n' "${ours[@]}" | median)
    b=$(printf '%s\n' "${theirs[@]}" | median)
    awk -v size="$size" -v a="$a" -v b="$b" 'BEGIN {
        printf "PUT of %6d bytes %10.0f /s  receive and parse %10.0f /s  ratio %.2f\n", size, a, b, a / b
    }'
done
