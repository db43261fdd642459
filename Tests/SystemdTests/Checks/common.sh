# What every check begins with: the user, the directories, a key, and a few words to check with.
set -eu -o pipefail

unit=torbox-backend.service
data=/var/lib/torbox-backend

fail() { echo "FAILED: $*" >&2; systemctl status --no-pager --full "$unit" >&2 || true; exit 1; }

# until_true SECONDS WHAT COMMAND...: waits for an event of another process.
until_true() {
    local limit=$((SECONDS + $1)) what=$2; shift 2
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$limit" ] || fail "not within its time: $what"
        sleep 0.05
    done
}

property() { systemctl show --value -p "$1" "$unit"; }
equals() { [ "$1" = "$2" ] || fail "$3: expected \"$2\", got \"$1\""; }
contains() { case $1 in *"$2"*) ;; *) fail "$3: no \"$2\" in: $1" ;; esac; }

# get PATH: the status code of the answer, a line feed, the rest.
get() {
    exec 7<>/dev/tcp/127.0.0.1/3001 || return 1
    printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$1" >&7
    local answer; answer=$(timeout 30 cat <&7); exec 7>&-
    [ -n "$answer" ] || return 1
    answer=${answer#HTTP/1.1 }; echo "${answer%% *}"; echo "$answer"
}
answers() { [ "$(get "$1" | head -n 1)" = 200 ]; }

# pid_of NAME: of worker-0, gateway; nothing when it does not run.
pid_of() {
    local wanted pid
    case $1 in gateway) wanted="api-gateway serve" ;; *) wanted="worker serve --index ${1#worker-}" ;; esac
    for pid in $(cat "/sys/fs/cgroup$(property ControlGroup)/cgroup.procs"); do
        case "$(tr '\0' ' ' <"/proc/$pid/cmdline") " in *"/$wanted "*) echo "$pid" ;; esac
    done
}
# replaced NAME PID: it runs again as another process.
replaced() { local pid; pid=$(pid_of "$1"); [ -n "$pid" ] && [ "$pid" != "$2" ]; }

install() {
    systemd-sysusers
    printf 'a key that only this test knows\n' >/etc/credstore.key
    mkdir -p /etc/torbox-backend /etc/credstore
    mv /etc/credstore.key /etc/credstore/torbox-backend.encryption-key
    printf 'WORKERS=2\nTORBOX_API_BASE=http://127.0.0.1:9\n' >/etc/torbox-backend/environment
    systemd-tmpfiles --create torbox-backend.conf
    systemctl daemon-reload
}
start() {
    install
    systemctl start torbox-backend.socket
    systemctl start "$unit" || fail "the service does not start"
}
