# Sourced by ./run and ./test: installs Debian packages that are missing, and nothing that is there.
# shellcheck shell=bash

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
# A server that outlives the script would hold files of the checkout.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false

# scratch_folder: a folder for everything temporary, which the caller removes at its end: the SDK's build leaves empty
# folders with random names, killed programs their debugger pipes. NuGet's locks stay where all builds of the user have them.
scratch_folder() {
  export NUGET_SCRATCH=${NUGET_SCRATCH:-${TMPDIR:-/tmp}/NuGetScratch$(id -un)}
  TMPDIR=$(mktemp -d -t appliance-XXXXXX) && export TMPDIR
}

say() { printf '%s\n' "$*" >&2; }

# install_missing COMMAND=PACKAGE…: where COMMAND is not found, PACKAGE is installed. `py:MODULE` is a module of Debian's Python,
# `so:FILE` a shared library.
# Returns 1, and says which, when something stays missing.
install_missing() {
  local pair packages=() still=()
  for pair in "$@"; do
    has_command "${pair%%=*}" || packages+=("${pair#*=}")
  done
  [ ${#packages[@]} -eq 0 ] && return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "Installing: ${packages[*]}"
    export DEBIAN_FRONTEND=noninteractive
    apt-get -o DPkg::Lock::Timeout=240 update -q >/dev/null 2>&1 || true
    # One by one where the whole list fails, so that one missing package does not cost the rest.
    apt-get -o DPkg::Lock::Timeout=240 install -y -q --no-install-recommends "${packages[@]}" >/dev/null 2>&1 ||
      for pair in "${packages[@]}"; do
        apt-get -o DPkg::Lock::Timeout=240 install -y -q --no-install-recommends "$pair" >/dev/null 2>&1 || true
      done
  fi
  for pair in "$@"; do
    has_command "${pair%%=*}" || still+=("${pair#*=}")
  done
  [ ${#still[@]} -eq 0 ] || { say "Missing, and not installed: ${still[*]}"; return 1; }
}

has_command() {
  case $1 in
    # Not the first python3 on the PATH: Debian's packages serve Debian's interpreter.
    py:*) /usr/bin/python3 -c "import ${1#py:}" >/dev/null 2>&1 ;;
    file:*) [ -e "${1#file:}" ] ;;
    so:*) PATH=$PATH:/sbin ldconfig -p | grep -wF "${1#so:}" >/dev/null ;;
    # sbin is not on the PATH of an ordinary user, the tools are there all the same.
    *) PATH=$PATH:/usr/sbin:/sbin command -v "$1" >/dev/null 2>&1 ;;
  esac
}
