# shellcheck shell=bash
# Common to the scripts in devices/: each runs inside the namespace of its device, from power-on to power-off.
set -u
DEVICE=$(hostname)
NAS=nas.home.arpa

# pause MIN MAX: sleeps a random time between two numbers of seconds.
pause() {
    sleep "$(awk -v min="$1" -v max="$2" -v seed="$RANDOM$RANDOM" 'BEGIN { srand(seed); print min + rand() * (max - min) }')"
}

# One of two real DHCP clients; both keep renewing their lease.
join() {
    case ${1:-udhcpc} in
        udhcpc) udhcpc -f -i eth0 -x "hostname:$DEVICE" -t 8 -T 1 -s "$TRAFFIC/lib/lease" & ;;
        dhclient) dhclient -d -4 -sf "$TRAFFIC/lib/lease" -pf /dev/null -lf "$WORK/dhclient-$DEVICE" \
            -cf "$(dhclient_settings)" eth0 & ;;
    esac
    until ip -4 -o addr show dev eth0 | grep -q 192.168.77.; do
        sleep 0.2
    done
}

dhclient_settings() {
    local file=$WORK/dhclient-$DEVICE.conf
    printf 'send host-name "%s";\nrequest subnet-mask, routers, domain-name, domain-name-servers;\ninitial-delay 0;\n' \
        "$DEVICE" >"$file"
    echo "$file"
}

# A small web page of the device itself.
web_page() {
    mkdir -p "$WORK/www/$DEVICE"
    printf '<html><title>%s</title><body>%s is ready</body></html>\n' "$DEVICE" "$DEVICE" >"$WORK/www/$DEVICE/index.html"
    printf '{"on":true,"device":"%s"}\n' "$DEVICE" >"$WORK/www/$DEVICE/status"
    busybox httpd -f -p "${1:-80}" -h "$WORK/www/$DEVICE" &
}

ssh_server() {
    /usr/sbin/sshd -D -e -f "$WORK/sshd.conf" 2>>"$WORK/log/sshd-$DEVICE" &
}

# announce TYPE: mDNS announcements and answers, with settings of its own over /etc/avahi.
announce() {
    local folder=$WORK/avahi-$DEVICE
    mkdir -p "$folder/services"
    cp "$TRAFFIC/services/avahi-daemon.conf" "$folder/"
    sed "s|@NAME@|$DEVICE|; s|@NAME@|$DEVICE|; s|@TYPE@|$1|" "$TRAFFIC/services/mdns.service" >"$folder/services/device.service"
    mount --bind "$folder" /etc/avahi
    avahi-daemon --no-drop-root --no-chroot --no-rlimits &
}

# ask_time: one NTP exchange of four packets, the clock stays as it is.
ask_time() {
    timeout 12 chronyd -Q -t 10 -f /dev/null 'server ntp.example iburst maxsamples 4' 'cmdport 0' >/dev/null 2>&1
}

# every MIN MAX COMMAND…: repeats a habit for good.
every() {
    local min=$1 max=$2
    shift 2
    while pause "$min" "$max"; do
        "$@"
    done
}

# publish TOPIC MESSAGE OPTION…
publish() {
    local topic=$1 message=$2
    shift 2
    mosquitto_pub -h "$NAS" -u device -P "$(<"$WORK/secret/mqtt")" -i "$DEVICE" -t "$topic" -m "$message" "$@"
}
