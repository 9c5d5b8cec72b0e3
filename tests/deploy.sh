#!/usr/bin/env bash
# What lies in deploy/: the units by systemd's own judgement, nginx's configuration by a real nginx before the real program,
# the script for backups, and what the Containerfile copies.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/need.sh
sitmap=${SITMAP:-}
if [ -z "$sitmap" ]; then
  # With the tests, as they are built already: without them the library has other features of crates, and is made anew.
  cargo build --locked --bins --tests
  sitmap="${CARGO_TARGET_DIR:-target}/debug/sitmap"
fi
sitmap=$(realpath "$sitmap")
work=$(mktemp -d)
started=()
trap '[ ${#started[@]} -eq 0 ] || kill "${started[@]}" 2>/dev/null || true; wait; rm -rf "$work"' EXIT
fail() {
  echo "error: $*" >&2
  exit 1
}

# The Containerfile: all that it copies is there, is let through, and suffices for cargo.
mkdir "$work/context"
grep '^COPY [^-]' deploy/Containerfile | while read -r _ paths; do
  for path in ${paths% *}; do
    [ -e "$path" ] || fail "deploy/Containerfile copies $path, which is not there"
    grep -qxE "!${path%%/*}|!$path" .dockerignore || fail ".dockerignore does not let $path through"
    [ ! -e "$work/context/$path" ] || continue
    mkdir -p "$work/context/$(dirname "$path")"
    ln -s "$PWD/$path" "$work/context/$path"
  done
done
cargo metadata --locked --offline --no-deps --format-version 1 --manifest-path "$work/context/Cargo.toml" |
  python3 -c 'import json, sys; [open(target["src_path"]) for target in json.load(sys.stdin)["packages"][0]["targets"]]' ||
  fail 'Cargo.toml names what deploy/Containerfile does not copy'
ldd "$sitmap" | awk '{ print $1 }' | grep -vE '^(linux-vdso|libgcc_s|libc|libm|/.*ld-linux.*)(\.so.*|$)' &&
  fail 'the image of deploy/Containerfile has no such libraries'

