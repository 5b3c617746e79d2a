# Restores the one dump in the folder $1 into the database that it is of, as the owners that it names. POSTGRES_URL, PGUSER and
# PGPASSWORD say which server, and as whom. What is in the database is replaced in one transaction: it succeeds or changes nothing.
set -eu
folder=$1
set -- "$folder"/*.dump
dump=$1
here=$(dirname "$0")

fail() {
    printf 'error: %s\n\nhint: %s\n' "$1" "$2" >&2
    exit 2
}
sql() { psql --no-psqlrc --no-password --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 "$@" "$POSTGRES_URL"; }
header() { pg_restore --list "$dump" | sed -n "s/^; *$1: *//p" | head -n 1; }
major() { echo "$1" | sed 's/[^0-9].*//'; }

tools=$(pg_restore --version | sed 's/[^0-9]*//')
other="restore another backup, or give the environment the PostgreSQL that wrote this one"
# The whole of it, before anything is touched.
pg_restore --file=/dev/null "$dump" ||
    fail "$(basename "$dump") cannot be read by PostgreSQL $tools: it is cut or damaged, or a newer one wrote it" "$other"
database=$(header dbname)
from=$(header 'Dumped from database version')
export PGDATABASE=postgres PGCLIENTENCODING=UTF8
server=$(sql --command 'SHOW server_version')
[ "$(major "$from")" -le "$(major "$server")" ] ||
    fail "$(basename "$dump") is of PostgreSQL $from, which is newer than the server's $server" "$other"
[ "$(major "$tools")" = "$(major "$server")" ] ||
    fail "the tools are those of PostgreSQL $tools, and the server is $server" "set backups.image to the server's version"

there=$(echo "SELECT 1 FROM pg_database WHERE datname = :'name'" | sql --set "name=$database")
if [ -z "$there" ]; then
    echo "making $database"
    pg_restore --create --exit-on-error --no-password --dbname="$POSTGRES_URL" "$dump" || {
        echo 'DROP DATABASE IF EXISTS :"name"' | sql --set "name=$database"
        fail "$database was not restored, and is not there, as before" \
            "see what PostgreSQL said; roles that the dump names have to be there: apply the stack first"
    }
else
    echo "replacing what is in $database"
    {
        cat "$here/clear.sql"
        # What reads a dump can end half-way; what it has not written yet is then no reason to commit.
        if pg_restore --clean --if-exists --file=- "$dump"; then echo 'COMMIT;'; else echo 'SELECT "cut";'; fi
    } | PGDATABASE=$database sql >/dev/null ||
        fail "$database was not restored, and is as it was" \
            "see what PostgreSQL said; stop what holds locks (kubectl scale), and see that the roles are there that the dump names"
fi
echo "restored $database from $(basename "$dump")"
