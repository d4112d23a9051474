#!/usr/bin/env bash
# Puts unlabel where the next steps of a job find it. Called by action.yml; everything comes in as environment:
#   INPUT_PROGRAM            an unlabel that is there already; nothing is fetched then
#   INPUT_VERSION            version to get; empty is the version of this action
#   INPUT_VERIFY_PROVENANCE  "true" also asks `gh attestation verify` who built the archive
#   ACTION_REPOSITORY        OWNER/REPOSITORY this action comes from; empty where it is used as a folder
#   GITHUB_ACTION_PATH, GITHUB_SERVER_URL, GITHUB_OUTPUT, RUNNER_OS, RUNNER_ARCH, RUNNER_TEMP   as the runner sets them
# Writes the path of the program to GITHUB_OUTPUT, as `program`.
# What was fetched is run only when its SHA-256 is that of the release; where the release has nothing for the machine,
# the program is built from the source of the action. A wrong sum is an end, never a reason to build.
set -euo pipefail

say() { printf '%s\n' "$*"; }
stop() { printf '::error title=unlabel::%s\n' "$*"; exit 2; }
done_with() { printf 'program=%s\n' "$1" >> "$GITHUB_OUTPUT"; "$1" --version; exit 0; }

here=$GITHUB_ACTION_PATH
if [ -n "${INPUT_PROGRAM:-}" ]; then
  program=$(command -v -- "$INPUT_PROGRAM") || stop "the input program names nothing that can be run"
  case $program in *$'\n'*) stop "the path of the program holds a line break" ;; esac
  case $program in /* | [A-Za-z]:*) ;; *) program=$PWD/$program ;; esac
  done_with "$program"
fi

own=$(sed -n 's/^version = "\([0-9A-Za-z.+-]*\)"$/\1/p' "$here/Cargo.toml" | head -n 1)
version=${INPUT_VERSION:-$own}
version=${version#v}
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+([.+-][0-9A-Za-z.+-]*)?$ ]] || stop "the input version is no version, such as $own"

repository=${ACTION_REPOSITORY:-}
if [ -z "$repository" ] && [[ $here =~ /_actions/([^/]+/[^/]+)/ ]]; then
  repository=${BASH_REMATCH[1]}
fi

case ${RUNNER_OS:-}-${RUNNER_ARCH:-} in
  Linux-X64) target=x86_64-unknown-linux-musl ending=tar.gz ;;
  Linux-ARM64) target=aarch64-unknown-linux-musl ending=tar.gz ;;
  macOS-X64) target=x86_64-apple-darwin ending=tar.gz ;;
  macOS-ARM64) target=aarch64-apple-darwin ending=tar.gz ;;
  Windows-X64) target=x86_64-pc-windows-msvc ending=zip ;;
  *) target='' ending='' ;;
esac

folder=$(mktemp -d "${RUNNER_TEMP:-/tmp}/unlabel.XXXXXX")

build() {
  say "unlabel is built here: $1"
  command -v cargo > /dev/null || stop "$1, and there is no Rust here to build it with"
  if [ "$version" = "$own" ]; then
    cargo install --locked --quiet --path "$here" --root "$folder"
  else
    cargo install --locked --quiet --version "=$version" --root "$folder" unlabel
  fi
  done_with "$folder/bin/unlabel"
}

[ -n "$target" ] || build "there is no archive for ${RUNNER_OS:-this system} on ${RUNNER_ARCH:-this machine}"
[ -n "$repository" ] || build "the action is a folder and comes from no release"

name=unlabel-$version-$target
address=${UNLABEL_RELEASES:-$GITHUB_SERVER_URL/$repository/releases/download}/v$version
# --fail gives 22 for a release or file that is not there; everything else that goes wrong is an end.
fetch() {
  local status=0
  curl --fail --silent --show-error --location --proto '=https,file' --retry 3 --max-time 300 --output "$folder/$1" "$address/$1" 2> "$folder/told" || status=$?
  case $status in
    0) ;;
    22 | 37) return 1 ;;
    *) cat "$folder/told"; stop "$1 could not be fetched (curl ended with $status)" ;;
  esac
}
fetch SHA256SUMS || build "there is no release $version with checksums"
# Sums are compared as texts, so that no line of the list can name another file.
want=$(awk -v file="$name.$ending" '{ sub(/^\*/, "", $2) } $2 == file { print tolower($1) }' "$folder/SHA256SUMS")
grep -Fq -- "$name.$ending" "$folder/SHA256SUMS" || build "release $version has no $name.$ending"
[[ $want =~ ^[0-9a-f]{64}$ ]] || stop "SHA256SUMS has no single sum for $name.$ending"
fetch "$name.$ending" || stop "$name.$ending is in SHA256SUMS and not in the release"
if command -v sha256sum > /dev/null; then
  is=$(sha256sum < "$folder/$name.$ending")
else
  is=$(shasum -a 256 < "$folder/$name.$ending")
fi
is=${is%% *}
[ "$is" = "$want" ] || stop "$name.$ending has the SHA-256 $is, and SHA256SUMS says $want"
say "$name.$ending: SHA-256 $is, as in SHA256SUMS"

if [ "${INPUT_VERIFY_PROVENANCE:-false}" = true ]; then
  command -v gh > /dev/null || stop "verify-provenance needs the program gh, which is not here"
  gh attestation verify "$folder/$name.$ending" --repo "$repository" || stop "the provenance of $name.$ending could not be verified"
fi

case $ending in
  zip) unzip -q "$folder/$name.$ending" -d "$folder" ;;
  *) tar -xzf "$folder/$name.$ending" -C "$folder" ;;
esac
program=$folder/$name/unlabel
[ ! -f "$program.exe" ] || program=$program.exe
[ -f "$program" ] || stop "$name.$ending holds no program"
done_with "$program"
