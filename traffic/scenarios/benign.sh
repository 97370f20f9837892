# shellcheck shell=bash
# Nothing but life, and the things that look like an attack and are none.

EVERYONE=(cam thermo sensor door hub speaker plug bulb pi)

scenario benign-boot committed pcapng benign 'benign: nine devices come up after a power cut (DHCP, DNS, NTP, first contacts)'
benign-boot() {
    capture_start
    STAGGER=1 start_devices "${EVERYONE[@]}"
    at 60
    capture_stop
    packets 9 "udp dst port 67 and src 0.0.0.0"
    packets 20 'udp dst port 53'
    packets 2 'udp dst port 123'
    packets 10 'udp port 5683'
    packets 1 'udp dst port 1900'
    packets 5 'udp dst port 5353'
}

scenario benign-operator committed pcap benign 'benign: operator logs in by key and password, mistypes once; board reads the NAS by FTP and HTTP Basic'
benign-operator() {
    background thermo sensor hub pi
    capture_start
    start_devices ops
    at 75
    capture_stop
    logged 1 'Failed password for operator' sshd-pi
    logged 1 'Accepted password for operator' sshd-pi
    logged 1 'Accepted publickey for operator' sshd-hub
    logged 1 'Accepted publickey for operator' sshd-nas
    logged 1 'OK DOWNLOAD' vsftpd
}

scenario benign-busy-rest committed nsecpcap hard-negative 'hard negative: a busy REST client, 240 short HTTP connections to one server, each answered'
benign-busy-rest() {
    background thermo sensor door hub
    capture_start
    at 2
    in_ns hub bash <<'CLIENT'
for n in {1..240}; do
    curl -s -m 5 -A hub/7.0 -o /dev/null "http://api.thermo.example/v1/rooms/$n/state"
    sleep 0.1
done
CLIENT
    at 45
    capture_stop
    packets 240 "tcp[tcpflags] & (tcp-syn|tcp-ack) = tcp-syn and src ${IP[hub]} and dst 203.0.113.11"
}

scenario benign-unknown-names committed pcap hard-negative 'hard negative: a client with a wrong search list, 150 names that do not exist'
benign-unknown-names() {
    background thermo sensor bulb pi
    capture_start
    at 2
    in_ns pi bash <<'CLIENT'
for n in {1..75}; do
    dig +tries=1 +time=1 "printer-$n.branch.example" >/dev/null
    dig +tries=1 +time=1 update-server.corp.branch.example >/dev/null
    sleep 0.25
done
CLIENT
    at 32
    capture_stop
    packets 140 "udp src port 53 and udp[11] & 0x0f = 3 and dst ${IP[pi]}"
}

# One dead host that never answers, one live host that refuses: a client that keeps trying either is no scanner.
scenario benign-dead-host committed pcapng hard-negative 'hard negative: a client retries one dead host and one refused port, again and again'
benign-dead-host() {
    background thermo sensor plug hub
    capture_start
    at 1
    in_ns hub bash <<'CLIENT'
for _ in {1..14}; do
    curl -s -m 1.5 -o /dev/null http://203.0.113.99:8443/
    curl -s -m 2 -o /dev/null http://192.168.78.10:9100/
    sleep 1
done
true
CLIENT
    at 45
    capture_stop
    packets 14 "tcp[tcpflags] & (tcp-syn|tcp-ack) = tcp-syn and src ${IP[hub]} and dst 203.0.113.99"
    packets 14 "tcp[tcpflags] & tcp-rst != 0 and src ${IP[nas]} and dst ${IP[hub]} and port 9100"
}

# backscatter SOURCE DEVICE COUNT OPTION…: what a flooded server answers to a source that someone else made up.
backscatter() {
    local source=$1 device=$2 count=$3
    shift 3
    in_ns "$source" hping3 -q -n -i u150000 -c "$count" -A -k -p $((20000 + RANDOM % 30000)) "$@" "${IP[$device]}" \
        >/dev/null 2>&1 || true
}

scenario benign-backscatter committed nsecpcap hard-negative 'hard negative: backscatter, SYN-ACK and RST from flooded web servers to our spoofed addresses'
benign-backscatter() {
    local device round
    background thermo sensor door plug bulb cam
    capture_start
    at 2
    for round in {1..8}; do
        for device in thermo sensor door plug bulb cam; do
            backscatter out "$device" 3 -S -s 80
            backscatter cloud "$device" 2 -R -s 443
        done
    done
    capture_stop
    packets 140 "tcp[tcpflags] & (tcp-syn|tcp-ack) = (tcp-syn|tcp-ack) and src ${IP[out]}"
    packets 90 "tcp[tcpflags] & tcp-rst != 0 and src ${IP[cloud]}"
}
