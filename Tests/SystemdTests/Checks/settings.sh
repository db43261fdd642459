# Bad settings: a reload changes nothing and says so, a start fails and is not tried again.
. /check/common.sh

start
gateway=$(pid_of gateway)
sed -i s/^WORKERS=.*/WORKERS=many/ /etc/torbox-backend/environment
! systemctl reload "$unit" || fail "a reload with bad settings succeeded"
contains "$(journalctl -u "$unit" -o cat)" 'WORKERS is "many"; give a whole number from 1 to 256' "the journal"
equals "$(property ActiveState) $(pid_of gateway)" "active $gateway" "after the refused reload"
answers /ready || fail "no answer after the refused reload"

sed -i s/^WORKERS=.*/WORKERS=3/ /etc/torbox-backend/environment
systemctl reload "$unit" || fail "a reload with good settings failed"
until_true 60 "another gateway" replaced gateway "$gateway"
until_true 60 "the third worker of the new settings" eval '[ -n "$(pid_of worker-2)" ]'
until_true 60 "answers after the reload" answers /ready

systemctl stop torbox-backend.socket "$unit"
sed -i s/^WORKERS=.*/WORKERS=many/ /etc/torbox-backend/environment
! systemctl start "$unit" || fail "a start with bad settings succeeded"
until_true 30 "the end" systemctl is-failed -q "$unit"
equals "$(property ExecMainStatus) $(property NRestarts)" "78 0" "after the start"

# Without a key nothing starts at all.
systemctl reset-failed "$unit"
rm /etc/credstore/torbox-backend.encryption-key
systemctl start torbox-backend.socket "$unit"
equals "$(property ActiveState) $(property ConditionResult)" "inactive no" "without a key"
