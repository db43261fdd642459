# Entries with fields, and no secret in any of them.
. /check/common.sh

# Something to complain about, with a request id.
start
get /api/automation/rules >/dev/null || true
entries() { journalctl -u "$unit" -o json "$@"; }

[ -n "$(entries TORBOX_PROCESS=supervisor PRIORITY=5 | grep -F '"MESSAGE":"supervisor ready ')" ] || fail "no entry of the supervisor"
for process in "worker 0" "worker 1" gateway; do
    [ -n "$(entries "TORBOX_PROCESS=$process" -n 1)" ] || fail "no entry of $process"
done
[ -n "$(entries TORBOX_CHILD_ID=worker-0 -n 1)" ] || fail "no entry about worker-0"
[ -n "$(entries SYSLOG_IDENTIFIER=worker-1 -n 1)" ] || fail "no entry under the name of worker 1"
kill -KILL "$(pid_of worker-1)"
until_true 30 "a warning about the death" eval '[ -n "$(journalctl -u $unit -p warning -o json TORBOX_CHILD_ID=worker-1)" ]'
! journalctl -o export | grep -aF 'a key that only this test knows' || fail "the key is in the journal"
