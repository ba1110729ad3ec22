#!/usr/bin/env bash
# Makes what `npm run bench:peers` measures: the inputs of ../shared/bench/README.md and the peers, all in the folder WAYBILL_BENCH_DIR
# (default: waybill-bench in the user's cache folder), by the ordinary clients alone. What is there already is kept; the facts that the README
# states of each input are checked every time. Needs root (the root file system keeps its owners), about 5 GB and ten minutes, more where the
# Go programs are not yet built.
set -euo pipefail
cd "$(dirname "$0")/.."
shared="$PWD/../shared/bench"
bench="${WAYBILL_BENCH_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/waybill-bench}"
inputs="$bench/inputs"
peers="$bench/peers"
say() { printf 'peers-bench: %s\n' "$*" >&2; }
fail() { say "$*"; exit 3; }

[ -d "$shared" ] || fail "the common inputs are not beside the checkout (../shared/bench)"
[ "$(id -u)" = 0 ] || fail "needs root: a root file system is unpacked with its owners"

missing=()
for pair in maven:mvn mmdebstrap:mmdebstrap umoci:umoci time:time openssl:openssl; do
  command -v "${pair#*:}" >/dev/null || missing+=("${pair%%:*}")
done
if [ ${#missing[@]} != 0 ]; then
  say "installing ${missing[*]} (apt-get)"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
fi
for command in go npm python3.11; do
  command -v $command >/dev/null || fail "$command is missing: go 1.26 or later, npm and python3.11 are not installed by this script"
done

# made NAME COMMAND: runs it once in a folder of its own, which takes its name only when all went well.
made() {
  local name="$1"
  [ -d "$inputs/$name" ] && return
  say "making $name"
  rm -rf "$inputs/.$name"
  mkdir -p "$inputs/.$name"
  (cd "$inputs/.$name" && "${@:2}" >&2)
  mv "$inputs/.$name" "$inputs/$name"
}
# is WHAT EXPECTED FOUND
is() { [ "$2" = "$3" ] || fail "$1: the README says $2, found $3; remove $inputs and make it again, or see what moved on"; }
files() { find "$1" -type f | wc -l; }

copied() { cp "$@" . && chmod u+w -- *; }
# npm completes the lock by the platform packages that it lacks (README), so that the lock is put back.
installed() {
  copied "$shared"/npm-lock/package*.json
  npm install --legacy-peer-deps --ignore-scripts --no-fund --no-audit --loglevel=error
  cp "$shared/npm-lock/package-lock.json" .
}
# A virtual environment names its own place, so that it is made where it stays.
environment() {
  python3.11 -m venv "$inputs/python"
  "$inputs/python/bin/python" -m pip install -q --no-deps --disable-pip-version-check -r "$shared/python/requirements.txt"
}
cosign() { GOBIN="$PWD" CGO_ENABLED=0 go install -trimpath github.com/sigstore/cosign/v3/cmd/cosign@v3.1.3; }
# The verbose tree tells every edge, those to packages that stand elsewhere in it too.
poms() { copied "$shared/maven/pom.xml" && mvn -q -B dependency:tree -Dverbose -DoutputFile=tree.txt; }
debian() {
  bash "$shared/rootfs/command.txt"
  mkdir rootfs
  tar -C rootfs --exclude='./dev/*' -xf rootfs.tar
  dpkg-query --admindir=rootfs/var/lib/dpkg -W -f '${Package}\t${Version}\t${Architecture}\n' >packages.txt
}
image() {
  umoci init --layout oci
  umoci new --image oci:bookworm
  umoci raw add-layer --image oci:bookworm "$inputs/debian/rootfs.tar"
}

made npm-lock copied "$shared"/npm-lock/package*.json
made npm-installed installed
made go-mod copied "$shared"/go/go.*
made go-binary cosign
made cargo cp -rT --no-preserve=mode "$shared/cargo" .
made maven poms
made debian debian
made image image
if [ ! -e "$inputs/python/.made" ]; then
  say "making python"
  rm -rf "$inputs/python"
  environment >&2
  touch "$inputs/python/.made"
fi

say "checking what the README says of them"
is "node_modules: files" 85574 "$(files "$inputs/npm-installed/node_modules")"
is "Python environment: distributions" 167 "$(find "$inputs"/python/lib/python3.11/site-packages -maxdepth 1 -name '*.dist-info' | wc -l)"
is "Go binary: modules" 252 "$(go version -m "$inputs/go-binary/cosign" | grep -cP '^\t(mod|dep)\t')"
is "Maven: packages" 102 "$(sed 1d "$inputs/maven/tree.txt" | grep -oP '[\w.-]+:[\w.-]+(?=:jar:)' | sort -u | wc -l)"
# Debian's stable updates move on; then what dpkg-query told of the made system is the truth of the run (README).
if cmp -s "$shared/rootfs/packages.txt" "$inputs/debian/packages.txt"; then
  is "root file system: files" 10862 "$(files "$inputs/debian/rootfs")"
else
  say "the root file system has moved on from ../shared/bench/rootfs/packages.txt: its own packages.txt is the truth"
fi
is "OCI layout: layers" 1 "$(umoci stat --image "$inputs/image/oci:bookworm" --json | grep -o '"digest":"sha256' | wc -l)"

mkdir -p "$peers/bin"
built() { # NAME PACKAGE@VERSION
  [ -x "$peers/bin/$1" ] && return
  say "building $2 (go install, some minutes)"
  GOBIN="$peers/bin" GOTOOLCHAIN=auto go install "$2"
}
built syft github.com/anchore/syft/cmd/syft@v1.54.1
built osv-scanner github.com/google/osv-scanner/v2/cmd/osv-scanner@v2.6.0
# trivy-cdxgen is a program in cdxgen's own optional package of plugins.
[ -x "$peers/node/node_modules/.bin/cdxgen" ] ||
  npm install --prefix "$peers/node" --no-fund --no-audit --loglevel=error @cyclonedx/cdxgen@12.8.4 @cyclonedx/cyclonedx-npm@6.0.1
if [ ! -x "$peers/python/bin/cyclonedx-py" ]; then
  python3.11 -m venv "$peers/python"
  "$peers/python/bin/python" -m pip install -q --disable-pip-version-check cyclonedx-bom==7.5.0
fi
say "ready in $bench: npm run build && WAYBILL_BENCH_DIR=$bench npm run bench:peers"
