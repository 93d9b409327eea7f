# Sourced by eng/verify-regions: two regions on this machine. Each has an Apache Kafka and a Redis of its own; one registry and one PostgreSQL
# serve both (the database is "promoted" where it stands). Both regions use one block of ports, one after the other: the shop's address stays
# what it is when its traffic is turned. The mirror runs beside its target with the settings of k8s/two-regions/mirror.yaml.
kafka_home=${COMMERCE_TEST_KAFKA_HOME:-}
base=${COMMERCE_PORT_BASE:-18800}
mirror_yaml=$root/k8s/two-regions/mirror.yaml
declare -A kafka=([east]=127.0.0.1:$((base + 60)) [west]=127.0.0.1:$((base + 61)))
declare -A redis=([east]=$((base + 63)) [west]=$((base + 64)))
connect=http://127.0.0.1:$((base + 62)) registry=http://127.0.0.1:$((base + 65)) postgres_port=$((base + 66))
database=postgresql://commerce:commerce@127.0.0.1:$postgres_port/commerce
export COMMERCE_PORT_BASE=$base COMMERCE_DASHBOARD=off KAFKA_HEAP=${KAFKA_HEAP:-320m} KAFKA_JVM_OPTS="${KAFKA_JVM_OPTS:--XX:TieredStopAtLevel=1}"
ingest=http://127.0.0.1:$((base + 10)) consent=http://127.0.0.1:$((base + 11)) attribution=http://127.0.0.1:$((base + 13)) inventory=http://127.0.0.1:$((base + 14))

