#!/bin/bash
# Bulb: shouts a heartbeat to the whole LAN, serves its state, asks for new firmware.
source "$TRAFFIC/lib/device.sh"
join
web_page

heartbeat() {
    printf '{"gwId":"b-28","ability":0,"encrypt":true,"version":"3.3"}' |
        socat -u - UDP4-DATAGRAM:255.255.255.255:6667,broadcast
}

firmware() {
    curl -s -m 10 --cacert "$WORK/cloud/server.crt" -A 'bulb/1.2' -o /dev/null https://update.bulbs.example/v1/latest
}

every 5 5.2 heartbeat &
every 25 40 firmware
