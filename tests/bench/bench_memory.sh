#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Memory of the server over many requests of all kinds: resident size after a tenth of them and at
# the end, which must not have grown by more than a tenth.
#
#     tests/bench/bench_memory.sh BUILD_FOLDER [REQUESTS]
#
# Needs wrk and curl. Counts with the server's own /metrics.
set -euo pipefail

build=${1:?usage: bench_memory.sh BUILD_FOLDER [REQUESTS]}
wanted=${2:-1000000}
port=${PORT:-$((20000 + RANDOM % 10000))}
base="http://127.0.0.1:$port"
dir=$(mktemp -d)
server=

finish() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    rm -rf "$dir"
}
trap finish EXIT

"$build/jig" serve --store "$dir/store" --listen "127.0.0.1:$port" --without-library --open \
    >"$dir/serve.log" 2>&1 &
server=$!
for _ in $(seq 100); do
    curl -s -o "$dir/ignored" "$base/health" && break
    sleep 0.1
done
kill -0 "$server"

# Twenty submodels with a hundred properties each.
for n in $(seq 20); do
    awk -v n="$n" 'BEGIN {
        printf "{\"modelType\":\"Submodel\",\"id\":\"urn:m:%02d\",\"submodelElements\":[", n
        for (i = 0; i < 100; i++)
            printf "%s{\"modelType\":\"Property\",\"idShort\":\"Value%d\",\"valueType\":\"xs:int\",\"value\":\"%d\"}",
                i ? "," : "", i, i
        printf "]}" }' |
        curl -sf -o "$dir/ignored" -H 'Content-Type: application/json' --data-binary @- "$base/submodels"
done

# Reads of every form, plain and packed, lists, refusals; every hundredth sets a value.
cat >"$dir/mix.lua" <<'LUA'
local alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
local function encode(text)
    local bits = text:gsub(".", function(c)
        local b, s = c:byte(), ""
        for i = 7, 0, -1 do s = s .. math.floor(b / 2 ^ i) % 2 end
        return s
    end)
    while #bits % 6 > 0 do bits = bits .. "0" end
    return (bits:gsub("......", function(six)
        return alphabet:sub(tonumber(six, 2) + 1, tonumber(six, 2) + 1)
    end))
end
local ids, count = {}, 0
for n = 1, 20 do ids[n] = encode(string.format("urn:m:%02d", n)) end
local endings = {"", "/$value", "/$metadata", "/submodel-elements?limit=10",
    "/submodel-elements/Value7", "/submodel-elements/Value7/$value", "/submodel-elements/None",
    "?level=core", "/$path", "/$reference"}
local packed = {["Accept-Encoding"] = "gzip"}
local json = {["Content-Type"] = "application/json"}
function request()
    count = count + 1
    local one = "/submodels/" .. ids[math.random(20)]
    if count % 100 == 0 then
        return wrk.format("PATCH", one .. "/submodel-elements/Value3/$value", json, tostring(count))
    end
    if count % 500 == 1 then return wrk.format("GET", "/submodels?limit=5") end
    if count % 7 == 0 then return wrk.format("GET", "/submodels/bm90LXRoZXJl") end
    return wrk.format("GET", one .. endings[count % #endings + 1], count % 2 == 0 and packed or nil)
end
LUA

requests() {
    curl -s "$base/metrics" | awk '/^jig_requests_total/ { sum += $NF } END { printf "%d\n", sum }'
}

# Without the pages of the store, which are those of the file.
resident() {
    awk '/^RssAnon/ { print $2 }' "/proc/$server/status"
}

begun=$(date +%s)
early=
while :; do
    wrk -t2 -c16 -d5s -s "$dir/mix.lua" "$base" >"$dir/wrk.log"
    kill -0 "$server"
    done=$(requests)
    if [ "$done" -eq 0 ]; then
        echo "the server counts no requests" >&2
        exit 1
    fi
    if [ -z "$early" ] && [ "$done" -ge $((wanted / 10)) ]; then
        early=$(resident)
        echo "after $done requests: $early kB"
    fi
    [ "$done" -lt "$wanted" ] || break
done
late=$(resident)
seconds=$(($(date +%s) - begun))
echo "after $done requests: $late kB, in $seconds s ($(awk '/Requests\/sec/ { print $2 }' "$dir/wrk.log")/s in the last 5 s)"
[ "$late" -le $((early + early / 10)) ]
