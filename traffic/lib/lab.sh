# shellcheck shell=bash
# The lab: a router with three bridges, and one namespace a host. README.md has the picture.

# Real vendor prefixes with the locally-administered bit set: they look like devices and belong to nobody.
# Columns: host, network, last octet, MAC, stack (see shape_stack).
HOSTS='
cam      iot  21  02:40:8c:5a:10:21  linux
thermo   iot  22  1a:b4:30:5a:10:22  linux
sensor   iot  23  26:0a:c4:5a:10:23  lwip
door     iot  24  26:0a:c4:5a:10:24  lwip
hub      iot  25  02:17:88:5a:10:25  linux
speaker  iot  26  02:0e:58:5a:10:26  linux
plug     iot  27  52:c7:bf:5a:10:27  lwip
bulb     iot  28  86:18:26:5a:10:28  old
pi       iot  29  ba:27:eb:5a:10:29  linux
nas      lan  10  02:11:32:5a:20:10  linux
ops      lan  30  ae:de:48:5a:20:30  linux
cloud    wan  2   02:1b:21:5a:30:02  linux
out      wan  66  02:1b:21:5a:30:66  linux
'
declare -A IP MAC NETWORK STACK
declare -A PREFIX=([iot]=192.168.77 [lan]=192.168.78 [wan]=203.0.113)
ROUTER_MAC=02:00:5e:00:53:01

while read -r host network octet mac stack; do
    [[ -n $host ]] || continue
    NETWORK[$host]=$network IP[$host]=${PREFIX[$network]}.$octet MAC[$host]=$mac STACK[$host]=$stack
done <<<"$HOSTS"

# in_ns HOST COMMAND…: waits for it. spawn HOST COMMAND…: leaves it running, its process id in $!.
# Waiting is done by `wait`, which a signal ends at once; a command in the foreground would hold the trap up.
in_ns() {
    ip netns exec "rec-$1" unshare --uts "$TRAFFIC/lib/enter" "$@" <&0 9<&- &
    wait $!
}

pause() {
    sleep "$1" 9<&- &
    wait $!
}

spawn() {
    (exec ip netns exec "rec-$1" unshare --uts "$TRAFFIC/lib/enter" "$@" 9<&-) &
    disown $!
}

# Waits up to 10 s for a condition that a service brings about.
wait_for() {
    local what=$1 _
    shift
    for _ in {1..100}; do
        ! "$@" >/dev/null 2>&1 || return 0
        sleep 0.1
    done
    die "$what did not come up within 10 s; its log is among $(ls "$WORK/log")"
}

add_namespace() {
    ip netns add "rec-$1"
    mkdir -p "$WORK/etc/$1"
    ip -n "rec-$1" link set lo up
    ip netns exec "rec-$1" sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 \
        net.ipv4.ping_group_range='0 2147483647'
}

# Checksums and segments are made by the sender, as on a wire: offloaded, a capture shows neither as they are.
plain_wire() {
    ip netns exec "rec-$1" ethtool -K "$2" tx off rx off sg off tso off gso off gro off >/dev/null
}

add_bridge() {
    local network=$1 mac=$2
    ip -n rec-router link add "br-$network" address "$mac" type bridge forward_delay 0 mcast_snooping 0
    ip -n rec-router addr add "${PREFIX[$network]}.1/24" dev "br-$network"
    ip -n rec-router link set "br-$network" up
    plain_wire router "br-$network"
}

# Three ways of an IP stack to look on the wire; devices that differ must not differ by address alone.
shape_stack() {
    case ${STACK[$1]} in
        linux) ;;
        lwip) ip netns exec "rec-$1" sysctl -qw net.ipv4.ip_default_ttl=255 net.ipv4.tcp_timestamps=0 \
            net.ipv4.tcp_sack=0 net.ipv4.tcp_window_scaling=0 net.ipv4.tcp_rmem='4096 5840 5840' ;;
        old) ip netns exec "rec-$1" sysctl -qw net.ipv4.tcp_timestamps=0 net.ipv4.tcp_rmem='4096 16384 16384' ;;
    esac
}

