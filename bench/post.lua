-- Posts the body in the file CROSSING_BODY with the token in CROSSING_TOKEN, under an Idempotency-Key of its own for each
-- request; where the body says SUBJECT-NUMBER, another number each time, up to CROSSING_SUBJECTS. It prints
-- the sums as one line of JSON. wrk counts an answer above 399 as an error of status.
local threads = 0
local number = 0

function setup(thread)
  thread:set("id", threads)
  threads = threads + 1
end

function init(args)
  local file = io.open(os.getenv("CROSSING_BODY"), "r")
  wrk.body = file:read("*a")
  file:close()
  subjects = tonumber(os.getenv("CROSSING_SUBJECTS") or "0")
  body = wrk.body
  math.randomseed(20261121 + id)
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["Authorization"] = "Bearer " .. os.getenv("CROSSING_TOKEN")
end

function request()
  number = number + 1
  wrk.headers["Idempotency-Key"] = os.getenv("CROSSING_RUN") .. "-" .. id .. "-" .. number
  if subjects > 0 then
    wrk.body = body:gsub("SUBJECT%-NUMBER", tostring(math.random(subjects)))
  end
  return wrk.format()
end

function done(summary, latency, requests)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.timeout + errors.status
  local line = '{"answers":%d,"failed":%d,"refused":%d,"seconds":%.6f,"p50_ms":%.3f,"p99_ms":%.3f}\n'
  local seconds = summary.duration / 1000000
  io.write(line:format(summary.requests, failed, errors.status, seconds, latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
