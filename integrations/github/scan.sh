#!/usr/bin/env bash
# Scans, and tells GitHub Actions what came out. Called by action.yml; everything comes in as environment:
#   UNLABEL                     the program
#   INPUT_PATHS                 files and folders, one a line
#   INPUT_ROLE, INPUT_MARKET, INPUT_AS_OF, INPUT_FAIL_ON, INPUT_CONFIG, INPUT_BASELINE   one value, or empty
#   INPUT_ACTS, INPUT_FACTS, INPUT_RULES    one value a line
#   INPUT_ALLOW_INCOMPLETE, INPUT_ANNOTATIONS, INPUT_SUMMARY     "true" or "false"
#   INPUT_JSON_FILE, INPUT_SARIF_FILE, INPUT_HTML_FILE           where to write that form, or empty
#   GITHUB_OUTPUT, GITHUB_STEP_SUMMARY, RUNNER_TEMP              as the runner sets them
# Ends with the status of the scan: 0, 1 (found), 2 (wrong use), 3 (not everything was read). Without a report that can
# be read it never ends with 0.
# Nothing from outside is ever part of a command: values are arguments of their own, behind the name of an option.
set -euo pipefail

stop() { printf '::error title=unlabel::%s\n' "$*"; printf 'status=%s\nexit-status=2\n' failed >> "$GITHUB_OUTPUT"; exit 2; }

arguments=(scan --no-progress)
# What would be a second line in GITHUB_OUTPUT, or is two values where there is one, is refused.
one() { case $2 in *$'\n'* | *$'\r'*) stop "the input $1 must be one line" ;; esac; }
option() { one "$1" "$2"; [ -z "$2" ] || arguments+=("--$1=$2"); }
lines() {
  local line
  while IFS= read -r line || [ -n "$line" ]; do
    line=${line%$'\r'}
    [ -z "$line" ] || printf '%s\0' "$line"
  done <<< "$1"
}
each() {
  local value
  while IFS= read -r -d '' value; do arguments+=("--$1=$value"); done < <(lines "$2")
}
choice() { case $2 in true | false) ;; *) stop "the input $1 must be true or false" ;; esac; }

option role "${INPUT_ROLE:-}"
option market "${INPUT_MARKET:-}"
option as-of "${INPUT_AS_OF:-}"
option fail-on "${INPUT_FAIL_ON:-}"
option config "${INPUT_CONFIG:-}"
option baseline "${INPUT_BASELINE:-}"
each act "${INPUT_ACTS:-}"
each fact "${INPUT_FACTS:-}"
each rules "${INPUT_RULES:-}"
choice allow-incomplete "${INPUT_ALLOW_INCOMPLETE:=false}"
choice annotations "${INPUT_ANNOTATIONS:=true}"
choice summary "${INPUT_SUMMARY:=true}"
[ "$INPUT_ALLOW_INCOMPLETE" = false ] || arguments+=(--allow-incomplete)
if [ "$INPUT_ANNOTATIONS" = true ]; then arguments+=(--format=github); else arguments+=(--format=text); fi

folder=$(mktemp -d "${RUNNER_TEMP:-/tmp}/unlabel.XXXXXX")
for name in json sarif html; do
  input=INPUT_$(printf %s "$name" | tr '[:lower:]' '[:upper:]')_FILE
  one "$name-file" "${!input:-}"
done
# A report of an earlier step must neither be taken for one of this, nor be gone when it is the baseline.
json=$folder/report.json
arguments+=("--output=json=$json")
[ -z "${INPUT_SARIF_FILE:-}" ] || arguments+=("--output=sarif=$INPUT_SARIF_FILE")
[ -z "${INPUT_HTML_FILE:-}" ] || arguments+=("--output=html=$INPUT_HTML_FILE")
[ "$INPUT_SUMMARY" = false ] || arguments+=("--output=markdown=$folder/summary.md")

paths=()
while IFS= read -r -d '' path; do
  # A path may begin with a hyphen; a hyphen alone would be standard input, which a job does not have.
  if [ "$path" = - ]; then stop "standard input cannot be scanned here: name a file or folder"; fi
  paths+=("$path")
done < <(lines "${INPUT_PATHS:-}")
[ ${#paths[@]} -gt 0 ] || stop "the input paths names no file or folder"

status=0
# The text report is no place for workflow commands: until the word that nobody can guess, the runner takes none.
resume=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
[ "$INPUT_ANNOTATIONS" = true ] || printf '::stop-commands::%s\n' "$resume"
"$UNLABEL" "${arguments[@]}" -- "${paths[@]}" || status=$?
[ "$INPUT_ANNOTATIONS" = true ] || printf '::%s::\n' "$resume"

# The summary of the report stands in lines of its own, before anything that comes from a document.
figure() { sed -n '/^  "summary": {$/,/^  }/s/^    "'"$1"'": "\{0,1\}\([A-Za-z0-9-]*\)"\{0,1\},\{0,1\}$/\1/p' "$json" | head -n 1; }
[ -f "$json" ] || stop "there is no report (unlabel ended with $status)"
told=$(figure exit_status)
if [ "$told" != "$status" ] && [ "$status" = 0 ]; then stop "the report does not fit the exit status"; fi
if [ -n "${INPUT_JSON_FILE:-}" ]; then
  cp -- "$json" "$INPUT_JSON_FILE" || stop "the JSON report could not be written"
  json=$INPUT_JSON_FILE
fi
case $status in
  0) word=passed ;;
  1) word=found ;;
  3) word=incomplete ;;
  *) word=failed ;;
esac
absolute() { case $1 in /* | [A-Za-z]:*) printf %s "$1" ;; *) printf '%s/%s' "$(cygpath -m "$PWD" 2> /dev/null || pwd)" "$1" ;; esac; }
{
  printf 'status=%s\n' "$word"
  printf 'exit-status=%s\n' "$status"
  printf 'level=%s\n' "$(figure level)"
  printf 'findings=%s\n' "$(figure findings)"
  printf 'questions=%s\n' "$(figure questions)"
  printf 'unread=%s\n' "$(figure unread)"
  printf 'json-file=%s\n' "$(absolute "$json")"
  [ ! -f "${INPUT_SARIF_FILE:-}" ] || printf 'sarif-file=%s\n' "$(absolute "$INPUT_SARIF_FILE")"
  [ ! -f "${INPUT_HTML_FILE:-}" ] || printf 'html-file=%s\n' "$(absolute "$INPUT_HTML_FILE")"
} >> "$GITHUB_OUTPUT"
if [ "$INPUT_SUMMARY" = true ] && [ -f "$folder/summary.md" ] && [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
  cat "$folder/summary.md" >> "$GITHUB_STEP_SUMMARY"
fi
exit "$status"
