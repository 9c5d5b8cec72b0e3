#!/usr/bin/env bash
# Imports a made-up GeoNames dump of so many rows (10 million without a number), and says how long it took and
# how much memory: benches/import.sh [ROWS] [FOLDER]. Needs GNU time, awk, and about 5 GB in the folder.
set -euo pipefail
rows=${1:-10000000}
folder=${2:-$(mktemp -d)}
program=${SITMAP:-target/release/sitmap}
mkdir -p "$folder/dump"

# Names of two to four syllables, so that many places share one, as they do in the world; every row has some
# alternate names. The numbers are reproducible: nothing is drawn by chance.
awk -v rows="$rows" 'BEGIN {
  OFS = "\t"
  n = split("ba be bi bo bu da de di do du fa ga ge gi ha he hi ja ka ke ki ko ku la le li lo lu ma me mi mo mu na ne ni no nu ra re ri ro ru sa se si so su ta te ti to tu wa ya za zo kha sha cha", s, " ")
  c = split("SY IQ UA RU SD CD ML MM US CN IN BR FR MX ID", country, " ")
  k = split("PPL PPL PPL PPL PPL PPLX STM HLL MT HTL", code, " ")
  for (i = 1; i <= rows; i++) {
    x = (i * 2654435761) % 4294967296
    a = s[x % n + 1]; b = s[int(x / 64) % n + 1]; d = s[int(x / 4096) % n + 1]; e = s[int(x / 262144) % n + 1]
    name = toupper(substr(a, 1, 1)) substr(a, 2) b (x % 3 ? d : "") (x % 5 ? "" : e)
    f = code[i % k + 1]
    print 20000000 + i, name, name, "Al-" name "," name "ah," name "iyah", (x % 140000) / 1000 - 60, (x % 359000) / 1000 - 179, \
      substr(f, 1, 1), f, country[x % c + 1], "", "0" (x % 9 + 1), "", "", "", x % 7 ? 0 : x % 90000, "", 10, "Etc/UTC", "2026-01-01"
  }
}' > "$folder/dump/allCountries.txt"
ls -l "$folder/dump/allCountries.txt"
/usr/bin/time -f '%e s, %U s of them computing, %M kB at most in memory' \
  "$program" gazetteer import "$folder/dump" --output "$folder/image.sitgaz"
/usr/bin/time -f 'looked up in %e s, %M kB' \
  "$program" gazetteer lookup Bakhada --country SY --gazetteer "$folder/image.sitgaz" | head -3
rm -r "$folder/dump" "$folder/image.sitgaz"
