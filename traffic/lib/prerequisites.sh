# shellcheck shell=bash
# The tools of the recording and the Debian packages that hold them.

REQUIRED='
ip              iproute2
ethtool         ethtool
sysctl          procps
tcpdump         tcpdump
capinfos        wireshark-common
sshd            openssh-server
ssh             openssh-client
sshpass         sshpass
vsftpd          vsftpd
nginx           nginx-light
dnsmasq         dnsmasq-base
mosquitto       mosquitto
mosquitto_pub   mosquitto-clients
nmap            nmap
hydra           hydra
ncrack          ncrack
hping3          hping3
busybox         busybox
udhcpc          udhcpc
dhclient        isc-dhcp-client
dig             bind9-dnsutils
ping            iputils-ping
curl            curl
openssl         openssl
chronyd         chrony
avahi-daemon    avahi-daemon
upnpc           miniupnpc
coap-server-notls libcoap3-bin
socat           socat
logger          bsdutils
telnetd         inetutils-telnetd
iodined         iodine
dns2tcpd        dns2tcp
'

missing_packages() {
    local tool package
    while read -r tool package; do
        [[ -z $tool ]] || command -v "$tool" >/dev/null || echo "$package"
    done <<<"$REQUIRED"
}

# Debian starts a service when its package is installed; the host wants none of these running.
install_missing() {
    local packages guard=/usr/sbin/policy-rc.d made=
    mapfile -t packages < <(missing_packages)
    ((${#packages[@]} > 0)) || return 0
    echo "record: installs ${packages[*]}" >&2
    if [[ ! -e $guard ]]; then
        printf '#!/bin/sh\nexit 101\n' >"$guard"
        chmod 755 "$guard"
        made=1
    fi
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=240 install -y --no-install-recommends \
        "${packages[@]}" >/dev/null </dev/null || { [[ -z $made ]] || rm -f "$guard"; die "apt-get could not install ${packages[*]}"; }
    [[ -z $made ]] || rm -f "$guard"
}
