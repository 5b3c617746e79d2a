-- Everything goes, not only what the dump knows: a table that a newer version has added would be in the way of the next upgrade.
-- In the transaction of the restore: whatever fails afterwards, nothing has gone.
BEGIN;
SET LOCAL lock_timeout = '60s';
SET LOCAL client_min_messages = warning;
DO $$
DECLARE
    it text;
BEGIN
    -- What belongs to an extension goes with it or not at all.
    FOR it IN SELECT extname FROM pg_extension WHERE extname <> 'plpgsql' LOOP
        EXECUTE format('DROP EXTENSION IF EXISTS %I CASCADE', it);
    END LOOP;
    FOR it IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
        EXECUTE format('DROP SCHEMA IF EXISTS %I CASCADE', it);
    END LOOP;
    -- As initdb makes it.
    CREATE SCHEMA public AUTHORIZATION pg_database_owner;
    GRANT USAGE ON SCHEMA public TO PUBLIC;
    COMMENT ON SCHEMA public IS 'standard public schema';
END
$$;
