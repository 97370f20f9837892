# shellcheck shell=bash
# The composite that ./run plays: a day at home in 200 seconds, with four attacks in it.

scenario home committed pcapng scan,brute-force,flood 'attack: life of nine devices and an operator; SYN scan, SSH guessing, spoofed SYN flood, worm'
home() {
    local plug_scan="tcp[tcpflags] & (tcp-syn|tcp-ack) = tcp-syn and src ${IP[plug]} and dst ${IP[nas]}"
    local flood="tcp[tcpflags] & (tcp-syn|tcp-ack) = tcp-syn and dst ${IP[cam]} and dst port 80 and not src net 192.168.0.0/16"
    NOTE='one row per attack in home.events.tsv'
    capture_start
    start_devices ops
    STAGGER=1 start_devices "${EVERYONE[@]}"
    at 20
    attack scan plug nas tcp/* "$plug_scan" -- nmap -n -Pn -sS --top-ports 400 --max-rate 150 "${IP[nas]}"
    at 55
    attack brute-force speaker nas tcp/22 "$(between speaker nas 22)" -- \
        hydra -I -V -t 4 -l operator -P "$WORK/secret/guesses" "ssh://${IP[nas]}"
    at 120
    spoofed_flood "$flood"
    at 160
    worm 198.51.100.0/25 40
    at 200
    capture_stop
    packets 400 "$plug_scan"
    packets 2400 "$flood"
    packets 250 "tcp[tcpflags] & (tcp-syn|tcp-ack) = tcp-syn and src ${IP[bulb]} and dst net 198.51.100.0/25"
    logged 20 "Failed password for operator from ${IP[speaker]}" sshd-nas
    logged 3 '^(21|22|80)/tcp +open' tool
    logged 1 'login: operator +password:' tool
    logged 1 'Failed password for operator from 192.168.78.30' sshd-pi
    logged 1 'OK DOWNLOAD' vsftpd
}
