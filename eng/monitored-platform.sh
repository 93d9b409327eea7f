# Sourced by the scripts that look at the platform through a real Prometheus: starts the platform with a Redis, a collector, exporters and a
# Prometheus beside it. A state folder and ports of its own are used (COMMERCE_HOME, COMMERCE_PORT_BASE).
#
#   need                    exits when a program is missing
#   start_platform DIVIDE   collector, Redis, registry, platform; telemetry DIVIDE times as often
#   start_prometheus DIVIDE exporters and Prometheus with the shipped rules, every duration in them divided by DIVIDE
#
# Needs prometheus, prometheus-node-exporter, prometheus-redis-exporter, prometheus-postgres-exporter, redis-server and kcat (Debian's
# packages) and an OpenTelemetry collector with the otlp receiver and the prometheus and file exporters: COMMERCE_OTELCOL, default otelcol on the path.
otelcol=${COMMERCE_OTELCOL:-otelcol} keep=${keep:-false}
work=$(mktemp -d)
base=${COMMERCE_PORT_BASE:-18400}
export COMMERCE_HOME=${COMMERCE_HOME:-$work/home} COMMERCE_PORT_BASE=$base COMMERCE_DASHBOARD=off
export OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:$((base + 50))
export COMMERCE_REDIS_URL=redis://127.0.0.1:$((base + 60)) COMMERCE_SCHEMA_REGISTRY_URL=http://127.0.0.1:$((base + 61))
prometheus_url=http://127.0.0.1:$((base + 54))

need() {
  local program
  for program in prometheus promtool prometheus-node-exporter prometheus-redis-exporter prometheus-postgres-exporter redis-server redis-cli kcat "$otelcol"; do
    command -v "$program" >/dev/null || { echo "$program is needed, see the top of eng/monitored-platform.sh" >&2; exit 2; }
  done
}

finish() {
  if [[ $keep == true ]]; then
    echo "Left running: $prometheus_url; COMMERCE_HOME=$COMMERCE_HOME COMMERCE_PORT_BASE=$base. Logs: $work" >&2
    return
  fi
  "$root/commerce" down >/dev/null 2>&1 || true
  # The registry may have been started anew by whoever broke it.
  # shellcheck disable=SC2046
  kill $(jobs -p) $(cat "$work"/*.pid 2>/dev/null) 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$work"
}

run() {
  local name=$1
  shift
  "$@" >"$work/$name.log" 2>&1 &
  echo $! >"$work/$name.pid"
}

start_platform() {
  local divide=$1
  export Telemetry__MetricIntervalSeconds=$((divide > 10 ? 1 : 10 / divide))
  sed -e "s/0.0.0.0:4317/127.0.0.1:$((base + 50))/; s/0.0.0.0:4318/127.0.0.1:$((base + 51))/; s/0.0.0.0:8889/127.0.0.1:$((base + 52))/; s/0.0.0.0:13133/127.0.0.1:$((base + 53))/" \
    -e "s/metric_expiration: 2m/metric_expiration: $((120 / divide))s/; s/timeout: 1s/timeout: 200ms/" \
    -e "s#debug: {}#debug: {}\n  file: { path: $work/traces.jsonl }#; s#exporters: \[debug\] }\$#exporters: [debug, file] }#" \
    "$root/observability/collector.yaml" | sed "/logs: {/s/, file//" >"$work/collector.yaml"
  run collector "$otelcol" --config "$work/collector.yaml"
  run redis redis-server --port $((base + 60)) --bind 127.0.0.1 --save "" --appendonly no
  "$root/commerce" --help >/dev/null
  cat >"$work/registry.sh" <<EOF
exec dotnet "$root/artifacts/bin/Commerce.Streaming.Cli/release/Commerce.Streaming.Cli.dll" broker --dir "$work/registry" --no-kafka --registry-port $((base + 61))
EOF
  run registry bash "$work/registry.sh"
  "$root/commerce" up </dev/null >"$work/up.log" 2>&1 || { cat "$work/up.log"; exit 1; }
  eval "$("$root/commerce" env)"
}

start_prometheus() {
  local divide=$1
  run redis-exporter prometheus-redis-exporter -redis.addr "$REDIS_URL" -web.listen-address "127.0.0.1:$((base + 55))"
  DATA_SOURCE_NAME="postgresql://$(owner)@127.0.0.1:$((base + 4))/commerce?sslmode=disable" run postgres-exporter \
    prometheus-postgres-exporter --web.listen-address "127.0.0.1:$((base + 56))" --extend.query-path "$root/observability/postgres-exporter.yaml"
  shorten "$divide" <"$root/observability/prometheus/rules.yml" >"$work/rules.yml"
  sed -e "s/collector:8889/127.0.0.1:$((base + 52))/; s/redis-exporter:9121/127.0.0.1:$((base + 55))/; s/postgres-exporter:9187/127.0.0.1:$((base + 56))/" \
    "$root/observability/prometheus/prometheus.yml" | shorten $((divide > 10 ? 10 : divide)) >"$work/prometheus.yml"
  [[ ! -f $work/prometheus.more.yml ]] || cat "$work/prometheus.more.yml" >>"$work/prometheus.yml"
  run prometheus prometheus --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/data" --web.listen-address="${prometheus_url#http://}"
  wait_for "$prometheus_url/-/ready"
}

# User and password of the local Postgres' superuser: the exporter asks for the WAL folder.
owner() { echo "postgres:$(sed -n 's/^ *"admin": "\(.*\)".*/\1/p' "$COMMERCE_HOME/keys.json")"; }

# Divides every duration of rules or settings (ranges, offsets, for, interval); thresholds and everything else stay.
shorten() {
  perl -pe 'BEGIN { $n = shift @ARGV; %u = (s => 1000, m => 60000, h => 3600000, d => 86400000) }
    sub ms { my ($v, $u) = @_; int($v * $u{$u} / $n) . "ms" }
    s/\[(\d+)([smhd])\]/"[" . ms($1, $2) . "]"/ge;
    s/(\boffset )(\d+)([smhd])\b/$1 . ms($2, $3)/ge;
    s/^(\s+(?:for|interval|scrape_interval|evaluation_interval): )(\d+)([smhd])$/$1 . ms($2, $3)/ge' -- "$1"
}

wait_for() {
  local tries
  for tries in $(seq 100); do
    curl -sf -o "$work/answer" "$1" && return
    sleep 0.1
  done
  echo "no answer from $1" >&2
  exit 1
}