add_host() {
    local host=$1 network=${NETWORK[$1]}
    add_namespace "$host"
    ip -n rec-router link add "to-$host" type veth peer name eth0 netns "rec-$host" address "${MAC[$host]}"
    ip -n rec-router link set "to-$host" master "br-$network" up
    plain_wire router "to-$host"
    plain_wire "$host" eth0
    shape_stack "$host"
    ip -n "rec-$host" link set eth0 up
    [[ $network != iot ]] || return 0
    ip -n "rec-$host" addr add "${IP[$host]}/24" dev eth0
    ip -n "rec-$host" route add default via "${PREFIX[$network]}.1"
    echo "nameserver ${PREFIX[$network]}.1" >"$WORK/etc/$host/resolv.conf"
}

build_lab() {
    local host
    mkdir -p "$WORK/log"
    add_namespace router
    add_bridge iot "$ROUTER_MAC"
    add_bridge lan 02:00:5e:00:53:02
    add_bridge wan 02:00:5e:00:53:03
    ip netns exec rec-router sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.send_redirects=0
    for host in "${!IP[@]}"; do
        add_host "$host"
    done
    ip -n rec-router route add default via "${IP[cloud]}"
    # The Internet: everything ends at the cloud host, which drops what is not its own. Of the worm's
    # hunting ground (TEST-NET-2) a quarter is alive and refuses, the rest is silent.
    for host in 10 11 12 13 14 15 20 53; do
        ip -n rec-cloud addr add "${PREFIX[wan]}.$host/24" dev eth0
    done
    ip -n rec-cloud route add local 198.51.100.0/26 dev lo
}

# A device's whole life is the script devices/NAME.sh inside its namespace.
start_devices() {
    local host
    for host in "$@"; do
        [[ ${NETWORK[$host]} != iot ]] || echo "nameserver ${PREFIX[iot]}.1" >"$WORK/etc/$host/resolv.conf"
        spawn "$host" bash "$TRAFFIC/devices/$host.sh" >>"$WORK/log/life-$host" 2>&1
        sleep "${STAGGER:-0.2}"
    done
}

online() {
    ip -n "rec-$1" -4 -o addr show dev eth0 | grep -q "${IP[$1]}/"
}

# Devices that are up before the capture begins.
background() {
    local host
    start_devices "$@"
    for host in "$@"; do
        wait_for "$host" online "$host"
    done
    sleep 2
}

# end_processes NAMESPACE…: only processes inside namespaces of this script are ended; nothing else can be in them.
end_processes() {
    local namespace signal pids
    for signal in TERM KILL; do
        pids=$(for namespace in "$@"; do ip netns pids "$namespace" 2>/dev/null || true; done)
        [[ -n $pids ]] || return 0
        # shellcheck disable=SC2086
        kill -"$signal" $pids 2>/dev/null || true
        sleep 0.3
    done
}

stop_devices() {
    local host devices=()
    for host in "${!IP[@]}"; do
        [[ ${NETWORK[$host]} != iot && $host != ops ]] || devices+=("$host")
    done
    end_processes "${devices[@]/#/rec-}"
    for host in "${devices[@]}"; do
        [[ ${NETWORK[$host]} != iot ]] || ip -n "rec-$host" addr flush dev eth0 scope global
    done
}

remove_namespaces() {
    local namespace namespaces
    mapfile -t namespaces < <(ip netns list | awk '$1 ~ /^rec-/ { print $1 }')
    end_processes "${namespaces[@]}"
    for namespace in "${namespaces[@]}"; do
        ip netns del "$namespace" || true
    done
}

remove_lab() {
    local code=$?
    # A second signal must not end the clean-up: timeout(1) sends its own twice.
    trap - EXIT
    trap '' INT TERM HUP
    ((code == 0 || code == 130)) || show_logs
    remove_namespaces
    # What still runs outside them: a sleep of this script.
    # shellcheck disable=SC2046
    kill $(jobs -p) 2>/dev/null || true
    rm -rf "$WORK"
    exit "$code"
}

# After a failure the logs are what explains it; they are shown, since $WORK goes.
show_logs() {
    local file
    for file in "$WORK"/log/*; do
        [[ -s $file ]] || continue
        echo "record: ---- ${file##*/}" >&2
        tail -n 5 "$file" >&2
    done
}
