-- Materialized, so that a line is parsed once and not for every column.
WITH lines (line) AS MATERIALIZED (SELECT line::jsonb FROM unnest($1::text[]) AS line)
INSERT INTO prediction (id, at, model, version, inputs, outputs)
SELECT (line->>'id')::uuid, (line->>'at')::timestamptz, line->>'model', line->>'version', line->'inputs', line->'outputs'
FROM lines
ON CONFLICT (id) DO NOTHING
