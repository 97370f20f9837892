# shellcheck shell=bash
# The root file system: unpacked packages, the project's own files, and what the packages' scripts would have set up. No arm64 code runs.

# deb_of LOCK NAME: the file of the first package whose name begins so.
deb_of() {
  local sum
  sum=$(lines "$1" | awk -v name="$2" 'index($1, name) == 1 { print $3; exit }')
  [ -n "$sum" ] || fail "$1 names no package $2."
  printf '%s\n' "$debs/$sum.deb"
}

# kernel_release LOCK: as `uname -r` will say on the node.
kernel_release() { lines "$1" | awk '/^linux-image-[0-9]/ { sub("linux-image-", "", $1); print $1; exit }'; }

# unpack_root LOCK FOLDER: base-files first, whose links /bin -> usr/bin the others are unpacked through.
unpack_root() {
  local name version sum from path exclude=$work/root.exclude
  lines "$image/root.exclude" >"$exclude"
  mkdir -p "$2"
  while read -r name version sum from path; do
    dpkg-deb --fsys-tarfile "$debs/$sum.deb" |
      tar -x -C "$2" --no-same-owner --keep-directory-symlink --wildcards --exclude-from="$exclude" ||
      fail "$name $version could not be unpacked."
  done < <(lines "$1" | awk '$1 == "base-files"'; lines "$1" | awk '$1 != "base-files" && $1 != "busybox-static" && $1 !~ /^u-boot-/')
}

# add_overlay ROOT FOLDER: its files go over what is there; a link of the package's is not followed out of the root.
add_overlay() { tar -c -C "$2" . | tar -x -C "$1" --no-same-owner --keep-directory-symlink; }

# make_accounts ROOT: passwd and group from Debian's own masters and each package's sysusers file.
# Numbers come from image/accounts, since the data partition outlives the root: an account keeps its number for ever.
make_accounts() {
  local root=$1
  sed 's/:[^:]*:/:*:/' "$root/usr/share/base-passwd/passwd.master" >"$root/etc/passwd"
  cp "$root/usr/share/base-passwd/group.master" "$root/etc/group"
  cat "$root"/usr/lib/sysusers.d/*.conf |
    awk -f "$image/lib/accounts.awk" -v passwd="$root/etc/passwd" -v group="$root/etc/group" <(lines "$image/accounts") - ||
    fail "Give each account named above a number of its own (100 to 899) in image/accounts."
  awk -F: '{ print $1 ":*:::::::" }' "$root/etc/passwd" >"$root/etc/shadow"
  awk -F: '{ print $1 ":*::" }' "$root/etc/group" >"$root/etc/gshadow"
  chmod 600 "$root/etc/shadow" "$root/etc/gshadow"
}

# finalise ROOT TARGET VERSION: what maintainer scripts would do, natively.
finalise() {
  local root=$1 target=$2 version=$3 release
  release=$(ls "$root/usr/lib/modules")
  make_accounts "$root"
  cp -n "$root/usr/share/base-files/nsswitch.conf" "$root/etc/nsswitch.conf" 2>/dev/null || true
  (cd "$root/usr/share/ca-certificates" && find . -name '*.crt' | sort | xargs cat) >"$root/etc/ssl/certs/ca-certificates.crt"
  ln -sfn /usr/share/zoneinfo/UTC "$root/etc/localtime"
  ln -sfn ../proc/self/mounts "$root/etc/mtab"
  ln -sfn mawk "$root/usr/bin/awk"
  depmod -b "$root" "$release"
  printf 'IMAGE_ID=appliance\nIMAGE_VERSION=%s\n' "$version" >>"$root/usr/lib/os-release"
  mkdir -p "$root/usr/lib/appliance"
  printf '{"version":"%s","target":"%s","compatible":"appliance-%s"}\n' "$version" "$target" "$target" >"$root/usr/lib/appliance/image.json"
  install -m 644 "$signing_certificate" -D "$root/usr/share/appliance/update.crt"
  sed "s/@TARGET@/$target/" "$root/etc/rauc/system.conf.in" >"$root/etc/rauc/system.conf"
  rm "$root/etc/rauc/system.conf.in"
  quietly "$work/preset.log" systemctl --root="$root" preset-all
  # systemd takes this file's time for the earliest that a clock can show.
  : >"$root/usr/lib/clock-epoch"
  rm -rf "${root:?}"/var "${root:?}"/boot "${root:?}"/usr/share/base-passwd "${root:?}"/usr/share/base-files
  mkdir -p "$root"/{var,boot/config,proc,sys,dev,run,tmp}
  # Nothing on a node needs more than its own right.
  find "$root" -xdev -type f -perm /6000 -exec chmod ug-s {} +
}

# build_root LOCK TARGET VERSION PROGRAM ROOT [OVERLAY]
build_root() {
  local root=$5
  say "Unpacking $(lines "$1" | wc -l) packages"
  unpack_root "$1" "$root"
  add_overlay "$root" "$image/base"
  add_overlay "$root" "$image/rootfs"
  [ -z "${6:-}" ] || add_overlay "$root" "$6"
  mkdir -p "$root/usr/lib/appliance"
  cp -r "$4" "$root/usr/lib/appliance/app"
  ln -sfn ../lib/appliance/app/appliance "$root/usr/bin/appliance"
  finalise "$root" "$2" "$3"
  find "$root" -xdev -exec touch -h -d "@$epoch" {} +
}

# pack_root ROOT FILE: everything is root's, whoever builds.
pack_root() {
  say "Packing the root"
  quietly "$work/squashfs.log" env -u SOURCE_DATE_EPOCH mksquashfs "$1" "$2" -comp zstd -Xcompression-level "${APPLIANCE_IMAGE_LEVEL:-15}" -b 256K -all-root \
    -all-time "$epoch" -mkfs-time "$epoch" -no-exports -no-xattrs -noappend -no-progress
  local size limit=$((256 << 20))
  size=$(stat -c %s "$2")
  [ "$size" -le "$limit" ] || fail "The root takes $size bytes, its slot holds $limit."
}
