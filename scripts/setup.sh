#!/usr/bin/env bash
# Sets up a fresh machine: what is missing is installed by the system's package manager, then the project's packages by npm.
#   scripts/setup.sh            what the main job needs
#   scripts/setup.sh test       and what the tests need (Chromium is not among it)
#   scripts/setup.sh peers      and the real peers that test:peers runs against
set -euo pipefail
cd "$(dirname "$0")/.."
say() { printf 'setup: %s\n' "$*" >&2; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else say "needs root for: $*"; say "run that as root, then this again"; exit 3; fi
}

debian() { # PACKAGE COMMAND
  command -v "$2" >/dev/null && return 0
  if ! command -v apt-get >/dev/null; then
    say "$2 is missing and there is no apt-get here: install $1 by your system's package manager, then run this again"
    exit 3
  fi
  say "installing $1 (apt-get)"
  if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$1" >/dev/null 2>&1; then
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$1" >/dev/null
  fi
}

case "$(uname -s)" in
  Linux) debian bubblewrap bwrap; debian git git ;;
  Darwin) say "macOS has no bubblewrap: builds run with --no-sandbox, recorded as such" ;;
esac
command -v npm >/dev/null || { say "npm is missing: install Node.js 18 or later (Debian: apt-get install npm)"; exit 3; }
if [ ! -e node_modules/.waybill-setup ] || [ package-lock.json -nt node_modules/.waybill-setup ]; then
  say "installing the project's packages (npm ci)"
  npm ci --no-fund --no-audit --loglevel=error
  touch node_modules/.waybill-setup
fi

if [ "${1:-}" = peers ]; then
  # Programs of peers lie where go puts what it builds, or in WAYBILL_PEERS_BIN.
  bin="${WAYBILL_PEERS_BIN:-}"
  if [ -z "$bin" ]; then
    command -v go >/dev/null || { say "go is missing: the peers are built with it (Go 1.26 or later)"; exit 3; }
    bin="$(go env GOPATH)/bin"
  fi
  if [ ! -x "$bin/cosign" ]; then
    command -v go >/dev/null || { say "go is missing: the peers are built with it (Go 1.26 or later)"; exit 3; }
    say "building cosign 3.1.3 (go install, about three minutes)"
    GOBIN="$bin" go install github.com/sigstore/cosign/v3/cmd/cosign@v3.1.3
  fi
  debian default-jre-headless java
  if [ ! -e "$bin/spdx-tools.jar" ]; then
    debian maven mvn
    say "fetching SPDX's own tools 2.0.1 with their schema (mvn, 60 MB)"
    fetched="$(mktemp -d)"
    mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
      -Dartifact=org.spdx:tools-java:2.0.1:jar:jar-with-dependencies -DoutputDirectory="$fetched" >&2
    mkdir -p "$bin"
    # Moved beside its place first, so that an interrupted set-up leaves no half jar under the name.
    mv "$fetched"/tools-java-2.0.1-jar-with-dependencies.jar "$bin/.spdx-tools.jar"
    mv "$bin/.spdx-tools.jar" "$bin/spdx-tools.jar"
    rmdir "$fetched"
  fi
fi
