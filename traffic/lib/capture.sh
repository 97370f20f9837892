# shellcheck shell=bash
# One capture: begin, attacks in it, end, proof that they are in it, row of MANIFEST.tsv.

# Times on the wall clock with microseconds, as the capture has them.
now() {
    date -u +%s.%6N
}

rfc3339() {
    date -u -d "@$1" +%Y-%m-%dT%H:%M:%S.%6NZ
}

forget_attacks() {
    ATTACKS=()
    NOTE=''
    find "$WORK/log" -type f -exec truncate -s 0 {} +
    RAW=$WORK/raw.pcap
    rm -f "$RAW"
}

capture_start() {
    local precision=nano
    [[ ${FORMAT[$NAME]} != pcap ]] || precision=micro
    spawn router tcpdump -i br-iot -n -s 0 -B 16384 -Z root --time-stamp-precision="$precision" -w "$RAW" \
        2>"$WORK/log/tcpdump"
    TCPDUMP=$!
    wait_for tcpdump grep -q 'listening on' "$WORK/log/tcpdump"
    STARTED=$(now)
}

# at N: sleeps until N seconds of the capture are over.
at() {
    pause "$(awk -v start="$STARTED" -v now="$(now)" -v at="$1" \
        'BEGIN { left = start + at - now; print (left > 0 ? left : 0) }')"
}

stopped() {
    ! kill -0 "$TCPDUMP" 2>/dev/null
}

capture_stop() {
    local dropped
    sleep 0.5
    kill -TERM "$TCPDUMP"
    wait_for "the end of tcpdump" stopped
    dropped=$(awk '/dropped by kernel/ { print $1 }' "$WORK/log/tcpdump")
    [[ $dropped == 0 ]] || die "$NAME: tcpdump dropped ${dropped:-an unknown number of} packets; record it on a quieter machine"
    # Packets of two processors may be written some microseconds out of order.
    reordercap "$RAW" "$RAW.sorted" >/dev/null
    mv "$RAW.sorted" "$RAW"
}

# attack CATEGORY ATTACKER VICTIM SERVICE FILTER -- COMMAND…
# ATTACKER is a host of the lab; prefixed with "spoofed:" its address is not on the wire. FILTER (pcap-filter)
# picks the attack's packets: the first and the last of them are the attack's time window.
attack() {
    local category=$1 shown=$2 victim=$3 service=$4 filter=$5 begin tool=$7
    local host=${shown#spoofed:}
    [[ $shown == "$host" ]] || shown=spoofed
    shift 6
    begin=$(now)
    timeout "${ATTACK_LIMIT:-150}" ip netns exec "rec-$host" unshare --uts "$TRAFFIC/lib/enter" "$host" "$@" \
        </dev/null >>"$WORK/log/tool" 2>&1 9<&- &
    wait $! || true
    ATTACKS+=("$category|$shown|$victim|$service|$begin|$(now)|$tool|$filter")
}

# Packets of the capture that a filter picks, one time stamp a line.
times_of() {
    tcpdump -r "$RAW" -n -tt "$1" 2>/dev/null | cut -d' ' -f1
}

# packets AT_LEAST FILTER: the proof that an attack, or the life around it, is really in the capture.
packets() {
    local found
    found=$(times_of "$2" | wc -l)
    ((found >= $1)) || die "$NAME: $found packets of '$2', expected at least $1"
    echo "record:   $found packets: $2" >&2
}

# shows AT_LEAST TEXT FILTER: the same proof by what clear-text packets say.
shows() {
    local found
    found=$(tcpdump -r "$RAW" -n -A "$3" 2>/dev/null | grep -c -- "$2" || true)
    ((found >= $1)) || die "$NAME: '$2' is $found times in packets of '$3', expected at least $1"
    echo "record:   $found times '$2': $3" >&2
}

# logged AT_LEAST PATTERN LOG: the same proof from the other side, a service's log or the tool's own output.
logged() {
    local found
    found=$(grep -cE -- "$2" "$WORK/log/$3" || true)
    ((found >= $1)) || die "$NAME: $found lines of '$2' in the log '$3', expected at least $1"
    echo "record:   $found lines of $3: $2" >&2
}

# First and last packet of one attack, epoch seconds.
window_of() {
    local begin=$1 end=$2 filter=$3
    times_of "$filter" | awk -v begin="$begin" -v end="$end" \
        '$1 >= begin && $1 <= end + 1 { if (!first) first = $1; last = $1 } END { print first, last }'
}

# Rows of the attacks: category, attacker, MAC, victim, service, start, end, tool.
attack_rows() {
    local row category attacker victim service begin end tool filter first last mac
    for row in "${ATTACKS[@]}"; do
        IFS='|' read -r category attacker victim service begin end tool filter <<<"$row"
        read -r first last < <(window_of "$begin" "$end" "$filter")
        [[ -n $first ]] || die "$NAME: no packet of '$filter' while $tool ran"
        mac=${MAC[$attacker]-} attacker=${IP[$attacker]-$attacker} victim=${IP[$victim]-$victim}
        [[ $attacker == 192.168.77.* ]] || mac=-
        printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$category" "$attacker" "$mac" "$victim" "$service" \
            "$(rfc3339 "$first")" "$(rfc3339 "$last")" "$tool"
    done
}

# Distinct values of a column, by comma; "-" when there are none.
column() {
    cut -f"$1" "$WORK/events" | awk 'NF && !seen[$0]++ { printf "%s%s", sep, $0; sep = "," } END { if (!sep) printf "-" }'
}

# Names are of the file formats of editcap; tcpdump writes classic files only.
keep_file() {
    local extension=pcap
    [[ ${FORMAT[$NAME]} != pcapng ]] || extension=pcapng
    FILE=$NAME.$extension
    if [[ $extension == pcapng ]]; then
        editcap -F pcapng "$RAW" "$OUTDIR/$FILE"
    else
        cp "$RAW" "$OUTDIR/$FILE"
    fi
    chmod 644 "$OUTDIR/$FILE"
}

HEADER='file\tlabel\texpect\tattacker\tvictim\ttime_window\tpackets\tduration_s\tnote'

keep_capture() {
    local manifest=$OUTDIR/MANIFEST.tsv window count duration
    attack_rows >"$WORK/events"
    keep_file
    window=$(cut -f6 "$WORK/events" | sort | head -n 1)..$(cut -f7 "$WORK/events" | sort | tail -n 1)
    [[ $window != .. ]] || window=-
    count=$(capinfos -T -r -M -c "$OUTDIR/$FILE" | cut -f2)
    duration=$(capinfos -T -r -M -u "$OUTDIR/$FILE" | cut -f2)
    [[ -e $manifest ]] || printf '%b\n' "$HEADER" >"$manifest"
    sed -i "/^$FILE\t/d" "$manifest"
    printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$FILE" "${LABEL[$NAME]}" "${EXPECT[$NAME]}" "$(column 2)" "$(column 4)" \
        "$window" "$count" "$duration" "${NOTE:--}" >>"$manifest"
    sort_manifest "$manifest"
    if ((${#ATTACKS[@]} > 1)); then
        { printf 'category\tattacker\tattacker_mac\tvictim\tservice\tstart\tend\ttool\n'; cat "$WORK/events"; } >"$OUTDIR/$NAME.events.tsv"
    fi
}

sort_manifest() {
    { head -n 1 "$1"; tail -n +2 "$1" | LC_ALL=C sort; } >"$WORK/manifest"
    cp "$WORK/manifest" "$1"
}
