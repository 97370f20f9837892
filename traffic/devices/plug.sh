#!/bin/bash
# Smart plug: CoAP readings by UDP, syslog to the NAS, its own look-ups with a small resolver.
source "$TRAFFIC/lib/device.sh"
join
web_page

meter() {
    timeout 5 coap-client-notls -m put -e "{\"watt\":$((RANDOM % 90))}" "coap://$(resolve coap.plugcloud.example)/example_data"
}

resolve() {
    busybox nslookup "$1" | awk '/^Address/ { address = $NF } END { print address }'
}

report() {
    logger -d -n "$NAS" -P 514 -t plug --rfc3164 "relay on, uptime $SECONDS s"
}

every 9 14 report &
every 4 6 meter >/dev/null 2>&1
