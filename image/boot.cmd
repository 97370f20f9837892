# U-Boot script, one for all targets: chooses a slot by RAUC's variables, counts the try, and starts that slot's kernel.
# The variables stand in the partition `env`, as fw_setenv writes them (CRC, one copy), 4 KiB at its begin; a second copy 64 KiB further
# is for a write that a power cut tore. bootflow sets devtype and devnum.

if test "${board}" = rpi; then
  setenv scratch 0x07000000
  setenv kernel_addr_r 0x08000000
  setenv ramdisk_addr_r 0x10000000
else
  setenv scratch 0x47000000
  setenv kernel_addr_r 0x48000000
  setenv ramdisk_addr_r 0x50000000
fi
setenv BOOT_ORDER
setenv BOOT_A_LEFT
setenv BOOT_B_LEFT
${devtype} dev ${devnum}
part start ${devtype} ${devnum} env env_start
setexpr env_second ${env_start} + 0x80
${devtype} read ${scratch} ${env_start} 8
if env import -c ${scratch} 0x1000 BOOT_ORDER BOOT_A_LEFT BOOT_B_LEFT; then
  echo "appliance: slots from the first copy"
else
  ${devtype} read ${scratch} ${env_second} 8
  env import -c ${scratch} 0x1000 BOOT_ORDER BOOT_A_LEFT BOOT_B_LEFT
fi
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
mw.b ${scratch} 0 0x1000
env export -c -s 0x1000 ${scratch} BOOT_ORDER BOOT_A_LEFT BOOT_B_LEFT
${devtype} write ${scratch} ${env_start} 8
${devtype} write ${scratch} ${env_second} 8
if test -z "${slot}"; then
  reset
fi

echo "appliance: slot ${slot}, tries left A=${BOOT_A_LEFT} B=${BOOT_B_LEFT}"
part number ${devtype} ${devnum} boot-${slot_label} boot_part
if load ${devtype} ${devnum}:${boot_part} ${scratch} slot.env; then
  env import -t ${scratch} ${filesize} slot_arguments
fi
setenv bootargs "${slot_arguments} root=PARTLABEL=root-${slot_label} rauc.slot=${slot}"
if load ${devtype} ${devnum}:${boot_part} ${kernel_addr_r} vmlinuz; then
  if load ${devtype} ${devnum}:${boot_part} ${ramdisk_addr_r} initrd.img; then
    booti ${kernel_addr_r} ${ramdisk_addr_r}:${filesize} ${fdt_addr}
  fi
fi
echo "appliance: slot ${slot} has no kernel that starts"
reset
