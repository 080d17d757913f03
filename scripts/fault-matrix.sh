#!/usr/bin/env bash
# Strikes a node of its own with faults at the steps of a site's creation, and prints what came of it.
#
# fault-matrix.sh [pattern]      only the rows whose names the pattern is found in, such as "agent killed" or "step 9 "
#
# PRESSLUFT_SEED=<number>        repeats the order of an earlier run
#
# The last line is "faults: <rows>, red: <rows in which something did not hold>". Exit code 0 when none is red.
set -euo pipefail

home="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
log="$(mktemp "${TMPDIR:-/tmp}/pressluft-faults-XXXXXX.log")"

# The product's own tests are what `./pressluft test` runs; here it is the matrix and its mutants.
status=0
"$home/pressluft" test -pl protocol,agent,control-plane,cli,e2e -Dtest='FaultMatrixTest,FaultMutantTest' -Dsurefire.failIfNoSpecifiedTests=false \
    "-Dpressluft.faults=${1:-all}" ${PRESSLUFT_SEED:+"-Dpressluft.seed=$PRESSLUFT_SEED"} > "$log" 2>&1 || status=$?

matrix="$(sed -n '/^fault, its numbers in the list/,/^faults: /p' "$log")"
mutants="$(sed -n 's/^mutants: //p' "$log")"
if [ -z "$matrix" ] || [ -z "$mutants" ]; then
    tail -n 40 "$log" >&2
    printf 'fault-matrix: it did not come to its end; the log is %s\n' "$log" >&2
    exit 1
fi
if [ "$status" -ne 0 ]; then
    printf 'Something did not hold; the log with every message: %s\n' "$log"
else
    rm -f "$log"
fi
printf 'guards taken out of the product: %s\n\n%s\n' "$mutants" "$matrix"
exit "$status"
