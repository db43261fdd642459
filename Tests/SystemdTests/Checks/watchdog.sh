# A supervisor that stands still is killed and replaced.
. /check/common.sh

mkdir -p "/run/systemd/system/$unit.d"
printf '[Service]\nWatchdogSec=5\n' >"/run/systemd/system/$unit.d/short.conf"
start
supervisor=$(property MainPID)
# Longer than the limit: it is fed.
sleep 6
equals "$(property MainPID) $(property NRestarts)" "$supervisor 0" "with a working supervisor"
kill -STOP "$supervisor"
until_true 60 "the watchdog" eval '[ "$(property NRestarts)" = 1 ] && systemctl is-active -q $unit'
contains "$(journalctl -u "$unit" -o cat)" "Watchdog timeout" "the journal"
[ "$(property MainPID)" != "$supervisor" ] || fail "it is the same supervisor"
until_true 60 "answers" answers /ready