need() {
  local program
  for program in kcat redis-server psql jq curl; do
    command -v "$program" >/dev/null || { echo "$program is needed, see the top of eng/verify-regions" >&2; exit 2; }
  done
  [[ -x $kafka_home/bin/kafka-start && -x $kafka_home/bin/connect-start ]] ||
    { echo "COMMERCE_TEST_KAFKA_HOME is to name a folder with bin/kafka-start, bin/connect-start and bin/kafka-tool" >&2; exit 2; }
  binaries=${COMMERCE_POSTGRES_BIN:-$(find /usr/lib/postgresql/*/bin -name initdb -printf '%h\n' 2>/dev/null | sort -V | tail -n 1)}
  [[ -x $binaries/initdb ]] || { echo "PostgreSQL is needed: COMMERCE_POSTGRES_BIN" >&2; exit 2; }
}

# Everything that was started, by pid.
end_all() {
  local region
  for region in east west; do
    [[ ! -d $work/$region/home ]] || in_region "$region" "$root/commerce" down >/dev/null 2>&1
    "$kafka_home/bin/connect-stop" --dir "$work/$region/connect" >/dev/null 2>&1
    "$kafka_home/bin/kafka-stop" --dir "$work/$region/kafka" --wait 5 >/dev/null 2>&1
  done
  [[ ! -f $work/postgres/data/postmaster.pid ]] || as_postgres "$binaries/pg_ctl" -D "$work/postgres/data" -m immediate stop >/dev/null 2>&1
  local pid
  for pid in "$work"/*.pid; do
    [[ ! -f $pid ]] || kill "$(cat "$pid")" 2>/dev/null
  done
  rm -f "$work"/*.pid
}

run() {
  local name=$1
  shift
  "$@" >"$work/$name.log" 2>&1 &
  echo $! >"$work/$name.pid"
}

# PostgreSQL refuses root.
as_postgres() {
  if [[ $EUID == 0 ]]; then setpriv --reuid=postgres --regid=postgres --init-groups "$@"; else "$@"; fi
}

sql() { psql -X -q -A -t -v ON_ERROR_STOP=1 "$database" -c "$1"; }

# A database, a registry, and the Kafka and Redis of both regions: all empty.
start_servers() {
  chmod 755 "$all" "$work"   # PostgreSQL's account passes through
  mkdir -p "$work/postgres" "$work"/{east,west}/{home,kafka,connect} "$work/shop"
  [[ $EUID != 0 ]] || chown postgres "$work/postgres"
  as_postgres "$binaries/initdb" -D "$work/postgres/data" -A trust -U postgres -E UTF8 --no-sync >"$work/initdb.log" 2>&1 || return 1
  as_postgres "$binaries/pg_ctl" -D "$work/postgres/data" -w -l "$work/postgres/log" \
    -o "-p $postgres_port -c listen_addresses=127.0.0.1 -k $work/postgres" start >"$work/pg_ctl.log" 2>&1 || return 1
  psql -X -q "postgresql://postgres@127.0.0.1:$postgres_port/postgres" -c "create role commerce login createrole password 'commerce'" \
    -c "create database commerce owner commerce" || return 1
  run registry dotnet "$root/artifacts/bin/Commerce.Streaming.Cli/release/Commerce.Streaming.Cli.dll" broker \
    --dir "$work/registry" --no-kafka --registry-port "${registry##*:}"
  start_kafka east
  start_kafka west
  local region
  for region in east west; do
    run "redis-$region" redis-server --port "${redis[$region]}" --bind 127.0.0.1 --save "" --appendonly no
  done
}

# As the example's clusters: topics are made by who owns them, and what state was stays for a while.
start_kafka() {
  local keep
  keep=$(sed -n 's/.*config\/log.cleaner.min.compaction.lag.ms, value: \([0-9]*\).*/\1/p' "$root/k8s/two-regions/kustomization.yaml")
  "$kafka_home/bin/kafka-start" --dir "$work/$1/kafka" --port "${kafka[$1]##*:}" --set auto.create.topics.enable=false \
    --set "log.cleaner.min.compaction.lag.ms=$keep" >>"$work/kafka-$1.log" 2>&1
}

stop_kafka() { "$kafka_home/bin/kafka-stop" --dir "$work/$1/kafka" >>"$work/kafka-$1.log" 2>&1; }

# in_region REGION COMMAND...: with that region's servers.
in_region() {
  local region=$1
  shift
  COMMERCE_HOME=$work/$region/home COMMERCE_KAFKA_BOOTSTRAP=${kafka[$region]} COMMERCE_REDIS_URL=redis://127.0.0.1:${redis[$region]} \
    COMMERCE_SCHEMA_REGISTRY_URL=$registry COMMERCE_POSTGRES_URL=$database "$@"
}

provision() {
  Kafka__BootstrapServers=${kafka[$1]} SchemaRegistry__Url=$registry Provision__WaitSeconds=30 \
    dotnet "$root/artifacts/bin/Commerce.Streaming.Provision/release/Commerce.Streaming.Provision.dll"
}

# The settings in mirror.yaml: of the worker (`target`), of a connector (`sourceConnector`, `checkpointConnector`), as KEY=VALUE.
settings() {
  awk -v wanted="$1" '
    { indent = match($0, /[^ ]/) - 1; text = substr($0, indent + 1) }
    text ~ /^#/ || text == "" { next }
    reading && indent <= depth { reading = 0 }
    reading { key = text; sub(/: .*/, "", key); value = text; sub(/^[^:]*: /, "", value); gsub(/"/, "", value); print key "=" value }
    text ~ /^(target|sourceConnector|checkpointConnector):/ { section = text; sub(/:.*/, "", section) }
    text == "config:" && section == wanted { reading = 1; depth = indent }' "$mirror_yaml"
}

setting() { sed -n "s/^ *\(- \)\{0,1\}$1: *//p" "$mirror_yaml" | head -n 1; }

# mirror FROM TO: a worker beside the target with both connectors.
mirror() {
  local from=$1 to=$2 line options=() section class
  while IFS= read -r line; do options+=(--set "$line"); done < <(settings target)
  # What connect-start sets otherwise than Kafka Connect does.
  options=(--set exactly.once.source.support=disabled --set offset.flush.interval.ms=60000 "${options[@]}")
  "$kafka_home/bin/connect-start" --dir "$work/$to/connect" --port "${connect##*:}" --bootstrap "${kafka[$to]}" --group "mirror-$from-to-$to" \
    "${options[@]}" >"$work/connect.log" 2>&1 || return 1
  for section in sourceConnector checkpointConnector; do
    class=Mirror${section^}
    settings "$section" | jq -R -s --arg from "$from" --arg to "$to" --arg source "${kafka[$from]}" --arg target "${kafka[$to]}" \
      --arg topics "$(setting topicsPattern)" --arg groups "$(setting groupsPattern)" --arg tasks "$(setting tasksMax)" \
      --arg class "org.apache.kafka.connect.mirror.$class" '
      split("\n") | map(select(. != "") | capture("^(?<key>[^=]*)=(?<value>.*)$")) | from_entries + {
        "connector.class": $class, "tasks.max": (if $class | endswith("SourceConnector") then $tasks else "1" end),
        "source.cluster.alias": $from, "target.cluster.alias": $to,
        "source.cluster.bootstrap.servers": $source, "target.cluster.bootstrap.servers": $target, "topics": $topics, "groups": $groups
      }' >"$work/$section.json"
    curl -sf -X PUT -H 'Content-Type: application/json' --data "@$work/$section.json" "$connect/connectors/$from-to-$to-$section/config" >"$work/$section.answer" ||
      return 1
  done
}

mirror_runs() {
  local name
  for name in $(curl -sf "$connect/connectors" | jq -r '.[]'); do
    [[ $(curl -sf "$connect/connectors/$name/status" | jq -r '[.connector.state, .tasks[].state] | unique | join(" ")') == RUNNING ]] || return 1
  done
}

delete_mirror() {
  local name
  for name in $(curl -sf "$connect/connectors" | jq -r '.[]'); do curl -sf -X DELETE "$connect/connectors/$name"; done
  # The worker itself has nothing left to do, and takes its time.
  "$kafka_home/bin/connect-stop" --dir "$work/$1/connect" >>"$work/connect.log" 2>&1 &
}

# Committed records of every topic of the catalogue in a region: TOPIC COUNT.
count_records() {
  jq -r '.topics[].name' "$root/schemas/topics.json" | BOOTSTRAP=${kafka[$1]} xargs -P 4 -I {} bash -c \
    'echo "{} $(kcat -b "$BOOTSTRAP" -C -e -q -o beginning -X isolation.level=read_committed -t "{}" -f "x\n" 2>/dev/null | wc -l)"' | sort
}

# Records that a group of REGION has not read, beyond the marker of each partition.
lag() {
  "$kafka_home/bin/kafka-tool" consumer-groups --bootstrap-server "${kafka[$1]}" --all-groups --describe 2>/dev/null |
    awk '$1 ~ /^commerce\./ && $6 ~ /^[0-9]+$/ { known = 1; if ($6 > 1) sum += $6 } END { print known ? sum + 0 : "unknown" }'
}

# eventually SECONDS COMMAND...: until it succeeds.
eventually() {
  local until=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < until)) || return 1
    sleep 0.5
  done
}

no_lag() { [[ $(lag "$1") == 0 ]]; }

# api METHOD URL [JSON]: as the local copy's owner; prints the answer.
api() {
  curl -s -X "$1" -H "Authorization: Bearer $(jq -r .apiKey "$work/east/home/keys.json")" -H 'Content-Type: application/json' ${3:+--data "$3"} "$2"
}

# send EVENT...: events of the sample shop; exit code 0 when all were accepted.
send() {
  local IFS=,
  [[ $(curl -s -o "$work/sent" -w '%{http_code}' -u wk_sample_shop: -H 'Content-Type: application/json' --data "{\"batch\":[$*]}" "$ingest/v1/batch") == 200 ]]
}
