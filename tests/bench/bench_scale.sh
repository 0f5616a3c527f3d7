#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A store of very many submodels beside one of a thousand: how long the server takes to start, its
# memory without the map, and the time of requests as a ratio, in one run.
#
#     tests/bench/bench_scale.sh BUILD_FOLDER [SUBMODELS] [FOLDER]
#
# Needs wrk and curl, and about 6 kB of disk for each submodel. Stores that are in FOLDER already
# (named by their numbers) are measured as they are and stay; otherwise all is made and removed.
set -euo pipefail

build=${1:?usage: bench_scale.sh BUILD_FOLDER [SUBMODELS] [FOLDER]}
many=${2:-1000000}
few=1000
rounds=${ROUNDS:-5}
seconds=${SECONDS_EACH:-3}
scratch=$(mktemp -d)
folder=${3:-$scratch}
servers=()

finish() {
    for server in "${servers[@]}"; do
        kill "$server" 2>/dev/null || true
    done
    rm -rf "$scratch"
}
trap finish EXIT

for count in $few $many; do
    [ -d "$folder/$count" ] ||
        "$build/jig" bench-data --templates 200 --submodels "$count" --store "$folder/$count"
done
du -sm "$folder/$many" | awk '{ print "store: " $1 " MB" }'

# Milliseconds since some moment.
now() {
    date +%s%N | sed 's/......$//'
}

# Starts a server; sets its port and how long it took until it answered.
start() {
    local begun
    port=$((20000 + RANDOM % 10000))
    begun=$(now)
    "$build/jig" serve --open --store "$folder/$1" --listen "127.0.0.1:$port" --without-library \
        >"$scratch/serve-$1.log" 2>&1 &
    servers+=($!)
    until curl -s -o "$scratch/ignored" "http://127.0.0.1:$port/health"; do
        sleep 0.005
        kill -0 "${servers[-1]}"
    done
    took=$(($(now) - begun))
}

start "$few"
few_port=$port
start "$many"
many_port=$port
many_server=${servers[-1]}
echo "start with $many submodels: $took ms until the first answer"

# Ids as they are made, all over the store.
cat >"$scratch/requests.lua" <<'LUA'
local alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
local function encode(text)
    local out = {}
    for at = 1, #text, 3 do
        local a, b, c = text:byte(at, at + 2)
        local n = a * 65536 + (b or 0) * 256 + (c or 0)
        for i = 1, (c and 4 or b and 3 or 2) do
            local six = math.floor(n / 64 ^ (4 - i)) % 64
            out[#out + 1] = alphabet:sub(six + 1, six + 1)
        end
    end
    return table.concat(out)
end
local json = {["Content-Type"] = "application/json"}
local kind, count
function init(args)
    kind, count = args[1], tonumber(args[2])
    math.randomseed(7)
end
function request()
    local id = "https://bench.example/submodel/1-" .. math.random(0, count - 1)
    local one = "/submodels/" .. encode(id)
    if kind == "submodel" then return wrk.format("GET", one) end
    if kind == "value" then return wrk.format("GET", one .. "/$value") end
    if kind == "unknown" then return wrk.format("GET", one .. "x") end
    if kind == "list" then return wrk.format("GET", "/submodels?limit=20&cursor=" .. string.format("c%x", math.random(1, count - 20))) end
    if kind == "replace" then
        return wrk.format("PATCH", one, json, '{"idShort":"Again' .. math.random(1, 1000000) .. '"}')
    end
end
LUA

# Requests in a second. Two who write share a commit or take turns, for seconds the one or the other;
# of sixteen always some share one.
rate() {
    local connections=2
    [ "$2" != replace ] || connections=16
    wrk -t1 -c"$connections" -d"${seconds}s" -s "$scratch/requests.lua" "http://127.0.0.1:$1" -- "$2" "$3" \
        >"$scratch/wrk.log"
    if [ "$2" != unknown ] && grep -q Non-2xx "$scratch/wrk.log"; then
        echo "requests of kind $2 are refused" >&2
        exit 1
    fi
    awk '/Requests\/sec/ { print $2 }' "$scratch/wrk.log"
}

for kind in submodel value unknown list replace; do
    for _ in $(seq "$rounds"); do
        a=$(rate "$few_port" "$kind" "$few")
        b=$(rate "$many_port" "$kind" "$many")
        echo "$a $b"
    done >"$scratch/rates"
    ratio=$(awk '{ printf "%.3f\n", $1 / $2 }' "$scratch/rates" | sort -n |
        sed -n "$(((rounds + 1) / 2))p")
    rates=$(tail -n 1 "$scratch/rates")
    echo "$kind: time with $many ÷ with $few submodels $ratio (in a second at last: ${rates/ / and })"
done

awk '/^RssAnon/ { printf "memory without the map: %.0f MB\n", $2 / 1024 }' \
    "/proc/$many_server/status"
