# shellcheck shell=bash
# Signatures: one RSA key signs the image, the manifest, the SBOM and the update. A node takes updates of the certificate in its root only.

# choose_signer: sets signing_key and signing_certificate; without ones given, a development key that the cache keeps.
choose_signer() {
  signing_key=$key signing_certificate=$certificate
  [ -n "$key$certificate" ] || development_signer
  if [ -z "$signing_key" ] || [ -z "$signing_certificate" ]; then fail "A key needs its certificate: give both --key and --certificate."; fi
  local of_key of_certificate
  of_key=$(openssl pkey -in "$signing_key" -pubout 2>&1) || fail "$signing_key is no private key: $of_key"
  of_certificate=$(openssl x509 -in "$signing_certificate" -noout -pubkey 2>&1) || fail "$signing_certificate is no certificate: $of_certificate"
  [ "$of_key" = "$of_certificate" ] || fail "$signing_certificate is not the certificate of $signing_key."
}

development_signer() {
  local folder=$cache/signing
  signing_key=$folder/development.key signing_certificate=$folder/development.crt
  say "No --key: signing with the development key in $folder, for no node but your own."
  [ -e "$signing_certificate" ] && return
  mkdir -p "$folder"
  chmod 700 "$folder"
  quietly "$work/key.log" openssl req -x509 -newkey rsa:3072 -sha256 -nodes -days 7300 -subj "/CN=Appliance development" \
    -addext "keyUsage=critical,digitalSignature,keyCertSign" -addext "extendedKeyUsage=emailProtection,codeSigning" -addext "basicConstraints=critical,CA:TRUE" \
    -keyout "$signing_key.$$" -out "$work/development.crt"
  # Two first builds at once end up with one key.
  mv -n "$signing_key.$$" "$signing_key" && cp "$work/development.crt" "$signing_certificate"
}

# sign FILE: FILE.sig beside it, detached; without a time of signing, so the same file gets the same signature (RSA PKCS #1).
sign() {
  quietly "$work/sign.log" openssl cms -sign -binary -noattr -md sha256 -outform DER -in "$1" -signer "$signing_certificate" -inkey "$signing_key" -out "$1.sig"
}

# sign_all NAME: the sums name every file, the signature is over the sums and each of the files that travel alone.
sign_all() {
  local file
  cp "$signing_certificate" "$out/$1.crt"
  for file in "$1.img.zst" "$1.manifest.json" "$1.cdx.json"; do sign "$out/$file"; done
  # The update carries its own signature, whose time makes it differ from build to build.
  (cd "$out" && sha256sum "$1.img.zst" "$1.manifest.json" "$1.cdx.json" >"$1.sha256")
  sign "$out/$1.sha256"
}

# bundle NAME: the update that RAUC installs into the other slot: the same root and boot as in the image.
bundle() {
  local tree=$work/bundle.d
  mkdir -p "$tree"
  ln "$work/root.sqfs" "$tree/root.img"
  ln "$work/boot.fat" "$tree/boot.img"
  cat >"$tree/manifest.raucm" <<END
[update]
compatible=appliance-$target
version=$version
build=$revision

[bundle]
format=verity

[image.rootfs]
filename=root.img

[image.boot]
filename=boot.img
END
  find "$tree" -exec touch -d "@$epoch" {} +
  say "Packing the update"
  quietly "$work/rauc.log" env SOURCE_DATE_EPOCH="$epoch" rauc bundle --cert="$signing_certificate" --key="$signing_key" \
    --mksquashfs-args="-comp zstd -Xcompression-level 3 -all-root -no-progress" "$tree" "$out/$1.raucb"
}
