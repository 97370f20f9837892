#!/bin/bash
# Camera: pushes pictures of changing size over HTTPS, a connection each; sets its clock now and then.
source "$TRAFFIC/lib/device.sh"
join dhclient
web_page
every 50 90 ask_time &

push_picture() {
    head -c $((6000 + RANDOM % 14000)) /dev/urandom |
        curl -s -m 10 --cacert "$WORK/cloud/server.crt" -A 'cam-fw/2.14' -H 'Content-Type: image/jpeg' \
            --data-binary @- -o /dev/null https://ingest.camcloud.example/v1/images
}

push_picture
every 5 9 push_picture
