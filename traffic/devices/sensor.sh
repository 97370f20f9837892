#!/bin/bash
# Climate sensor: one MQTT connection for its whole life, a reading every few seconds, QoS 1, keep-alive 15 s.
source "$TRAFFIC/lib/device.sh"
join

reading() {
    echo "{\"celsius\":2$((RANDOM % 4)).$((RANDOM % 10)),\"humidity\":4$((RANDOM % 10))}"
}

while pause 1 2; do
    every 3 7 reading | mosquitto_pub -h "$NAS" -u device -P "$(<"$WORK/secret/mqtt")" -i "$DEVICE" -k 15 -q 1 -t home/kitchen/climate -l
done
