INSERT INTO prediction (id, at, model, version, inputs, outputs)
SELECT (row->>'id')::uuid, (row->>'at')::timestamptz, row->>'model', row->>'version', row->'inputs', row->'outputs'
FROM (SELECT line::jsonb FROM unnest($1::text[]) AS line) AS lines (row)
ON CONFLICT (id) DO NOTHING
