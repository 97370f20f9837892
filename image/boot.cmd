# U-Boot script, one for all targets: chooses a slot by RAUC's variables, counts the try, and starts that slot's kernel.
# The variables stand twice in the partition `env`, 4 KiB at its begin and 64 KiB further, in U-Boot's format for two copies: CRC (4 bytes), a number that
# counts writes (1 byte), variables. Each write goes over the older copy, here and by fw_setenv, so a write that a power cut tears loses only itself.
# Debian's builds of U-Boot know the format of one copy alone (no number), so a copy is moved together in memory before it is read and apart after it is
# written. bootflow sets devtype and devnum.

if test "${board}" = rpi; then
  setenv copy_first 0x07000000
  setenv kernel_addr_r 0x08000000
  setenv ramdisk_addr_r 0x10000000
else
  setenv copy_first 0x47000000
  setenv kernel_addr_r 0x48000000
  setenv ramdisk_addr_r 0x50000000
fi
setexpr copy_second ${copy_first} + 0x1000
setexpr plain ${copy_first} + 0x2000
setexpr plain_text ${plain} + 4
setenv BOOT_ORDER
setenv BOOT_A_LEFT
setenv BOOT_B_LEFT
${devtype} dev ${devnum}
part start ${devtype} ${devnum} env env_first
setexpr env_second ${env_first} + 0x80

setenv current none
for copy in first second; do
  if test "${copy}" = first; then
    setenv at ${copy_first}
    setenv block ${env_first}
  else
    setenv at ${copy_second}
    setenv block ${env_second}
  fi
  mw.b ${at} 0 0x1000
  ${devtype} read ${at} ${block} 8
  setexpr at_number ${at} + 4
  setexpr at_text ${at} + 5
  setexpr.b number *${at_number}
  # The second one counts where it is newer; after ff comes 0.
  setenv newer yes
  if test "${current}" = first; then
    setenv newer no
    if itest ${number} -gt ${count}; then setenv newer yes; fi
    if itest ${number} == ff && itest ${count} == 0; then setenv newer no; fi
    if itest ${number} == 0 && itest ${count} == ff; then setenv newer yes; fi
  fi
  if test "${newer}" = yes; then
    cp.b ${at} ${plain} 4
    cp.b ${at_text} ${plain_text} 0xffb
    if env import -c ${plain} 0xfff BOOT_ORDER BOOT_A_LEFT BOOT_B_LEFT; then
      setenv current ${copy}
      setenv count ${number}
    else
      echo "appliance: the ${copy} copy of the variables is broken"
    fi
  fi
done
test -n "${BOOT_ORDER}" || setenv BOOT_ORDER "A B"
test -n "${BOOT_A_LEFT}" || setenv BOOT_A_LEFT 2
test -n "${BOOT_B_LEFT}" || setenv BOOT_B_LEFT 2

setenv slot
for name in ${BOOT_ORDER}; do
  if test -n "${slot}"; then
    true
  elif test "${name}" = A; then
    if itest ${BOOT_A_LEFT} -gt 0; then
      setexpr BOOT_A_LEFT ${BOOT_A_LEFT} - 1
      setenv slot A
      setenv slot_label a
    fi
  elif test "${name}" = B; then
    if itest ${BOOT_B_LEFT} -gt 0; then
      setexpr BOOT_B_LEFT ${BOOT_B_LEFT} - 1
      setenv slot B
      setenv slot_label b
    fi
  fi
done

# No tries left anywhere: all get them back, since a node that tries on can still be helped and one that stands cannot.
if test -z "${slot}"; then
  echo "appliance: no slot has tries left; all are given theirs again"
  setenv BOOT_A_LEFT 2
  setenv BOOT_B_LEFT 2
fi
setenv at ${copy_first}
setenv block ${env_first}
setenv number 0
if test "${current}" = first; then
  setenv at ${copy_second}
  setenv block ${env_second}
fi
if test "${current}" != none; then
  setexpr number ${count} + 1
  setexpr number ${number} \& ff
fi
setexpr at_number ${at} + 4
setexpr at_text ${at} + 5
env export -c -s 0xfff ${plain} BOOT_ORDER BOOT_A_LEFT BOOT_B_LEFT
cp.b ${plain} ${at} 4
mw.b ${at_number} ${number} 1
cp.b ${plain_text} ${at_text} 0xffb
${devtype} write ${at} ${block} 8
if test -z "${slot}"; then
  reset
fi

echo "appliance: slot ${slot}, tries left A=${BOOT_A_LEFT} B=${BOOT_B_LEFT}"
part number ${devtype} ${devnum} boot-${slot_label} boot_part
if load ${devtype} ${devnum}:${boot_part} ${plain} slot.env; then
  env import -t ${plain} ${filesize} slot_arguments
fi
setenv bootargs "${slot_arguments} root=PARTLABEL=root-${slot_label} rauc.slot=${slot}"
if load ${devtype} ${devnum}:${boot_part} ${kernel_addr_r} vmlinuz; then
  if load ${devtype} ${devnum}:${boot_part} ${ramdisk_addr_r} initrd.img; then
    booti ${kernel_addr_r} ${ramdisk_addr_r}:${filesize} ${fdt_addr}
  fi
fi
echo "appliance: slot ${slot} has no kernel that starts"
reset
