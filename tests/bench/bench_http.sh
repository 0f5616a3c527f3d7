#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Rates of reading over HTTP, each divided by a handler that only writes the same body, measured in
# the same run and in turns:
#
#     tests/bench/bench_http.sh BUILD_FOLDER [SECONDS] [ROUNDS]
#
# Needs wrk and curl. PORT and the one behind it are used, any when it is not set. SERVE (a command that gets a store folder and a port) replaces "jig serve".
set -euo pipefail

build=${1:?usage: bench_http.sh BUILD_FOLDER [SECONDS] [ROUNDS]}
seconds=${2:-3}
rounds=${3:-5}
connections=16
port=${PORT:-$((20000 + RANDOM % 10000))}
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

# A submodel of about $2 bytes with id $1: collections of ten properties.
make_submodel() {
    awk -v id="$1" -v size="$2" 'BEGIN {
        printf "{\"modelType\":\"Submodel\",\"idShort\":\"Bench\",\"id\":\"%s\",\"submodelElements\":[", id
        bytes = 120
        for (group = 0; bytes < size; group++) {
            out = sprintf("%s{\"modelType\":\"SubmodelElementCollection\",\"idShort\":\"Group%d\",\"value\":[",
                group ? "," : "", group)
            for (i = 0; i < 10; i++)
                out = out sprintf("%s{\"modelType\":\"Property\",\"idShort\":\"Property%d\",\"semanticId\":{\"type\":\"ExternalReference\",\"keys\":[{\"type\":\"GlobalReference\",\"value\":\"urn:example:property:%d\"}]},\"valueType\":\"xs:double\",\"value\":\"%d.25\"}",
                    i ? "," : "", i, i, group * 10 + i)
            out = out "]}"
            printf "%s", out
            bytes += length(out)
        }
        printf "]}" }'
}

encode() {
    printf '%s' "$1" | base64 -w0 | tr '+/' '-_' | tr -d '='
}

wait_for() {
    for _ in $(seq 100); do
        curl -s -o "$dir/ignored" "http://127.0.0.1:$1/" && return
        sleep 0.1
    done
    echo "nothing answers on port $1" >&2
    exit 1
}

# Another process on the same port would be measured in its place.
alive() {
    kill -0 "$1" 2>/dev/null && return
    echo "$2 has ended; is its port in use?" >&2
    exit 1
}

rate() {
    wrk -t1 -c"$connections" -d"${seconds}s" "$1" | awk '/^Requests\/sec/ { print $2 }'
}

median() {
    sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

# compare NAME PATH: the server's answer becomes the body of the null handler, then both are sent the
# same request in turns.
compare() {
    local url="http://127.0.0.1:$port$2" ours=() theirs=()
    curl -s -o "$dir/body" "$url"
    "$build/tests/bench_null" "$null_port" "$dir/body" >"$dir/null.log" &
    null=$!
    wait_for "$null_port"
    alive "$null" "the null handler"
    for _ in $(seq "$rounds"); do
        ours+=("$(rate "$url")")
        theirs+=("$(rate "http://127.0.0.1:$null_port$2")")
    done
    kill "$null"
    wait "$null" 2>/dev/null || true
    null=
    local a b
    a=$(printf '%s\n' "${ours[@]}" | median)
    b=$(printf '%s\n' "${theirs[@]}" | median)
    awk -v name="$1" -v a="$a" -v b="$b" -v bytes="$(stat -c %s "$dir/body")" \
        'BEGIN { printf "%-34s %8d bytes %10.0f /s  null %10.0f /s  ratio %.2f\n", name, bytes, a, b, a / b }'
}

if [ -n "${SERVE:-}" ]; then
    $SERVE "$dir/store" "$port" >"$dir/server.log" 2>&1 &
else
    "$build/jig" serve --open --store "$dir/store" --listen "127.0.0.1:$port" >"$dir/server.log" 2>&1 &
fi
server=$!
wait_for "$port"
alive "$server" "the server"

for size in 2000 3000 10000 100000 500000; do
    make_submodel "urn:bench:$size" "$size" >"$dir/submodel.json"
    curl -sf -X PUT -H 'Content-Type: application/json' --data-binary "@$dir/submodel.json" \
        -o "$dir/ignored" "http://127.0.0.1:$port/submodels/$(encode "urn:bench:$size")"
done

compare "submodel of 2 kB" "/submodels/$(encode urn:bench:2000)"
compare "submodel of 100 kB" "/submodels/$(encode urn:bench:100000)"
compare "submodel of 500 kB" "/submodels/$(encode urn:bench:500000)"
compare "element of the 500 kB submodel" \
    "/submodels/$(encode urn:bench:500000)/submodel-elements/Group100.Property5"
compare "group of the 500 kB submodel" \
    "/submodels/$(encode urn:bench:500000)/submodel-elements/Group100"
compare "value of the 3 kB submodel" "/submodels/$(encode urn:bench:3000)/\$value"
compare "value of the 10 kB submodel" "/submodels/$(encode urn:bench:10000)/\$value"
compare "value of the 100 kB submodel" "/submodels/$(encode urn:bench:100000)/\$value"
compare "metadata of the 100 kB submodel" "/submodels/$(encode urn:bench:100000)/\$metadata"
compare "core of the 100 kB submodel" "/submodels/$(encode urn:bench:100000)?level=core"
compare "paths of the 100 kB submodel" "/submodels/$(encode urn:bench:100000)/\$path"
compare "unknown submodel (404)" "/submodels/$(encode urn:bench:nothing)"
compare "negative limit (400)" "/submodels?limit=-1"

# A page of a hundred submodels of 10 kB each.
for number in $(seq 100); do
    make_submodel "urn:bench:list:$number" 10000 | sed 's/"idShort":"Bench"/"idShort":"Listed"/' |
        curl -sf -X PUT -H 'Content-Type: application/json' --data-binary @- -o "$dir/ignored" \
            "http://127.0.0.1:$port/submodels/$(encode "urn:bench:list:$number")"
done
compare "100 submodels of 10 kB" "/submodels?idShort=Listed&limit=100"

# The rate beside a thousand open connections that ask for little, divided by the rate without them.
beside_idle() {
    local path alone=() beside=() idle all="all answered"
    path="/submodels/$(encode urn:bench:2000)"
    for _ in $(seq "$rounds"); do
        alone+=("$(rate "http://127.0.0.1:$port$path")")
        "$build/tests/bench_idle" "$port" "$path" 1000 $((seconds + 3)) >"$dir/idle.log" &
        idle=$!
        until grep -q ready "$dir/idle.log"; do
            kill -0 "$idle"
            sleep 0.1
        done
        beside+=("$(rate "http://127.0.0.1:$port$path")")
        wait "$idle" || all=$(tail -1 "$dir/idle.log")
    done
    awk -v a="$(printf '%s\n' "${beside[@]}" | median)" -v b="$(printf '%s\n' "${alone[@]}" | median)" \
        -v all="$all" 'BEGIN {
            printf "%-34s %14s %10.0f /s  alone %9.0f /s  ratio %.2f, %s\n",
                "beside 1,000 idle connections", "", a, b, a / b, all }'
}
beside_idle
