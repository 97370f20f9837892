#!/bin/bash
# Door contact: sleeps, wakes, looks the broker up, publishes one retained message, sleeps again.
source "$TRAFFIC/lib/device.sh"
join

report() {
    publish home/door "{\"open\":$((RANDOM % 2)),\"battery\":9$((RANDOM % 10))}" -r -q 1
}

report
every 9 16 report
