#!/usr/bin/env bash
# Smoke: acquires a node and creates a site through the API, then looks at its preview from outside.
#
# Against the instance at PRESSLUFT_URL (with PRESSLUFT_TOKEN, else the token of this machine's instance), or, when
# that is unset, against one of its own that it starts and removes. What it made on somebody's instance it deletes
# again when all went well; PRESSLUFT_SMOKE_KEEP=1 keeps it.
set -euo pipefail

home="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
node_patience="${PRESSLUFT_SMOKE_NODE_SECONDS:-900}"
site_patience="${PRESSLUFT_SMOKE_SITE_SECONDS:-240}"
own="" keeper="" work=""
last_command="" job="" answer=""

say() { printf '[%4d s] %s\n' "$SECONDS" "$*"; }

# value <python expression over the parsed JSON "it" on standard input>
value() {
    python3 -c 'import json, sys
it = json.load(sys.stdin)
result = eval(sys.argv[1])
print("" if result is None else result)' "$1"
}

cleanup() {
    local status=$?
    trap - EXIT INT TERM
    if [ -n "$own" ]; then
        if [ "$status" -ne 0 ] && [ -f "$own/control-plane.log" ]; then
            printf -- '--- the end of the control plane'\''s log\n' >&2
            tail -n 25 "$own/control-plane.log" >&2
        fi
        if [ -n "$keeper" ]; then
            kill -TERM "$keeper" 2> /dev/null || true
            wait "$keeper" 2> /dev/null || true
        fi
        say "Removing the instance of this smoke"
        PRESSLUFT_URL="" PRESSLUFT_DATA="$own" "$home/pressluft" down --purge || status=1
    fi
    [ -z "$work" ] || rm -rf "$work"
    exit "$status"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

# failed <what>: everything that is known, then the end.
failed() {
    {
        printf 'FAILED: %s\n' "$1"
        printf '  command     %s\n' "$last_command"
        [ -z "$answer" ] || printf '  answer      %s\n' "${answer:0:2000}"
        if [ -n "$job" ]; then
            printf '  job         %s\n' "$job"
            request GET "/api/jobs/$job" && printf '%s' "$answer" | python3 -c '
import json, sys
job = json.load(sys.stdin)
failure = job.get("failure") or {}
clean = lambda text: "".join(c if c.isprintable() else "?" for c in str(text))
print("  state       " + clean(job.get("state")))
print("  error code  " + clean(failure.get("code", "none")))
print("  message     " + clean(failure.get("message", "none")))
print("  step        " + clean(failure.get("step", "none")))
print("  what to do  " + clean(failure.get("remediation", "none")))
print("  last steps")
for step in (job.get("steps") or [])[-10:]:
    print("    %4s %-8s %-8s %s %s" % (step.get("ordinal"), step.get("phase"), step.get("outcome"),
        clean(step.get("name")), clean(step.get("message") or "")))'
        fi
    } >&2
    exit 1
}

# request <method> <path> [body]: fills "answer" and "status"; the token is not on any command line.
request() {
    local arguments=(--silent --show-error --max-time 60 --request "$1" --write-out '\n%{http_code}')
    last_command="curl --request $1 $url$2"
    [ -z "${3:-}" ] || last_command+=" --data '$3'"
    [ -z "${3:-}" ] || arguments+=(--header 'Content-Type: application/json'
        --header "Idempotency-Key: smoke-$run-$2" --data "$3")
    if ! answer="$(printf 'header = "Authorization: Bearer %s"\n' "$token" |
        curl --config - "${arguments[@]}" "$url$2" 2>&1)"; then
        status=000
        return 1
    fi
    status="${answer##*$'\n'}"
    answer="${answer%$'\n'*}"
}

# expect <status> <method> <path> [body]
expect() {
    local wanted="$1"
    shift
    request "$@" || failed "the control plane does not answer"
    [ "$status" = "$wanted" ] || failed "expected $wanted, got $status"
}

# follow <seconds>: waits for "job"; its states must come in the legal order and end in succeeded.
follow() {
    local patience="$1" until=$((SECONDS + $1)) state="" now ranks="queued dispatched running verifying succeeded"
    while :; do
        request GET "/api/jobs/$job" || [ "$SECONDS" -lt "$until" ] || failed "the control plane does not answer"
        if [ "$status" = 200 ]; then
            now="$(printf '%s' "$answer" | value 'it["state"]')"
            if [ "$now" != "$state" ]; then
                say "  job $job: $now"
                case " $ranks " in
                    *" $now "*) ranks="$now${ranks#*"$now"}" ;;
                    *) failed "job $job went from ${state:-nothing} to $now" ;;
                esac
                state="$now"
            fi
            [ "$state" != succeeded ] || break
        fi
        [ "$SECONDS" -lt "$until" ] || failed "job $job is not done after $patience s"
        sleep 0.5
    done
    [ "$(printf '%s' "$answer" | value 'len(it["steps"]) > 0 and bool(it["settledAt"]) and "failure" not in {k for k, v in it.items() if v}')" = True ] ||
        failed "job $job succeeded without steps or time, or with a failure"
    printf '%s' "$answer" | value '"           %d steps, %d changed" % (len(it["steps"]), sum(s["outcome"] == "changed" for s in it["steps"]))'
    [ "$(printf '%s' "$answer" | value 'any(s["outcome"] in ("failed", "running") for s in it["steps"])')" = False ] ||
        failed "job $job succeeded with a failed or unfinished step"
}

