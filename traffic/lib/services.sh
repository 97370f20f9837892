# shellcheck shell=bash
# Services of the router, the NAS and the cloud; their secrets are made here, in $WORK, and go with it.

# configure FILE: a service's settings with this run's folder filled in.
configure() {
    sed "s|@WORK@|$WORK|g" "$TRAFFIC/services/$1" >"$WORK/$1"
    echo "$WORK/$1"
}

make_secrets() {
    local name
    mkdir -p "$WORK/ssh" "$WORK/nas" "$WORK/cloud" "$WORK/secret"
    for name in operator mqtt; do
        openssl rand -hex 6 >"$WORK/secret/$name"
    done
    ssh-keygen -q -t ed25519 -N '' -C recording -f "$WORK/ssh/host_key"
    ssh-keygen -q -t ed25519 -N '' -C operator -f "$WORK/ssh/operator_key"
    cp "$WORK/ssh/operator_key.pub" "$WORK/ssh/authorized_keys"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 2 -subj '/CN=recording' \
        -addext 'subjectAltName=DNS:*.camcloud.example,DNS:*.hub.example,DNS:*.bulbs.example' \
        -keyout "$WORK/cloud/server.key" -out "$WORK/cloud/server.crt" 2>/dev/null
    make_guesses
}

# 24 wrong guesses, as worms carry them, and the right one at the end of a second list.
make_guesses() {
    printf '%s\n' 123456 password admin root 12345 admin123 qwerty 1234 letmein raspberry changeme welcome \
        pass 54321 888888 xc3511 vizxv juantech anko zlxx klv123 hi3518 7ujMko0admin service >"$WORK/secret/wrong"
    cat "$WORK/secret/wrong" "$WORK/secret/operator" >"$WORK/secret/guesses"
}

# sshd, ftpd and telnetd know accounts of the system only: HOST gets one of its own, laid over /etc by lib/enter.
add_account() {
    local host=$1 hash
    hash=$(openssl passwd -6 -stdin <"$WORK/secret/operator")
    mkdir -p "$WORK/home"
    { cat /etc/passwd; echo "operator:x:4242:4242:operator:$WORK/home:/bin/bash"; } >"$WORK/etc/$host/passwd"
    { cat /etc/group; echo 'operator:x:4242:'; } >"$WORK/etc/$host/group"
    { cat /etc/shadow; echo "operator:$hash:20000:0:99999:7:::"; } >"$WORK/etc/$host/shadow"
    chmod 600 "$WORK/etc/$host/shadow"
    chown 4242:4242 "$WORK/home"
}

# serve HOST LOG COMMAND…
serve() {
    local host=$1 log=$2
    shift 2
    spawn "$host" "$@" </dev/null >>"$WORK/log/$log" 2>&1
}

start_router() {
    serve router dnsmasq-router dnsmasq -k -C "$(configure dnsmasq-router.conf)" --log-facility=- \
        --dhcp-hostsfile="$WORK/dhcp-hosts"
}

# Every device keeps its address, so that a label can name it.
write_dhcp_hosts() {
    local host
    for host in "${!IP[@]}"; do
        [[ ${NETWORK[$host]} != iot ]] || echo "${MAC[$host]},${IP[$host]},$host"
    done >"$WORK/dhcp-hosts"
}

start_cloud() {
    mkdir -p "$WORK/cloud/www"
    head -c 3000000 /dev/urandom >"$WORK/cloud/www/live.mp3"
    head -c 40000 /dev/urandom >"$WORK/cloud/www/firmware.bin"
    serve cloud dnsmasq-cloud dnsmasq -k -C "$(configure dnsmasq-cloud.conf)" --log-facility=-
    serve cloud nginx-cloud nginx -c "$(configure nginx-cloud.conf)" -e "$WORK/log/nginx-cloud"
    serve cloud chronyd chronyd -x -d -f "$(configure chrony-cloud.conf)"
    serve cloud coap coap-server-notls -A 203.0.113.14
}

start_nas() {
    local files=$WORK/nas
    mkdir -p "$files/www" "$files/ftp" "$files/empty"
    head -c 180000 /dev/urandom >"$files/ftp/backup.tar"
    head -c 6000 /dev/urandom | base64 >"$files/www/index.html"
    printf 'operator:%s\n' "$(openssl passwd -apr1 -stdin <"$WORK/secret/operator")" >"$files/htpasswd"
    mosquitto_passwd -b -c "$files/mqtt-passwords" device "$(<"$WORK/secret/mqtt")"
    add_account nas
    serve nas sshd-nas "$(command -v sshd)" -D -e -f "$(configure sshd.conf)"
    serve nas vsftpd-out vsftpd "$(configure vsftpd.conf)"
    serve nas nginx-nas nginx -c "$(configure nginx-nas.conf)" -e "$WORK/log/nginx-nas"
    serve nas mosquitto mosquitto -c "$(configure mosquitto.conf)"
    serve nas syslog socat -u UDP-RECV:514 OPEN:/dev/null
}

answers() {
    in_ns "$1" bash -c ": </dev/tcp/$2/$3"
}

start_services() {
    make_secrets
    write_dhcp_hosts
    add_account hub
    add_account pi
    add_account bulb
    start_router
    start_cloud
    start_nas
    wait_for "the cloud's web server" answers ops 203.0.113.10 443
    wait_for "sshd of the NAS" answers ops "${IP[nas]}" 22
    wait_for "ftpd of the NAS" answers ops "${IP[nas]}" 21
    wait_for "web server of the NAS" answers ops "${IP[nas]}" 80
    wait_for "MQTT broker of the NAS" answers ops "${IP[nas]}" 1883
    wait_for "DNS of the router" in_ns ops dig +short +time=1 +tries=1 api.thermo.example
}
