# shellcheck shell=bash
# A site for one try: authority, a node's certificate and a reader's, made by openssl since the image's program runs on arm64 only.
# The disk gets what enrolment would have left on it.

port_of() {
  case $1 in
    router) echo 7443 ;;
    logger) echo 7444 ;;
    detector) echo 7445 ;;
    bmc) echo 7446 ;;
    *) return 1 ;;
  esac
}

# issue SITE-FOLDER NAME IDENTITY USAGE FURTHER-NAMES
issue() {
  openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt -out "$1/$2.key"
  openssl req -new -key "$1/$2.key" -subj "/CN=$2" -out "$1/$2.csr"
  openssl x509 -req -in "$1/$2.csr" -CA "$1/ca.crt" -CAkey "$1/ca.key" -sha256 -days 30 -out "$1/$2.crt" -set_serial "0x4$(openssl rand -hex 15)1" -extfile <(
    printf 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=%s\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\nsubjectAltName=URI:%s%s\n' "$4" "$3" "$5"
  )
}

# make_site FOLDER SITE ROLE NODE
make_site() {
  mkdir -p "$1"
  {
    openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt -out "$1/ca.key"
    # A node's clock starts at the time of its image's commit, which may be a while ago.
    openssl req -x509 -new -key "$1/ca.key" -sha256 -days 30 -subj "/CN=$2 site authority" -out "$1/ca.crt" -addext "basicConstraints=critical,CA:TRUE,pathlen:0" \
      -addext "keyUsage=critical,keyCertSign,cRLSign" -addext "subjectAltName=URI:spiffe://$2"
    issue "$1" node "spiffe://$2/node/$4/$3" serverAuth,clientAuth ",DNS:localhost,DNS:$4,IP:127.0.0.1,IP:::1"
    issue "$1" reader "spiffe://$2/reader/boot" clientAuth ''
  } >"$1/openssl.log" 2>&1 || { cat "$1/openssl.log" >&2; fail "openssl made no certificates."; }
  printf '{"Node":{"Site":"%s","Name":"%s"}}\n' "$2" "$4" >"$1/appliance.json"
  printf '{"schema":1,"site":"%s","name":"%s","role":"%s","addresses":["dhcp"]}\n' "$2" "$4" "$3" >"$1/node.json"
  printf '[Match]\nKind=!*\nType=!loopback\n\n[Network]\nDHCP=yes\n' >"$1/10-boot.network"
  printf '%s\n' "$4" >"$1/hostname"
}

# offset_of DISK LABEL: of the partition, in bytes.
offset_of() { sfdisk -J "$1" | jq -er --arg name "$2" '.partitiontable.partitions[] | select(.name == $name) | .start * 512'; }

# enroll DISK SITE-FOLDER ROLE NODE: writes into the data partition; the node's own units then start the role.
enroll() {
  local account state=/lib/appliance file
  account=$(lines "$image/accounts" | awk -v name="appliance-$3" '$1 == name { print $2 }')
  {
    for file in /lib $state $state/config $state/network $state/pki "$state/$3" "$state/$3/pki"; do echo "mkdir $file"; done
    write appliance.json $state/config/appliance.json 0100644 0
    write node.json $state/node.json 0100600 0
    write hostname $state/hostname 0100644 0
    write 10-boot.network $state/network/10-boot.network 0100644 0
    for file in ca.crt node.crt; do
      write "$file" "$state/$3/pki/$file" 0100644 "$account"
      write "$file" "$state/pki/$file" 0100644 0
    done
    write node.key "$state/$3/pki/node.key" 0100600 "$account"
    for file in "$state/$3" "$state/$3/pki"; do printf 'sif %s uid %s\nsif %s gid %s\nsif %s mode 040700\n' "$file" "$account" "$file" "$account" "$file"; done
  } >"$2/debugfs"
  (cd "$2" && quietly "$2/debugfs.log" debugfs -w -f debugfs "$1?offset=$(offset_of "$1" data)")
}

write() { printf 'write %s %s\nsif %s mode %s\nsif %s uid %s\nsif %s gid %s\n' "$1" "$2" "$2" "$3" "$2" "$4" "$2" "$4"; }

# is_serving SITE-FOLDER PORT: asks grpc.health.v1.Health/Check (an empty request; the answer's field 1 is 1 for SERVING).
is_serving() {
  local answer
  answer=$(printf '\0\0\0\0\0' | curl -s --http2 --max-time 10 --cacert "$1/ca.crt" --cert "$1/reader.crt" --key "$1/reader.key" -H 'content-type: application/grpc' -H 'te: trailers' \
    --data-binary @- "https://localhost:$2/grpc.health.v1.Health/Check" | od -An -tx1 | tr -d ' \n')
  [ "$answer" = 00000000020801 ]
}