run="$(python3 -c 'import secrets; print(secrets.token_hex(4))')"
work="$(mktemp -d "${TMPDIR:-/var/tmp}/pressluft-smoke.XXXXXX")"
chmod 711 "$work"

url="${PRESSLUFT_URL:-}"
url="${url%/}"
if [ -z "$url" ]; then
    own="$work/data"
    say "PRESSLUFT_URL is not set: starting an instance of its own in $own"
    PRESSLUFT_DATA="$own" "$home/pressluft" dev --ephemeral > "$work/dev.log" 2>&1 &
    keeper=$!
    until [ -f "$own/instance.json" ]; do
        kill -0 "$keeper" 2> /dev/null || {
            cat "$work/dev.log" >&2
            last_command="pressluft dev --ephemeral"
            failed "the instance did not start"
        }
        [ $((SECONDS % 30)) -ne 29 ] || say "  starting: $(tail -n 1 "$work/dev.log")"
        sleep 1
    done
    url="$(value 'it["url"].rstrip("/")' < "$own/instance.json")"
    token="$(cat "$own/operator.token")"
else
    data="${PRESSLUFT_DATA:-$home/.pressluft}"
    token="${PRESSLUFT_TOKEN:-$(cat "$data/operator.token" 2> /dev/null || true)}"
    [ -n "$token" ] || {
        last_command="(none)"
        failed "PRESSLUFT_TOKEN is not set and $data/operator.token cannot be read"
    }
fi

say "Control plane: $url"
expect 200 GET /api/status
printf '%s' "$answer" | value '"           version %s, database %s, broker %s" % (it["version"], it["database"], it["broker"])'

say "Asking for a local node"
expect 202 POST /api/nodes '{"source":"local","provider":"nspawn"}'
node="$(printf '%s' "$answer" | value 'it["node"]["id"]')"
job="$(printf '%s' "$answer" | value 'it["job"]["id"]')"
follow "$node_patience"
job=""
expect 200 GET "/api/nodes/$node"
[ "$(printf '%s' "$answer" | value 'it["state"] == "ready" and it["ready"]')" = True ] || failed "node $node is not ready"

slug="smoke-$run"
title="Smoke $run {{ 7*7 }} \$(id) & Grüße"
say "Asking for site $slug on $node"
expect 202 POST /api/sites "$(python3 -c 'import json, sys
print(json.dumps({"slug": sys.argv[1], "title": sys.argv[2], "nodeId": sys.argv[3]}))' "$slug" "$title" "$node")"
site="$(printf '%s' "$answer" | value 'it["site"]["id"]')"
job="$(printf '%s' "$answer" | value 'it["job"]["id"]')"
follow "$site_patience"
job=""
expect 200 GET "/api/sites/$site"
[ "$(printf '%s' "$answer" | value 'it["state"]')" = active ] || failed "site $site is not active"
preview="$(printf '%s' "$answer" | value 'it["environments"][0]["url"]')"
[ "$(printf '%s' "$answer" | value 'bool(it["environments"][0].get("provenAt"))')" = True ] ||
    failed "site $site was never proven"

say "Preview: $preview"
resolve=()
authority="${preview#*://}"
authority="${authority%%/*}"
case "$authority" in
    *.localhost:*) resolve=(--resolve "$authority:127.0.0.1") ;;
    *.localhost) resolve=(--resolve "$authority:80:127.0.0.1") ;;
esac
signatures=()
for _ in 1 2; do
    nonce="$(python3 -c 'import secrets; print(secrets.token_hex(16))')"
    last_command="curl ${resolve[*]} ${preview%/}/?pressluft_nonce=$nonce"
    answer=""
    curl --silent --show-error --fail --max-time 30 "${resolve[@]}" --output "$work/page.html" \
        "${preview%/}/?pressluft_nonce=$nonce" || failed "the preview does not answer"
    signature="$(python3 - "$work/page.html" "$title" << 'PYTHON'
import html, re, sys
page = open(sys.argv[1], encoding="utf-8").read()
title = re.search(r"<title>(.*?)</title>", page, re.S)
plain = lambda text: re.sub("[\u2018\u2019\u201c\u201d]", "'", html.unescape(text))
if not title or plain(sys.argv[2]) not in plain(title.group(1)):
    sys.exit("the page has the title %r, not %r" % (title and title.group(1), sys.argv[2]))
mark = re.search(r"\n<!-- pressluft-proof v1 ([A-Za-z0-9+/]{86}==) -->\n\Z", page)
if not mark:
    sys.exit("the page does not end with a signature: %r" % page[-200:])
print(mark.group(1))
PYTHON
    )" || failed "the preview is not this site's completely rendered front page"
    signatures+=("$signature")
done
[ "${signatures[0]}" != "${signatures[1]}" ] || failed "two nonces were answered with one signature: a cached page"

if [ -z "$own" ] && [ -z "${PRESSLUFT_SMOKE_KEEP:-}" ]; then
    say "Deleting site $slug and node $node"
    expect 202 DELETE "/api/sites/$site" "{\"confirm\":\"$slug\"}"
    job="$(printf '%s' "$answer" | value 'it["job"]["id"]')"
    follow "$site_patience"
    expect 202 DELETE "/api/nodes/$node"
    job="$(printf '%s' "$answer" | value 'it["job"]["id"]')"
    follow "$site_patience"
fi
say "PASSED: node $node, site $slug at $preview"
