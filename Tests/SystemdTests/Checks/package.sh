# The Debian package installed, upgraded under requests, removed, purged. /packages has two versions of it.
. /check/common.sh
export DEBIAN_FRONTEND=noninteractive

# The sandbox knows no installed packages, so dependencies cannot be looked up; the libraries are there.
mkdir -p /var/lib/dpkg/{info,updates,triggers,parts} /var/cache/debconf /etc/credstore
touch /var/lib/dpkg/{status,available}
package() { dpkg --force-depends "$@" 2>&1; }
key=/etc/credstore/torbox-backend.encryption-key

text=$(package --install /packages/old.deb) || fail "install: $text"
contains "$text" "nothing was started, because there is no encryption key yet" "install"
equals "$(systemctl is-active torbox-backend.socket $unit | tr '\n' ' ')" "inactive inactive " "after the install"
[ -n "$(id -u torbox-backend)" ] || fail "no user"
for command in torbox-backend torbox-backend-worker; do
    bash -c ". /usr/share/bash-completion/completions/$command && complete -p $command" >/dev/null || fail "no completion of $command"
    command -v "$command" >/dev/null || fail "no command $command"
done
contains "$(torbox-backend-worker --help)" "SUBCOMMANDS" "the worker's help"
for page in torbox-backend torbox-backend-supervisor torbox-backend-worker torbox-backend-api-gateway; do
    gzip -t "/usr/share/man/man8/$page.8.gz" || fail "no manual of $page"
done

echo 'a key that only this test knows' >"$key"
printf 'WORKERS=2\nTORBOX_API_BASE=http://127.0.0.1:8900\n' >/etc/torbox-backend/environment
systemctl enable --now torbox-backend.socket $unit 2>/dev/null || fail "the installed service does not start"
until_true 60 "answers of the installed service" answers /ready
contains "$(torbox-backend status)" "worker-1" "torbox-backend status"
contains "$(torbox-backend doctor)" "service: serving, all 3 processes are ready" "torbox-backend doctor"

register

# An upgrade: each request that is made meanwhile is answered.
before=$(property MainPID)
(
    while [ ! -e /tmp/enough ]; do
        if answers /health; then echo >>/tmp/answered; else echo >>/tmp/lost; fi
    done
) 2>/dev/null &
text=$(package --install /packages/new.deb) || fail "upgrade: $text"
until_true 60 "the new version" answers /ready
touch /tmp/enough; wait
[ "$(property MainPID)" != "$before" ] || fail "the upgrade did not restart the service"
has_rule "after the upgrade"
[ ! -e /tmp/lost ] || fail "$(wc -l </tmp/lost) requests were lost, $(wc -l </tmp/answered) answered"
[ "$(wc -l </tmp/answered)" -gt 5 ] || fail "hardly a request was made"

text=$(package --remove torbox-backend) || fail "remove: $text"
equals "$(systemctl is-active torbox-backend.socket $unit | tr '\n' ' ')" "inactive inactive " "after the removal"
[ -s "$data/master.db" ] && [ -s "$key" ] || fail "the removal took data"
text=$(package --purge torbox-backend) || fail "purge: $text"
[ -s "$data/master.db" ] && [ -s "$key" ] || fail "a purge without a yes took data"

package --install /packages/new.deb >/dev/null
until_true 60 "answers after the second install" answers /ready
has_rule "after the second install"
echo "torbox-backend torbox-backend/purge-data boolean true" | debconf-set-selections
text=$(package --purge torbox-backend) || fail "purge: $text"
[ ! -e "$data" ] && [ ! -e "$key" ] || fail "a purge with a yes left data"