# The units.
connections=$("$sitmap" serve --help | grep -A4 -e '--connections' | grep -oP 'default: \K\d+')
files=$(grep -oP '^LimitNOFILE=\K\d+' deploy/sitmap.service)
[ "$files" -ge $((connections + 512)) ] || fail "LimitNOFILE=$files is too low for $connections connections"
if need systemd-analyze 'the units of systemd'; then
  mkdir "$work/units"
  for unit in deploy/*.service deploy/*.timer; do
    sed "s|/usr/local/bin/sitmap-backup|$PWD/deploy/sitmap-backup|; s|/usr/local/bin/sitmap|$sitmap|
      s|^User=sitmap|User=root|" "$unit" >"$work/units/$(basename "$unit")"
  done
  told=$(systemd-analyze verify --man=no "$work"/units/* 2>&1 | grep -E "^($work|sitmap)" || true)
  [ -z "$told" ] || fail "$told"
  mkdir -p "$work/root/etc"
  systemd-sysusers --root="$work/root" - <deploy/sitmap.sysusers
  grep -q '^sitmap:.*:/var/lib/sitmap:' "$work/root/etc/passwd" || fail 'no user sitmap'
  for unit in deploy/*.service; do
    systemd-analyze security --offline=true --threshold=20 --no-pager "$unit" >"$work/security" ||
      fail "$unit: $(tail -1 "$work/security")"
  done
fi

# Backups: the newest are kept, another store's are left alone.
"$sitmap" ingest --store "$work/store.gpkg" data/articles
mkdir "$work/bin" "$work/backups"
ln -s "$sitmap" "$work/bin/sitmap"
touch "$work"/backups/store-201{7,8,9}-10-17T000000Z.gpkg "$work/backups/store-old-2017-10-17T000000Z.gpkg"
PATH="$work/bin:$PATH" deploy/sitmap-backup "$work/store.gpkg" "$work/backups" 2
[ "$(cd "$work/backups" && echo store-2*)" = "$(cd "$work/backups" && echo store-2019-10-17T000000Z.gpkg store-20[2-9]*)" ] ||
  fail "kept: $(ls "$work/backups")"
[ -e "$work/backups/store-old-2017-10-17T000000Z.gpkg" ] || fail 'the backup of another store is gone'
"$sitmap" verify --store "$work"/backups/store-20[2-9]*.gpkg
! PATH="$work/bin:$PATH" deploy/sitmap-backup "$work/none.gpkg" "$work/backups" 0 2>/dev/null || fail 'a copy of nothing'
[ "$(ls "$work/backups" | wc -l)" = 3 ] || fail 'a copy that failed took others with it'

# A proxy.
what='nginx before the service'
PATH=$PATH:/usr/sbin
need nginx "$what" && need openssl "$what" && need curl "$what" || exit 0
read -r http https service < <(python3 - <<'PYTHON'
import socket
sockets = [socket.socket() for _ in range(3)]
for one in sockets:
    one.bind(("127.0.0.1", 0))
print(*(one.getsockname()[1] for one in sockets))
PYTHON
)
# wait_for FILE-OF-ITS-LOG COMMAND…: until the command succeeds.
wait_for() {
  for _ in $(seq 300); do
    "${@:2}" >/dev/null 2>&1 && return
    sleep 0.2
  done
  fail "not ready: $(tail -5 "$1")"
}
# As it is written, but for addresses and files.
sed "s|/var/lib/sitmap/|$work/|; s|:8080|:$service|; s|:9464|:0|" deploy/sitmap.toml >"$work/sitmap.toml"
SITMAP_POSTS_PER_MINUTE=6 RUST_LOG=info "$sitmap" serve --config "$work/sitmap.toml" --store "$work/store.gpkg" \
  >"$work/out" 2>"$work/log" &
started+=($!)
openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=sitmap.example.org -keyout "$work/privkey.pem" \
  -out "$work/fullchain.pem" 2>/dev/null
sed "s|/etc/letsencrypt/live/sitmap.example.org|$work|; s|listen 80;|listen 127.0.0.1:$http;|; /listen \[::\]/d
  s|listen 443 |listen 127.0.0.1:$https |; s|127.0.0.1:8080|127.0.0.1:$service|" deploy/nginx.conf >"$work/site.conf"
cat >"$work/nginx.conf" <<END
daemon off;
pid $work/nginx.pid;
error_log stderr;
events {}
http {
    access_log off;
    client_body_temp_path $work/t1; proxy_temp_path $work/t2; fastcgi_temp_path $work/t3; uwsgi_temp_path $work/t4; scgi_temp_path $work/t5;
    include $work/site.conf;
}
END
nginx -t -q -c "$work/nginx.conf" -e stderr
nginx -c "$work/nginx.conf" -e stderr 2>"$work/nginx.log" &
started+=($!)
# ask PATH OPTION…: status, and the head in $work/head, the body in $work/body.
ask() {
  curl -sk --resolve "sitmap.example.org:$https:127.0.0.1" -D "$work/head" -o "$work/body" -w '%{http_code}\n' "${@:2}" \
    "https://sitmap.example.org:$https$1"
}
# expect WHAT STATUS PATH OPTION…
expect() {
  local status
  status=$(ask "${@:3}")
  [ "$status" = "$2" ] || fail "$1: $status; $(cat "$work/head" "$work/body" "$work/nginx.log")"
}
wait_for "$work/log" curl -fs "http://127.0.0.1:$service/ready"
wait_for "$work/nginx.log" curl -fsk "https://127.0.0.1:$https/ready"

items='/collections/events/items?limit=50'
expect 'a page' 200 "$items"
grep -q '"https://sitmap.example.org/collections' "$work/body" || fail 'links do not lead to the proxy'
expect 'a page, packed' 200 "$items" -H 'Accept-Encoding: gzip'
gzip -t "$work/body" || fail 'the packing was lost'
tag=$(grep -ioP '^etag: \K[^\r]*' "$work/head")
[ "${tag#W/}" = "$tag" ] || fail "$tag is a weak tag"
id=$(grep -ioP '^x-request-id: \K[^\r]*' "$work/head")
grep -q "\"id\":\"$id\"" "$work/log" || fail "$id is not in the log"
expect 'what the client has' 304 "$items" -H 'Accept-Encoding: gzip' -H "If-None-Match: $tag"
expect 'a long filter' 414 "/collections/events/items?filter=$(printf 'a%.0s' $(seq 17000))"

# The client's address is counted, whatever it says, and not the proxy's.
article=(-H 'Content-Type: application/json' -d '{"text": "On Wednesday government forces entered Kobani.", "published": "2019-10-17"}')
expect 'an article' 200 /extract "${article[@]}"
expect 'too many' 429 /extract "${article[@]}"
expect 'too many, with a word for it' 429 /extract "${article[@]}" -H 'X-Forwarded-For: 192.0.2.1'
expect 'from another address' 200 /extract "${article[@]}" --interface 127.0.0.2

# The stream comes at once: its first words, before anything else happens.
ask /stream --max-time 2 >/dev/null || true
grep -qi '^content-type: text/event-stream' "$work/head" || fail "no stream: $(cat "$work/head")"
moved=$(curl -s -o "$work/body" -w '%{redirect_url}' -H 'Host: sitmap.example.org' "http://127.0.0.1:$http/a?b=c")
[ "$moved" = 'https://sitmap.example.org/a?b=c' ] || fail "http leads to $moved"
