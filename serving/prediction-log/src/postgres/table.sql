-- Several pods start at once: the first one makes the table, the others wait for it.
BEGIN;
SELECT pg_advisory_xact_lock(hashtext('mlstack prediction log'));
CREATE TABLE IF NOT EXISTS prediction (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL,
    model text NOT NULL,
    version text NOT NULL,
    inputs jsonb NOT NULL,
    outputs jsonb NOT NULL
);
-- For the newest rows of a model's version.
CREATE INDEX IF NOT EXISTS prediction_newest ON prediction (model, version, at);
COMMIT;
