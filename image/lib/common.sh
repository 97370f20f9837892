# shellcheck shell=bash
# Words, failures and folders that every part of the build uses.

export LC_ALL=C TZ=UTC
umask 022

cache=${XDG_CACHE_HOME:-$HOME/.cache}/appliance-image

say() { printf '%s\n' "$*" >&2; }

fail() { say "$*"; exit 1; }

# require COMMAND=PACKAGE…: fails and names every package that is missing, all at once.
require() {
  local pair missing=()
  PATH=$PATH:/usr/sbin:/sbin
  for pair in "$@"; do
    command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}")
  done
  [ ${#missing[@]} -eq 0 ] || fail "Tools are missing: install the Debian packages ${missing[*]} and try again."
}

# quietly LOG COMMAND…: runs it, and shows the end of what it said only when it fails.
quietly() {
  local log=$1
  shift
  "$@" >"$log" 2>&1 || { tail -n 30 "$log" >&2; fail "$1 failed; all of its words are above or in $log."; }
}

# lines FILE…: without remarks and empty lines.
lines() { sed -e 's/[[:space:]]*#.*//' -e '/^[[:space:]]*$/d' "$@"; }

digest() { sha256sum "$1" | cut -d' ' -f1; }
