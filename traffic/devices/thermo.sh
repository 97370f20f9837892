#!/bin/bash
# Thermostat: polls its set point over clear HTTP every five seconds, reports each fourth time.
source "$TRAFFIC/lib/device.sh"
join
ask_time
round=0

poll() {
    curl -s -m 5 -A 'thermo/1.9' -o /dev/null http://api.thermo.example/v1/devices/t-0417/setpoint
    ((++round % 4)) || curl -s -m 5 -A 'thermo/1.9' -o /dev/null --json "{\"temperature\":2$((RANDOM % 3)).$((RANDOM % 10))}" \
        http://api.thermo.example/v1/devices/t-0417/readings
}

every 4.5 5.5 poll
