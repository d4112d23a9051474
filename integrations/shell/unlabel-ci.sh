#!/bin/sh
# unlabel in any build server that runs a shell: integrations/shell/unlabel-ci.sh REPORTS PATH... [-- OPTION...]
# Scans the paths, leaves every form a build server may want in the folder REPORTS, and ends with the status of the scan:
# 0 nothing at or above --fail-on, 1 found, 2 wrong use, 3 not everything was read, which is no all-clear.
# UNLABEL names the program; without it, it is looked for on the path.
set -eu
[ $# -ge 2 ] || { echo "usage: unlabel-ci.sh REPORTS PATH... [-- OPTION...]" >&2; exit 2; }
reports=$1
shift
# Paths first, options behind the two hyphens: turned around for the program, so that no path is taken for an option.
paths=$#
count=0
for argument in "$@"; do
  [ "$argument" != -- ] || { paths=$count; break; }
  count=$((count + 1))
done
[ "$paths" -gt 0 ] || { echo "unlabel-ci.sh: no path to scan" >&2; exit 2; }
total=$#
set -- "$@" --
moved=0
while [ "$moved" -lt "$paths" ]; do
  set -- "$@" "$1"
  shift
  moved=$((moved + 1))
done
[ "$paths" -eq "$total" ] || shift
mkdir -p "$reports"
exec "${UNLABEL:-unlabel}" scan --no-progress \
  --output "json=$reports/report.json" --output "html=$reports/report.html" --output "junit=$reports/junit.xml" \
  --output "sarif=$reports/unlabel.sarif" --output "csv=$reports/report.csv" --output "markdown=$reports/summary.md" "$@"
