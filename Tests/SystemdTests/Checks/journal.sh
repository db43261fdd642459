# Entries with fields, and no secret in any of them.
. /check/common.sh

start
entries() { journalctl -u "$unit" -o json "$@"; }

[ -n "$(entries TORBOX_PROCESS=supervisor PRIORITY=5 | grep -F '"MESSAGE":"supervisor ready ')" ] || fail "no entry of the supervisor"
for process in "worker 0" "worker 1" gateway; do
    [ -n "$(entries "TORBOX_PROCESS=$process" -n 1)" ] || fail "no entry of $process"
done
[ -n "$(entries TORBOX_CHILD_ID=worker-0 -n 1)" ] || fail "no entry about worker-0"
[ -n "$(entries SYSLOG_IDENTIFIER=worker-1 -n 1)" ] || fail "no entry under the name of worker 1"

# TorBox cannot be reached: a refusal with its request, user and slot.
answer=$(as_user POST /api/backend/api-key/ensure-db '{}')
id=$(printf %s "$answer" | sed -n 's/^X-Correlation-Id: \([0-9a-f]*\).*/\1/p')
user=$(printf %s "$user_key" | sha256sum | cut -c 1-8)
[ -n "$id" ] || fail "no request id in: $answer"
until_true 10 "the refusal of $user in the journal" eval \
    '[ -n "$(entries TORBOX_REQUEST_ID=$id TORBOX_USER_ID=$user TORBOX_SLOT=${user:0:2} PRIORITY=5)" ]'

kill -KILL "$(pid_of worker-1)"
until_true 30 "a warning about the death" eval '[ -n "$(journalctl -u $unit -p warning -o json TORBOX_CHILD_ID=worker-1)" ]'
for secret in 'a key that only this test knows' "$user_key"; do
    ! journalctl -o export | grep -aF "$secret" || fail "a secret is in the journal"
done
