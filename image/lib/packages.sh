# shellcheck shell=bash
# Debian packages: which (apt's resolver, once, into the lock file), and where from (the cache, else the host's own mirror).

suite=trixie
lock=$image/packages.lock
debs=$cache/debs

# mirror_of main|security: the address that this host's own apt has for Debian, so no address stands in the repository.
mirror_of() {
  local override=APPLIANCE_IMAGE_MIRROR pattern='^[a-z]+$'
  [ "$1" = security ] && override=APPLIANCE_IMAGE_SECURITY_MIRROR pattern='^[a-z]+(-security|/updates)$'
  local address=${!override:-}
  # shellcheck disable=SC2016
  [ -n "$address" ] || address=$(apt-get indextargets --format '$(CREATED_BY) $(RELEASE) $(REPO_URI)' |
    awk -v pattern="$pattern" '$1 == "Packages" && $2 ~ pattern && !found { found = 1; print $3 }')
  [ -n "$address" ] || fail "This host's apt names no Debian mirror ($1); set $override to the address of one."
  printf '%s\n' "${address%/}"
}

# private_apt FOLDER: apt's state of its own for the target, so that the host's is neither used nor changed.
private_apt() {
  local state=$1 keys=/usr/share/keyrings/debian-archive-keyring.gpg main security
  main=$(mirror_of main) && security=$(mirror_of security) || exit 1
  [ -r "$keys" ] || fail "$keys is missing: install the Debian package debian-archive-keyring."
  mkdir -p "$state"/{lists/partial,archives/partial,etc/apt.conf.d,etc/preferences.d,etc/trusted.gpg.d}
  : >"$state/status"
  printf 'deb [signed-by=%s] %s %s main non-free-firmware\n' "$keys" "$main" "$suite" "$keys" "$security" "$suite-security" >"$state/sources.list"
  cat >"$state/apt.conf" <<END
APT::Architecture "arm64";
APT::Architectures { "arm64"; };
APT::Install-Recommends "false";
APT::Sandbox::User "";
APT::Get::Assume-Yes "true";
Acquire::Languages "none";
Acquire::Retries "3";
Dir::State "$state";
Dir::State::status "$state/status";
Dir::State::lists "$state/lists";
Dir::Cache "$state";
Dir::Cache::archives "$state/archives";
Dir::Etc "$state/etc";
Dir::Etc::sourcelist "$state/sources.list";
Dir::Etc::sourceparts "-";
Dir::Log "$state";
Debug::NoLocking "true";
END
}

# resolve FOLDER: lock lines of what is newest now: name, version, sha256, suite of the mirror, path in it.
resolve() {
  local state=$1 names main security
  private_apt "$state"
  quietly "$state/update.log" env APT_CONFIG="$state/apt.conf" apt-get update
  mapfile -t names < <(lines "$image/packages")
  env APT_CONFIG="$state/apt.conf" apt-get install --print-uris -qq "${names[@]}" >"$state/uris" 2>"$state/resolve.log" ||
    { cat "$state/resolve.log" >&2; fail "apt found no set of packages for $suite arm64."; }
  main=$(mirror_of main) && security=$(mirror_of security) || exit 1
  env APT_CONFIG="$state/apt.conf" apt-cache dumpavail >"$state/available"
  # apt escapes what may stand in a version.
  sed -e "s/'//g" -e 's/%2b/+/g; s/%7e/~/g; s/%3a/:/g; s/%25/%/g' "$state/uris" | awk -v main="$main/" -v security="$security/" '
    index($1, security) == 1 { print "security", substr($1, length(security) + 1); next }
    index($1, main) == 1 { print "main", substr($1, length(main) + 1) }' >"$state/paths"
  lines "$image/packages.skip" | awk '
    FILENAME == "-" { skip[$1]; next }
    FILENAME ~ /paths$/ { from[$2] = $1; next }
    $1 == "Package:" { name = $2 }
    $1 == "Version:" { version = $2 }
    $1 == "Filename:" { file = $2 }
    $1 == "SHA256:" { sum = $2 }
    /^$/ { if (file in from && !(name in skip)) print name, version, sum, from[file], file; file = "" }' \
    - "$state/paths" "$state/available" | sort -u
}

update_lock() {
  local state lines
  state=$(mktemp -d) || exit 1
  resolve "$state" >"$state/lock" || exit 1
  lines=$(wc -l <"$state/lock")
  [ "$lines" -gt 20 ] || fail "Only $lines packages were resolved; the lock file is left as it is."
  { echo "# Written by image/build --update-lock: name, version, sha256, mirror, path. Sorted."; cat "$state/lock"; } >"$lock"
  rm -rf "$state"
  say "$lock holds $lines packages."
}

# fetch LOCK MISSING: what the cache lacks is fetched; lines that the mirror no longer has go to MISSING.
fetch() {
  local name version sum from path file
  local -A address
  address[main]=$(mirror_of main) && address[security]=$(mirror_of security) || exit 1
  mkdir -p "$debs"
  : >"$2"
  while read -r name version sum from path; do
    file=$debs/$sum.deb
    [ -e "$file" ] && continue
    # By its path and not by the index: a pool keeps a package for a while after its index has a newer one.
    if /usr/lib/apt/apt-helper -o APT::Sandbox::User= -o Acquire::Retries=3 download-file "${address[$from]}/$path" "$file.$$" "SHA256:$sum" >"$work/fetch.log" 2>&1 &&
      [ "$(digest "$file.$$")" = "$sum" ]; then
      mv "$file.$$" "$file"
    else
      rm -f "$file.$$"
      echo "$name $version $sum $from $path" >>"$2"
      # Ten say enough, and a mirror that is away is not asked 140 times.
      [ "$(wc -l <"$2")" -lt 10 ] || break
    fi
  done < <(lines "$1")
}

# had LOCK: the packages of LOCK are in the cache, or it says by name which are not.
# Prints the lock file that is to be used: that one, or with --allow-newer what the mirror has now.
had() {
  local missing=$work/missing newer=$work/newer.lock name version rest now
  fetch "$1" "$missing"
  [ -s "$missing" ] || { printf '%s\n' "$1"; return; }
  (resolve "$work/apt") >"$newer" || : >"$newer"
  while read -r name version rest; do
    now=$(awk -v name="$name" '$1 == name { print $2 }' "$newer")
    say "Locked: $name $version, which the mirror has no more; it has ${now:-none}."
  done <"$missing"
  [ "$allow_newer" = yes ] || fail "Pick one: image/build --update-lock (and commit $lock), --allow-newer for a build that differs from the lock, or put the locked packages into $debs."
  [ -s "$newer" ] || fail "Nothing newer can be had either: the mirror's index could not be read."
  say "WARNING: --allow-newer: this image is NOT the locked one. Newer packages:"
  diff <(lines "$1" | cut -d' ' -f1,2) <(cut -d' ' -f1,2 "$newer") | grep '^[<>]' >&2
  fetch "$newer" "$missing"
  [ ! -s "$missing" ] || fail "The mirror has not what its own index names: $(cut -d' ' -f1,2 "$missing" | head -n 3 | tr '\n' ' ')"
  printf '%s\n' "$newer"
}
