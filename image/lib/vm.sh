# shellcheck shell=bash
# One virtual machine: U-Boot from flash, the image's disk, a watchdog, and one port of the guest on this host's loopback.

vm_pid='' vm_port=''

free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 20000))
    (: >"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { printf '%s\n' "$port"; return; }
  done
}

# start_vm FIRMWARE DISK CONSOLE GUEST-PORT: sets vm_pid and vm_port. The disk itself is not written.
start_vm() {
  vm_port=$(free_port)
  : >"$3"
  qemu-system-aarch64 -M virt,gic-version=3 -cpu cortex-a72 -smp 2 -m 1024 -accel tcg,thread=multi -nodefaults -display none \
    -serial "file:$3" -bios "$1" -drive "if=none,id=disk,file=$2,format=raw,snapshot=on" -device virtio-blk-pci,drive=disk \
    -netdev "user,id=net,hostfwd=tcp:127.0.0.1:$vm_port-:$4" -device virtio-net-pci,netdev=net,romfile= -device i6300esb -device virtio-rng-pci \
    >>"$3.qemu" 2>&1 &
  vm_pid=$!
}

vm_lives() { kill -0 "$vm_pid" 2>/dev/null; }

stop_vm() {
  [ -z "$vm_pid" ] || { kill "$vm_pid" 2>/dev/null && wait "$vm_pid" 2>/dev/null; }
  vm_pid=
}

console_end() { tail -n 40 "$1" | tr -d '\r' | sed 's/\x1b\[[0-9;?]*[a-zA-Z]//g' >&2; cat "$1.qemu" >&2; }
