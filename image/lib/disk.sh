# shellcheck shell=bash
# The disk: GPT with fixed names and numbers, each part copied to its place. No loop device, no mount.

mib=$((1 << 20))

# Sizes in MiB. Types: bootconfig is one that boards and workstations show, data is the one that grows.
layout='bootconfig 64 EBD0A0A2-B9E5-4433-87C0-68B6B72699C7 01
env 1 0FC63DAF-8483-4772-8E79-3D69D8477DE4 02
boot-a 64 EBD0A0A2-B9E5-4433-87C0-68B6B72699C7 03
boot-b 64 EBD0A0A2-B9E5-4433-87C0-68B6B72699C7 04
root-a 256 0FC63DAF-8483-4772-8E79-3D69D8477DE4 05
root-b 256 0FC63DAF-8483-4772-8E79-3D69D8477DE4 06
data 256 4D21B016-B534-45C2-A9FB-5C16E091FD2D 07'

# make_table FILE: an empty disk with its partition table. bootconfig alone is marked bootable, so U-Boot looks nowhere else.
make_table() {
  local label size type number start=4 attributes
  {
    echo "label: gpt"
    echo "label-id: 61707069-6761-4e63-8501-000000000000"
    while read -r label size type number; do
      attributes=
      [ "$label" = bootconfig ] && attributes=', attrs="LegacyBIOSBootable"'
      echo "start=$((start * 2048)), size=$((size * 2048)), type=$type, uuid=61707069-6761-4E63-8501-0000000000$number, name=\"$label\"$attributes"
      start=$((start + size))
    done <<<"$layout"
  } >"$work/table"
  start=$(awk '{ sum += $2 } END { print sum }' <<<"$layout")
  truncate -s "$((start + 5))M" "$1"
  quietly "$work/sfdisk.log" sfdisk --no-reread --no-tell-kernel "$1" <"$work/table"
}

# put FILE DISK LABEL: into its partition, holes left out.
put() {
  local label size type number start=4
  while read -r label size type number; do
    if [ "$label" = "$3" ]; then
      [ "$(stat -c %s "$1")" -le $((size * mib)) ] || fail "$1 is larger than partition $3 ($size MiB)."
      dd if="$1" of="$2" bs=1M seek="$start" conv=notrunc,sparse status=none
      return
    fi
    start=$((start + size))
  done <<<"$layout"
  fail "The layout has no partition $3."
}

# make_environment FILE: slot A first, two tries each; twice, 64 KiB apart, as boot.cmd and fw_env.config have it.
make_environment() {
  quietly "$work/mkenvimage.log" mkenvimage -r -s 4096 -p 0 -o "$1" - <<<"BOOT_ORDER=A B
BOOT_A_LEFT=2
BOOT_B_LEFT=2"
  dd if="$1" of="$1" bs=64K seek=1 count=1 conv=notrunc status=none
}

# make_data FILE: empty; systemd makes what belongs there.
make_data() {
  truncate -s 256M "$1"
  E2FSPROGS_FAKE_TIME=$epoch quietly "$work/data.log" mke2fs -q -t ext4 -F -L data -U 61707069-6761-4e63-8501-0000000000d0 \
    -E "hash_seed=61707069-6761-4e63-8501-0000000000d1,root_owner=0:0,lazy_itable_init=1,lazy_journal_init=1,nodiscard" \
    -m 1 -O metadata_csum,64bit,^orphan_file "$1"
}

# make_disk BOOTCONFIG BOOT ROOT FILE: slot B stays empty.
make_disk() {
  make_table "$4"
  make_environment "$work/env"
  make_data "$work/data.ext4"
  put "$1" "$4" bootconfig
  put "$work/env" "$4" env
  put "$2" "$4" boot-a
  put "$3" "$4" root-a
  put "$work/data.ext4" "$4" data
}
