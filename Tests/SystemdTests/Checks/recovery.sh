# kill -9 of each process: it comes back, and no connection is refused meanwhile.
. /check/common.sh

start
register
supervisor=$(property MainPID)
# Connects all the time; a refused connection leaves a line. Answers may fail while a process dies, connections may not.
(
    while [ ! -e /tmp/enough ]; do
        exec 8<>/dev/tcp/127.0.0.1/3001 || echo refused >>/tmp/refused
        exec 8>&-
        echo >>/tmp/connections
        sleep 0.02
    done
) 2>/dev/null &

for child in worker-1 gateway; do
    before=$(pid_of "$child")
    kill -KILL "$before"
    until_true 60 "another $child" replaced "$child" "$before"
    until_true 60 "answers after the death of $child" answers /ready
    has_rule "after the death of $child"
done
equals "$(property MainPID)" "$supervisor" "the supervisor"
equals "$(property NRestarts)" 0 "restarts of the service"

kill -KILL "$supervisor"
until_true 60 "another supervisor" eval '[ "$(property NRestarts)" = 1 ] && systemctl is-active -q $unit'
until_true 60 "answers after the death of the supervisor" answers /ready
has_rule "after the death of the supervisor"
touch /tmp/enough; wait
[ ! -e /tmp/refused ] || fail "$(wc -l </tmp/refused) of $(wc -l </tmp/connections) connections were refused"
[ "$(wc -l </tmp/connections)" -gt 20 ] || fail "only $(wc -l </tmp/connections) connections were tried"
