# Start by a connection, status, credential, files, stop, data kept.
. /check/common.sh

install
text=$(systemd-analyze verify --man=no "$unit" torbox-backend.socket 2>&1) && [ -z "$text" ] || fail "systemd complains: $text"
printf 'an administrator whom only this test knows\n' >/etc/credstore/torbox-backend.admin-api-key
systemctl start torbox-backend.socket
equals "$(property ActiveState)" inactive "before the first connection"
# The connection itself starts the service and waits for it.
answers /health || fail "no answer through the socket"
until_true 60 "ready" answers /ready
until_true 60 "active" systemctl is-active -q "$unit"
until_true 60 "status of both workers" eval 'systemctl status $unit | grep -q "2 of 2 workers ready, gateway ready"'
contains "$(property StatusText)" "serving: 2 of 2 workers ready, gateway ready" "status text"

# The credentials were used: no other key was made, and the administrator's opens.
[ ! -e "$data/encryption.key" ] || fail "a key was generated although the credential is there"
contains "$(ask GET /api/admin/users "" "x-admin-key: an administrator whom only this test knows")" "200 OK" "the administrator"
contains "$(ask GET /api/admin/users "" "x-admin-key: somebody else")" "403 Forbidden" "not the administrator"

register
has_rule "after saving it"
equals "$(stat -c %U:%a "$data")" torbox-backend:700 "the data directory"
[ -z "$(find / -xdev -user torbox-backend ! -path "$data*" ! -path '/run/*' ! -path '/proc/*' ! -path '/tmp/systemd-private*' ! -path '/var/tmp/systemd-private*' 2>/dev/null)" ] ||
    fail "files outside of the data directory: $(find / -xdev -user torbox-backend ! -path "$data*" ! -path '/run/*')"
[ -z "$(find "$data" /run/torbox-backend ! -type d -perm /077)" ] || fail "files that others may read"

began=$SECONDS
systemctl stop torbox-backend.socket "$unit"
[ $((SECONDS - began)) -le 45 ] || fail "the stop took $((SECONDS - began)) s"
equals "$(property Result) $(property ExecMainStatus) $(property ActiveState)" "success 0 inactive" "after the stop"
[ ! -e /run/torbox-backend ] || fail "the runtime directory is still there"

systemctl start "$unit"
has_rule "after the second start"
