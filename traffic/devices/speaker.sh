#!/bin/bash
# Speaker: one slow radio stream, mDNS, pings of the gateway, an NTP client.
source "$TRAFFIC/lib/device.sh"
join
announce _raop._tcp
every 15 25 ping -q -c 2 192.168.77.1 >/dev/null &
every 60 120 ask_time &
every 1 3 curl -s -m 40 -A 'speaker/3.3' -o /dev/null http://stream.radio.example/live.mp3
