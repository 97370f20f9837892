#!/bin/bash
# Board of a tinkerer: copies files to the NAS by SSH with a key, fetches one by FTP, reads the NAS's page.
source "$TRAFFIC/lib/device.sh"
join
ssh_server
password=$(<"$WORK/secret/operator")

copy_up() {
    head -c 9000 /dev/urandom |
        ssh -F none -i "$WORK/ssh/operator_key" -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR \
            "operator@$NAS" 'cat >/dev/null; uptime'
}

fetch() {
    curl -s -m 20 -o /dev/null "ftp://operator:$password@$NAS/backup.tar"
}

read_page() {
    curl -s -m 5 -u "operator:$password" -o /dev/null "http://$NAS/"
}

ping_out() {
    ping -q -c 3 -i 0.5 203.0.113.10 >/dev/null
}

every 20 35 copy_up >/dev/null &
every 14 22 read_page &
every 35 60 ping_out &
pause 6 10
fetch
every 70 110 fetch
