# Sourced by the scripts of this folder: figures of a run, and sections of RESULTS.md.
# shellcheck shell=bash

fail() { echo "$1" >&2; exit "${2:-1}"; }

# need COMMAND=PACKAGE…: ends, and says which packages to install, where a command is missing.
need() {
  local pair missing=()
  for pair in "$@"; do
    command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}")
  done
  [ ${#missing[@]} -eq 0 ] || fail "Missing: apt-get install ${missing[*]}"
}

load() { cut -d' ' -f1-3 /proc/loadavg; }

machine() {
  echo "$(nproc) x $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(awk '/^MemTotal/ { printf "%.0f", $2 / 1048576 }' /proc/meminfo) GiB, Linux $(uname -r), .NET $(dotnet --version)"
}

# times COLUMN < FILE: median and all values of one column of `wall user system` in seconds; column 4 is user + system.
times() {
  awk -v column="$1" '{ print column == 4 ? $2 + $3 : $column }' | sort -n |
    awk '{ value[NR] = $1 } END { printf "%.3f", NR % 2 ? value[(NR + 1) / 2] : (value[NR / 2] + value[NR / 2 + 1]) / 2 }'
}

# row NAME PACKETS TIMES_FILE OWN_WALL OWN_CPU OWN_PACKETS MARK: a row of the side-by-side table. Ratios are rates of `analyze` over those of NAME.
row() {
  local wall cpu all
  wall=$(times 1 <"$3") cpu=$(times 4 <"$3")
  all=$(awk '{ printf "%s%.2f", (NR > 1 ? ", " : ""), $1 }' "$3")
  awk -v name="$1" -v packets="$2" -v wall="$wall" -v cpu="$cpu" -v all="$all" -v own_wall="$4" -v own_cpu="$5" -v own="$6" -v mark="$7" 'BEGIN {
    printf "| %s | %.0f | %s | %.2f | %.2f | %.2f | %s |\n", name, packets / wall, all, cpu, (own / own_wall) / (packets / wall), (own / own_cpu) / (packets / cpu), mark
  }'
}

# put_section FILE TITLE < CONTENT: replaces the section `## TITLE` of FILE where it stands, or adds it at the end.
put_section() {
  { printf '## %s\n\n' "$2"; cat; } >"$1.section"
  touch "$1"
  awk -v title="## $2" -v section="$1.section" '
    function trim(text) { sub(/^\n+/, "", text); sub(/\n+$/, "", text); return text }
    BEGIN { n = 0; while ((getline line < section) > 0) fresh = fresh line "\n" }
    /^## / { n++ }
    { part[n] = part[n] $0 "\n" }
    $0 == title { found = n }
    END {
      if (!found) found = ++n
      part[found] = fresh
      for (i = 0; i <= n; i++) if (trim(part[i]) != "") printf "%s%s\n", (printed++ ? "\n" : ""), trim(part[i])
    }' "$1" >"$1.new"
  mv "$1.new" "$1"
  rm -f "$1.section"
}
