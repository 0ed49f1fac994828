#!/usr/bin/env bash
# Ingests, cleans and reports on a folder of text as one job, twice, with one and with three workers, and compares the artifacts.
# Usage: docs/how-to/clean-corpus.sh DATA [HOME]   needs curl and jq; DATA is a folder with text in any format.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
data=$(cd "${1:?usage: clean-corpus.sh DATA [HOME]}" && pwd)
home=${2:-$(mktemp -d)}
port=${ATHANOR_PORT:-8080}

job() { # a job of three stages
  jq -n --arg path "$data" '{name: "corpus", seed: 1, stages: [
    {id: "ingest", type: "ingestion.documents", spec: {sources: [{type: "folder", name: "corpus", path: $path}]}},
    {id: "clean", type: "preprocessing.clean", inputs: {documents: "ingest"},
     spec: {profile: "books", identifyLanguage: true, nearDedup: true}},
    {id: "report", type: "preprocessing.report", inputs: {documents: "clean"}}]}'
}

run() { # run WORKERS: prints the ids of the artifacts that the job's stages made
  local folder=$home/workers-$1 key id status
  ATHANOR_WORKERS=$1 "$root/athanor" up --home "$folder" --port "$port" --data-root "$data" >&2
  key=$(cat "$folder/run/admin.key")
  ask() { curl -fsS -H "Authorization: Bearer $key" -H 'Content-Type: application/json' "$@"; }
  id=$(job | ask --data @- "http://127.0.0.1:$port/v1/jobs" | jq -r .id)
  while true; do
    status=$(ask "http://127.0.0.1:$port/v1/jobs/$id" | jq -r .status)
    echo "$(date +%T) $status" >&2
    case $status in
      succeeded) break ;;
      failed | cancelled) ask "http://127.0.0.1:$port/v1/jobs/$id" >&2; exit 1 ;;
    esac
    sleep 5
  done
  ask "http://127.0.0.1:$port/v1/jobs/$id/artifacts" | jq -c '[.data[] | {stage, artifact}]'
  "$root/athanor" down --home "$folder" >&2
}

one=$(run 1)
three=$(run 3)
echo "one worker:    $one"
echo "three workers: $three"
[ "$one" = "$three" ] || { echo "the artifacts differ" >&2; exit 1; }
echo "identical; everything is under $home"
