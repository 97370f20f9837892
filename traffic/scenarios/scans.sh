# shellcheck shell=bash
# Scans by nmap: of one host's ports in six ways, of the LAN, of the Internet.

QUIET=(thermo sensor door bulb plug speaker)

scenario scan-syn-nmap committed pcap scan 'attack: nmap SYN scan of 500 ports of the NAS'
scan-syn-nmap() {
    background "${QUIET[@]}"
    capture_start
    at 6
    attack scan plug nas tcp/* "tcp[tcpflags] & (tcp-syn|tcp-ack) = tcp-syn and src ${IP[plug]} and dst ${IP[nas]}" -- \
        nmap -n -Pn -sS --top-ports 500 -T4 --max-rate 300 "${IP[nas]}"
    at 14
    capture_stop
    packets 500 "tcp[tcpflags] & (tcp-syn|tcp-ack) = tcp-syn and src ${IP[plug]}"
    logged 3 '^(21|22|80)/tcp +open' tool
}

scenario scan-connect-nmap committed nsecpcap scan 'attack: nmap connect scan of 300 ports of the hub, inside the IoT network'
scan-connect-nmap() {
    background "${QUIET[@]}" hub
    capture_start
    at 6
    attack scan bulb hub tcp/* "tcp[tcpflags] & (tcp-syn|tcp-ack) = tcp-syn and src ${IP[bulb]} and dst ${IP[hub]}" -- \
        nmap -n -Pn -sT --top-ports 300 -T4 "${IP[hub]}"
    at 14
    capture_stop
    packets 300 "tcp[tcpflags] & (tcp-syn|tcp-ack) = tcp-syn and src ${IP[bulb]}"
    logged 2 '^(22|8080)/tcp +open' tool
}

scenario scan-udp-nmap committed pcapng scan 'attack: nmap UDP scan of 40 ports of the hub'
scan-udp-nmap() {
    background "${QUIET[@]}" hub pi
    capture_start
    at 6
    attack scan pi hub udp/* "udp and src ${IP[pi]} and dst ${IP[hub]}" -- \
        nmap -n -Pn -sU --top-ports 40 --max-retries 1 -T4 "${IP[hub]}"
    at 20
    capture_stop
    packets 40 "udp and src ${IP[pi]} and dst ${IP[hub]}"
    packets 5 "icmp[icmptype] = icmp-unreach and src ${IP[hub]}"
    logged 1 '/udp +(open|closed|filtered)|closed udp ports' tool
}

# flag_scan OPTION FLAGS: probes that no ordinary stack sends (RFC 9293, 3.10.7: a closed port answers RST, an open one nothing).
flag_scan() {
    local probe="tcp[tcpflags] & 0x3f = $2 and src ${IP[cam]} and dst ${IP[nas]}"
    background "${QUIET[@]}" cam
    capture_start
    at 5
    attack scan cam nas tcp/* "$probe" -- nmap -n -Pn "$1" -p1-200 -T4 "${IP[nas]}"
    at 11
    capture_stop
    packets 200 "$probe"
    logged 3 '^(21|22|80)/tcp +open\|filtered' tool
}

scenario scan-fin-nmap committed pcap scan 'attack: nmap FIN scan of 200 ports of the NAS'
scan-fin-nmap() {
    flag_scan -sF 0x01
}

scenario scan-null-nmap committed pcapng scan 'attack: nmap NULL scan of 200 ports of the NAS'
scan-null-nmap() {
    flag_scan -sN 0x00
}

scenario scan-xmas-nmap committed nsecpcap scan 'attack: nmap Xmas scan of 200 ports of the NAS'
scan-xmas-nmap() {
    flag_scan -sX 0x29
}

scenario scan-arp-nmap committed pcap scan 'attack: ARP sweep of the IoT network by nmap'
scan-arp-nmap() {
    local probe="arp[6:2] = 1 and ether src ${MAC[pi]}"
    background "${QUIET[@]}" pi
    capture_start
    at 5
    attack scan pi 192.168.77.0/24 arp "$probe" -- nmap -n -sn -PR 192.168.77.0/24
    at 14
    capture_stop
    packets 250 "$probe"
    logged 1 'Nmap done: 256 IP addresses \([5-9] hosts up\)' tool
}

scenario scan-ping-nmap committed nsecpcap scan 'attack: ping sweep of the LAN next door by nmap'
scan-ping-nmap() {
    local probe="icmp[icmptype] = icmp-echo and src ${IP[cam]} and dst net 192.168.78.0/24"
    background "${QUIET[@]}" cam
    capture_start
    at 5
    attack scan cam 192.168.78.0/24 icmp "$probe" -- nmap -n -sn -PE --max-retries 1 -T4 192.168.78.0/24
    at 14
    capture_stop
    packets 250 "$probe"
    logged 1 'Nmap done: 256 IP addresses \([2-4] hosts up\)' tool
}

# worm NET RATE: a device looks for Telnet all over the Internet, as Mirai's kin do.
worm() {
    attack scan bulb "$1" tcp/23,2323 "tcp[tcpflags] & (tcp-syn|tcp-ack) = tcp-syn and src ${IP[bulb]} and dst net $1 and (port 23 or port 2323)" -- \
        nmap -n -Pn -sS -p23,2323 --max-retries 0 --max-rate "$2" --randomize-hosts "$1"
}

scenario scan-worm-nmap committed pcapng scan 'attack: worm-like search for Telnet (23, 2323) over 256 Internet hosts'
scan-worm-nmap() {
    background "${QUIET[@]}" hub
    capture_start
    at 5
    worm 198.51.100.0/24 60
    at 18
    capture_stop
    packets 500 "tcp[tcpflags] & (tcp-syn|tcp-ack) = tcp-syn and src ${IP[bulb]} and dst net 198.51.100.0/24"
    packets 100 "tcp[tcpflags] & tcp-rst != 0 and src net 198.51.100.0/24"
}
