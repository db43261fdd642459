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

# ask METHOD PATH BODY [HEADER]...: the status code of the answer, a line feed, the rest.
ask() {
    local method=$1 path=$2 body=$3 header headers="" answer; shift 3
    for header in "$@"; do headers+="$header"$'\r\n'; done
    exec 7<>/dev/tcp/127.0.0.1/3001 || return 1
    printf '%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: %d\r\n%s\r\n%s' \
        "$method" "$path" "${#body}" "$headers" "$body" >&7
    answer=$(timeout 60 cat <&7); exec 7>&-
    [ -n "$answer" ] || return 1
    answer=${answer#HTTP/1.1 }; echo "${answer%% *}"; echo "$answer"
}
answers() { [ "$(ask GET "$1" "" | head -n 1)" = 200 ]; }

# A user with a rule, at a simulated TorBox.
user_key=0f0f0f0f-aaaa-4bbb-8ccc-0123456789ab
torbox() {
    [ ! -e /run/torbox-simulator ] || return 0
    systemd-run --quiet --collect --unit=torbox-simulator /programs/torbox-simulator --port 8900 --accept-any-key --library 3
    touch /run/torbox-simulator
    until_true 30 "the simulated TorBox" bash -c 'exec 9<>/dev/tcp/127.0.0.1/8900'
}
register() {
    torbox
    contains "$(as_user POST /api/backend/api-key/ensure-db '{}')" "200 OK" "registering"
    contains "$(as_user POST /api/automation/rules '{"rules":[{"name":"kept through everything","enabled":true,
        "trigger":{"type":"interval","value":30},"conditions":[{"type":"PROGRESS","operator":"gt","value":100}],
        "action":{"type":"stop_seeding"}}]}')" "200 OK" "saving a rule"
}
as_user() { ask "$1" "$2" "$3" "x-api-key: $user_key" "Content-Type: application/json"; }
has_rule() { contains "$(as_user GET /api/automation/rules "")" '"name":"kept through everything"' "$1"; }

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
    printf 'WORKERS=2\nTORBOX_API_BASE=http://127.0.0.1:8900\n' >/etc/torbox-backend/environment
    systemd-tmpfiles --create torbox-backend.conf
    systemctl daemon-reload
}
start() {
    install
    systemctl start torbox-backend.socket
    systemctl start "$unit" || fail "the service does not start"
}
