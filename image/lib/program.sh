# shellcheck shell=bash
# The program, for image and package: self-contained and compiled ahead, from a copy of the sources so that no checkout's bin or obj is touched.

# copy_sources FOLDER: what git would commit now, without what the program is not built from.
copy_sources() {
  mkdir -p "$1"
  git -C "$checkout" ls-files -z --cached --others --exclude-standard -- \
    ':(glob)*' Appliance 'Appliance.*' protos .editorconfig traffic >"$work/sources" || fail "$checkout is no git checkout."
  # A file that is deleted but not yet committed so is still listed.
  (cd "$checkout" && xargs -0 -r sh -c 'for file; do [ ! -e "$file" ] || printf "%s\0" "$file"; done' sh <"$work/sources" |
    tar -c --no-recursion --null -T -) | tar -x -C "$1"
}

# publish RUNTIME VERSION FOLDER: the same bytes wherever it is built, from one commit.
publish() {
  local sources=$work/sources.d
  command -v dotnet >/dev/null || fail "The .NET SDK is missing: install .NET 10 and try again."
  [ -d "$sources" ] || copy_sources "$sources"
  say "Publishing the program for $1"
  # The compiler writes paths into programs; they stand below one folder, which is named the same everywhere. Without symbols: they hold
  # generated sources, which the logging generator orders differently each time, and the program names its symbols by their digest.
  (
    cd "$sources" || exit 1
    export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false
    quietly "$work/publish.log" dotnet publish Appliance -c Release -r "$1" --self-contained -o "$3" -v q \
      -p:Version="$2" -p:SourceRevisionId="$revision" -p:PathMap="$sources=/appliance" -p:RestoreLockedMode=true \
      -p:ContinuousIntegrationBuild=true -p:DeterministicSourcePaths=false -p:DebugType=none -p:DebugSymbols=false -p:EnableSourceControlManagerQueries=false
  ) || exit 1
  # ONNX Runtime's package brings Windows' library along.
  rm -f "$3"/*.xml "$3"/*.lib "$3/onnxruntime.dll"
  # NuGet unpacks with the right of whoever asked first.
  find "$3" -type f -exec chmod 644 {} +
  chmod 755 "$3/appliance"
  # The time of the checkout's files; browsers get it with each asset.
  find "$3" -name '*.staticwebassets.endpoints.json' -exec sed -i -E \
    "s/(\"Name\": ?\"Last-Modified\", ?\"Value\": ?\")[^\"]*/\1$(date -u -d "@$epoch" '+%a, %d %b %Y %H:%M:%S GMT')/g" {} +
}
