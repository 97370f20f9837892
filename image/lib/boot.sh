# shellcheck shell=bash
# What starts a slot: first stage, boot script, and the FAT file systems they lie in.

# make_initrd LOCK ROOT FILE: busybox, the modules that find the disk, and one script.
make_initrd() {
  local tree=$work/initrd.d release module path
  release=$(kernel_release "$1")
  mkdir -p "$tree"/{bin,dev,proc,sys,root,lib/modules}
  dpkg-deb --fsys-tarfile "$(deb_of "$1" busybox-static)" | tar -xO ./usr/bin/busybox >"$tree/bin/busybox"
  install -m 755 "$image/initrd/init" "$tree/init"
  chmod 755 "$tree/bin/busybox"
  for path in sh mount umount sed grep find insmod mkdir mv rm sleep sync reboot switch_root; do
    ln -s busybox "$tree/bin/$path"
  done
  while read -r module; do
    modprobe -d "$2" -S "$release" --show-depends "$module" || fail "Kernel $release has no module $module."
  done < <(lines "$image/initrd/modules") | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' >"$work/modules"
  while read -r path; do
    module=$(basename "${path%.xz}")
    # The archive is packed as a whole; packed twice it would be larger.
    xz -dc "$path" >"$tree/lib/modules/$module"
    echo "$module"
  done <"$work/modules" >"$tree/lib/modules/order"
  find "$tree" -exec touch -h -d "@$epoch" {} +
  (cd "$tree" && find . -print0 | sort -z | cpio --null -o -H newc -R 0:0 --reproducible --quiet) | zstd -q -19 -o "$3"
}

make_boot_script() { quietly "$work/mkimage.log" env SOURCE_DATE_EPOCH="$epoch" mkimage -A arm64 -T script -C none -n appliance -d "$image/boot.cmd" "$1"; }

# make_fat FILE MIB VOLUME-ID LABEL
make_fat() {
  truncate -s "$2M" "$1"
  quietly "$work/fat.log" mkfs.vfat --invariant -F 32 -s 1 -i "$3" -n "$4" "$1"
}

# fill_fat FILE FOLDER: its files in sorted order, so that they get the same clusters each time.
fill_fat() {
  local path
  find "$2" -exec touch -h -d "@$epoch" {} +
  (
    cd "$2" || exit 1
    find . -mindepth 1 -type d | sort | while read -r path; do mmd -i "$1" "::${path#.}" || exit 1; done
    find . -type f | sort | while read -r path; do mcopy -m -i "$1" "$path" "::${path#.}" || exit 1; done
  ) || fail "$1 has no room for $2."
}

# make_boot LOCK TARGET ROOT FILE: kernel and first stage of a slot; the same file goes into boot-a and into the update.
make_boot() {
  local tree=$work/boot.d
  mkdir -p "$tree"
  dpkg-deb --fsys-tarfile "$(deb_of "$1" linux-image-6)" | tar -xO "./boot/vmlinuz-$(kernel_release "$1")" >"$tree/vmlinuz"
  make_initrd "$1" "$3" "$tree/initrd.img"
  cp "$image/targets/$2/slot.env" "$tree/slot.env"
  make_fat "$4" 64 0A0B0C02 BOOT
  fill_fat "$4" "$tree"
}

# make_bootconfig LOCK TARGET FILE: the boot script, an empty node file, and what the board's firmware reads.
make_bootconfig() {
  local tree=$work/bootconfig.d
  mkdir -p "$tree"
  make_boot_script "$tree/boot.scr"
  "files_of_$2" "$1" "$tree"
  make_fat "$3" 64 0A0B0C01 BOOTCONFIG
  # First, so that its clusters follow one another: it is replaced in place in an image that nobody mounts.
  head -c 65536 /dev/zero | tr '\0' ' ' >"$work/NODE.JSN"
  touch -d "@$epoch" "$work/NODE.JSN"
  mcopy -m -i "$3" "$work/NODE.JSN" ::/NODE.JSN
  fill_fat "$3" "$tree"
}

files_of_virt() { :; }

# files_of_cm4 LOCK FOLDER
files_of_cm4() {
  local file
  dpkg-deb --fsys-tarfile "$(deb_of "$1" raspi-firmware)" | tar -x -C "$2" --strip-components=4 ./usr/lib/raspi-firmware/{start4,start4cd}.elf ./usr/lib/raspi-firmware/fixup4{,cd}.dat
  dpkg-deb --fsys-tarfile "$(deb_of "$1" u-boot-rpi)" | tar -xO ./usr/lib/u-boot/rpi_arm64/u-boot.bin >"$2/u-boot.bin"
  dpkg-deb --fsys-tarfile "$(deb_of "$1" linux-image-6)" |
    tar -xO "./usr/lib/linux-image-$(kernel_release "$1")/broadcom/bcm2711-rpi-cm4-io.dtb" >"$2/bcm2711-rpi-cm4.dtb"
  cp "$image/targets/cm4/config.txt" "$2/config.txt"
  for file in start4.elf fixup4.dat u-boot.bin bcm2711-rpi-cm4.dtb; do
    [ -s "$2/$file" ] || fail "$file is missing from Debian's packages."
  done
}
