# shellcheck shell=bash
# What the image is made of: manifest.json (digests, versions, licences) and a CycloneDX SBOM, from the lock file and the program's deps.json.

# copyright_of NAME SHA256
copyright_of() {
  cat "$work/root/usr/share/doc/$1/copyright" 2>/dev/null ||
    dpkg-deb --fsys-tarfile "$debs/$2.deb" | tar -xO "./usr/share/doc/$1/copyright" 2>/dev/null
}

# licences_in: of a copyright file; those that are not machine-readable name Debian's common ones, or show the well-known first words of others.
licences_in() {
  awk '
    /^Format:/ { machine = 1 }
    machine && /^License:/ && NF > 1 { sub(/^License:[[:space:]]*/, ""); print; next }
    machine { next }
    match($0, /common-licenses\/[A-Za-z0-9.+-]*[A-Za-z0-9]/) { print substr($0, RSTART + 16, RLENGTH - 16) }
    /GNU Lesser General Public/ { print "LGPL" }
    /Redistribution and use in source|[0-4]-clause BSD/ { print "BSD" }
    /Permission is hereby granted, free of charge/ { print "MIT" }' | sort -u | head -n 20 | paste -sd '|'
}

# licences_of_debian LOCK: name, version, sha256, licences, one package a line, tabs between.
licences_of_debian() {
  local name version sum rest licences
  while read -r name version sum rest; do
    # From the root, where it was unpacked there; asking 140 archives again takes as long as packing the root.
    licences=$(copyright_of "$name" "$sum" | licences_in) || true # Some have none.
    printf '%s\t%s\t%s\t%s\n' "$name" "$version" "$sum" "$licences"
  done < <(lines "$1")
}

# licence_of_nuget FOLDER: what its nuspec says, or the name that heads the licence's text.
licence_of_nuget() {
  local nuspec=("$1"/*.nuspec) expression file
  expression=$(sed -n 's:.*<license type="expression">\(.*\)</license>.*:\1:p' "${nuspec[0]}" 2>/dev/null | head -n 1)
  file=$(sed -n 's:.*<license type="file">\(.*\)</license>.*:\1:p' "${nuspec[0]}" 2>/dev/null | head -n 1)
  if [ -z "$expression" ] && [ -n "$file" ]; then
    expression=$(head -n 3 "$1/$file" 2>/dev/null | sed -nE 's/^[^A-Za-z]*(The )?(MIT|Apache|BSD) Licen[sc]e.*/\2/p')
  fi
  printf '%s' "$expression"
}

# packages_of_program FOLDER: name, version, sha512, licence of each NuGet package in the program, tabs between.
packages_of_program() {
  local name version sha folder
  folder=${NUGET_PACKAGES:-$HOME/.nuget/packages}
  jq -r '.libraries | to_entries[] | select(.value.type == "package" or .value.type == "runtimepack") |
    [(.key | split("/")[0] | sub("^runtimepack\\."; "")), (.key | split("/")[1]), (.value.sha512 | sub("^sha512-"; ""))] | @tsv' "$1/appliance.deps.json" | sort |
    while IFS=$'\t' read -r name version sha; do
      printf '%s\t%s\t%s\t%s\n' "$name" "$version" "$sha" "$(licence_of_nuget "$folder/${name,,}/${version,,}")"
    done
}

# describe LOCK NAME
describe() {
  say "Writing manifest and SBOM"
  licences_of_debian "$1" >"$work/debian.tsv"
  packages_of_program "$work/program" >"$work/nuget.tsv"
  write_manifest "$2"
  write_sbom "$2"
}

write_manifest() {
  jq -n --rawfile debian "$work/debian.tsv" --rawfile nuget "$work/nuget.tsv" --arg target "$target" --arg version "$version" --arg revision "$revision" \
    --arg time "$(date -u -d "@$epoch" +%Y-%m-%dT%H:%M:%SZ)" --arg kernel "$(ls "$work/root/usr/lib/modules")" \
    --arg image "$(digest "$out/$1.img.zst")" --arg size "$(stat -c %s "$out/$1.img.zst")" --arg raw "$(digest "$work/$1.img")" --arg rawsize "$(stat -c %s "$work/$1.img")" \
    --arg root "$(digest "$work/root.sqfs")" --arg boot "$(digest "$work/boot.fat")" --arg bootconfig "$(digest "$work/bootconfig.fat")" --arg layout "$layout" '
    def rows(text): text | split("\n") | map(select(length > 0) | split("\t"));
    { schema: 1, target: $target, version: $version, compatible: "appliance-\($target)", revision: $revision, time: $time, kernel: $kernel,
      image: { sha256: $image, size: ($size | tonumber), raw_sha256: $raw, raw_size: ($rawsize | tonumber) },
      parts: { "root-a": $root, "boot-a": $boot, bootconfig: $bootconfig },
      partitions: ($layout | split("\n") | map(split(" ") | { label: .[0], mebibytes: (.[1] | tonumber), type: .[2] })),
      packages: (rows($debian) | map({ name: .[0], version: .[1], sha256: .[2], licences: (.[3] | split("|") | map(select(length > 0))) })),
      program: (rows($nuget) | map({ name: .[0], version: .[1], sha512: .[2], licence: .[3] })) }' >"$out/$1.manifest.json"
}

# The serial number is drawn from the image's digest: the same image, the same document.
write_sbom() {
  local serial
  serial=$(digest "$out/$1.img.zst" | sed -E 's/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*/\1-\2-5\3-8\4-\5/')
  jq -n --rawfile debian "$work/debian.tsv" --rawfile nuget "$work/nuget.tsv" --arg name "appliance-$target" --arg version "$version" --arg serial "urn:uuid:$serial" \
    --arg time "$(date -u -d "@$epoch" +%Y-%m-%dT%H:%M:%SZ)" --arg image "$(digest "$out/$1.img.zst")" '
    def rows(text): text | split("\n") | map(select(length > 0) | split("\t"));
    def licence: if . == "" then {} else { licenses: [{ license: { name: . } }] } end;
    { bomFormat: "CycloneDX", specVersion: "1.5", serialNumber: $serial, version: 1,
      metadata: { timestamp: $time, component: { type: "firmware", "bom-ref": $name, name: $name, version: $version, hashes: [{ alg: "SHA-256", content: $image }] } },
      components: (
        (rows($debian) | map({ type: "library", "bom-ref": "deb/\(.[0])", name: .[0], version: .[1], purl: "pkg:deb/debian/\(.[0])@\(.[1] | @uri)?arch=arm64&distro=trixie",
            hashes: [{ alg: "SHA-256", content: .[2] }] }
          + (if .[3] == "" then {} else { licenses: (.[3] | split("|") | map({ license: { name: . } })) } end))) +
        (rows($nuget) | map({ type: "library", "bom-ref": "nuget/\(.[0])", name: .[0], version: .[1], purl: "pkg:nuget/\(.[0])@\(.[1])" } + (.[3] | licence)))) }' >"$out/$1.cdx.json"
}
