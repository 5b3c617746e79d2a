# Dumps every database that the login may act for, and reads each dump back. POSTGRES_URL, PGUSER and PGPASSWORD say which
# server, and as whom; $1 is an empty folder. What it is to hold in any case is in DATABASES. SHA256SUMS is written last.
set -eu
folder=$1
moment=$(date -u +%Y%m%dT%H%M%SZ)

ask() { psql --no-psqlrc --no-password --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --command "$1" "$POSTGRES_URL"; }

# As `serving backup` reads them: letters, digits, - and _ stand for themselves, and %20 for a blank.
file="SELECT string_agg(CASE WHEN c ~ '^[A-Za-z0-9_-]\$' THEN c
    ELSE regexp_replace(upper(encode(convert_to(c, 'UTF8'), 'hex')), '(..)', '%\\1', 'g') END, '' ORDER BY place)
    FROM regexp_split_to_table(datname, '') WITH ORDINALITY AS name (c, place)"

export PGDATABASE=postgres PGCLIENTENCODING=UTF8
numbers=$(ask "SELECT oid FROM pg_database
    WHERE datallowconn AND NOT datistemplate AND pg_has_role(datdba, 'USAGE') ORDER BY datname")
files=
for number in $numbers; do
    name=$(ask "SELECT datname FROM pg_database WHERE oid = $number")
    file_name=$(ask "SELECT ($file) FROM pg_database WHERE oid = $number")
    dump="$folder/$file_name-$moment.dump"
    PGDATABASE=$name pg_dump --format=custom --no-password --lock-wait-timeout=5min --file="$dump" "$POSTGRES_URL"
    # The whole of it, so that what is kept can be read.
    pg_restore --file=/dev/null "$dump"
    files="$files $file_name"
    echo "dumped $name, $(wc -c <"$dump") bytes"
done
for wanted in $DATABASES; do
    case "$files " in
    *" $wanted "*) ;;
    *)
        printf 'error: %s may not dump the database %s, or there is none\n\n' "$PGUSER" "$wanted" >&2
        printf 'hint: GRANT to %s the role that owns the database\n' "$PGUSER" >&2
        exit 2
        ;;
    esac
done
cd "$folder"
sha256sum -- *.dump >SHA256SUMS
