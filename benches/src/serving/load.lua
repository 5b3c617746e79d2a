-- wrk's script: every line of a file is posted in turn, with a key; without a file the URL is asked for.

local bodies = {}
local next = 0

function init(arguments)
  if arguments[1] == nil then
    bodies[1] = wrk.format("GET")
    return
  end
  local headers = { ["Content-Type"] = "application/json", ["X-API-Key"] = os.getenv("API_KEY") }
  for body in io.lines(arguments[1]) do
    bodies[#bodies + 1] = wrk.format("POST", nil, headers, body)
  end
end

function request()
  next = next % #bodies + 1
  return bodies[next]
end

-- Read by load.rs.
function done(summary)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.timeout + errors.status
  io.write(string.format("done %d failed %d\n", summary.requests, failed))
end
