#!/bin/bash
# Operator in the LAN: logs in to hub and board by key and by password; once mistypes and then gets it right.
source "$TRAFFIC/lib/device.sh"

# log_in HOST COMMAND OPTION…
log_in() {
    local host=$1 command=$2
    shift 2
    ssh -F none -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR "$@" "operator@$host" "$command"
}

by_key() {
    log_in "$1" "$2" -i "$WORK/ssh/operator_key" -o BatchMode=yes
}

by_password() {
    sshpass -f "$WORK/secret/operator" ssh -F none -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR \
        -o PreferredAuthentications=password "operator@$1" "$2"
}

# ssh asks this program for the password twice: it answers wrong, then right.
mistype() {
    local slip=$WORK/slip-$RANDOM
    printf '#!/bin/sh\n[ -e %s ] && exec cat %s/secret/operator\ntouch %s\necho mistyped\n' "$slip" "$WORK" "$slip" >"$slip.sh"
    chmod 700 "$slip.sh"
    SSH_ASKPASS=$slip.sh SSH_ASKPASS_REQUIRE=force log_in "$1" "$2" -o PreferredAuthentications=password -o NumberOfPasswordPrompts=3
}

pause 8 10
by_key 192.168.77.25 'uptime; df -h'
pause 5 8
mistype 192.168.77.29 'free; sleep 4; ps aux'
while pause 8 12; do
    by_password 192.168.77.25 'sleep 6; cat /etc/services'
    pause 15 25
    by_key 192.168.77.29 'cat /etc/protocols'
    pause 20 30
    by_password 192.168.77.29 'uptime'
done
