# sysusers.d(5) lines to passwd and group. First file: the numbers of accounts that ask for none.
function group_of(name, id) {
  if (name in groups) return groups[name]
  groups[name] = id
  print name ":x:" id ":" >>group
  return id
}

function number(name, asked) {
  if (asked ~ /^[0-9]+$/) return asked
  if (name in numbers) return numbers[name]
  print "sysusers names " name ", which has no number." >"/dev/stderr"
  failed = 1
  return 65533
}

BEGIN {
  while ((getline line <passwd) > 0) { split(line, field, ":"); users[field[1]] }
  while ((getline line <group) > 0) { split(line, field, ":"); groups[field[1]] = field[3] }
}

FNR == NR { numbers[$1] = $2; next }

/^[[:space:]]*(#|$)/ { next }

{
  comment = $0
  comment = comment ~ /"/ ? substr(comment, index(comment, "\"") + 1) : ""
  sub(/".*/, "", comment)
  rest = $0
  sub(/^.*"[[:space:]]*/, "", rest)
  home = split(rest, part, " ") > 0 && comment != "" && part[1] ~ /^\// ? part[1] : "/"
}

$1 ~ /^u!?$/ && !($2 in users) {
  split($3, ids, ":")
  id = number($2, ids[1])
  primary = ids[2] == "" ? group_of($2, id) : (ids[2] ~ /^[0-9]+$/ ? ids[2] : group_of(ids[2], number(ids[2], "-")))
  print $2 ":*:" id ":" primary ":" comment ":" home ":/usr/sbin/nologin" >>passwd
  users[$2]
}

$1 == "g" { group_of($2, $2 in groups ? groups[$2] : number($2, $3)) }

$1 == "m" { members[$3] = members[$3] (members[$3] == "" ? "" : ",") $2 }

END {
  close(group)
  while ((getline line <group) > 0) {
    split(line, field, ":")
    if (field[1] in members) line = line (line ~ /:$/ ? "" : ",") members[field[1]]
    all = all line "\n"
  }
  close(group)
  printf "%s", all >group
  exit failed
}
