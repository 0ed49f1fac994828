#!/usr/bin/env bash
# Lays out a folder for `./athanor demo --data DIR` from a tar.zst of text files and the SST-2 files
# (sst2.train.tsv, sst2.dev.tsv, sst2.test.tsv: sentence TAB label, no header; 0 negative, 1 positive).
#   lay-out-novels-sst2.sh NOVELS.tar.zst SST-FOLDER DIR
set -euo pipefail
[ $# -eq 3 ] || { sed -n '2,4s/^# *//p' "$0"; exit 2; }
novels=$1 sst=$2 target=$3
mkdir -p "$target/corpus" "$target/sentiment"
zstd -dc "$novels" | tar -xf - -C "$target/corpus"
for part in train dev test; do
  awk -F'\t' 'BEGIN { OFS = "\t"; print "text", "label" } { print $1, ($2 == "1" ? "positive" : "negative") }' \
    "$sst/sst2.$part.tsv" >"$target/sentiment/$part.tsv"
done
echo "laid out in $target: $(find "$target/corpus" -type f | wc -l) texts, $(cat "$target"/sentiment/*.tsv | wc -l) labelled lines"
