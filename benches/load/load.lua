-- Requests for wrk. PATH_OF_REQUEST is a path in which {box} stands for the next line of the file BOXES and {day} for
-- a day. With SERIAL, a number to count from, each request differs from all before in the last digits of its box, or
-- in its day: no answer can be one that was kept. ENCODING and KNOWN are the headers of a client that unpacks, and of
-- one that has the answer.

local path = os.getenv("PATH_OF_REQUEST")
local serial = tonumber(os.getenv("SERIAL"))
local headers = { ["Accept-Encoding"] = os.getenv("ENCODING"), ["If-None-Match"] = os.getenv("KNOWN") }
-- Without a serial a hundred boxes are asked for over and over: as many as a server that keeps answers may keep.
local most = serial and math.huge or 100
local boxes = {}
for line in io.lines(os.getenv("BOXES")) do
  -- What stands before the first comma is the western edge.
  local west, rest = line:match("^([^,]*)(.*)$")
  if #boxes < most then boxes[#boxes + 1] = { west, rest } end
end
local before_box, behind_box = path:match("^(.*){box}(.*)$")
local before_day, behind_day = path:match("^(.*){day}(.*)$")
local asked = 0
local only

function request()
  if not before_box and not before_day then
    only = only or wrk.format("GET", path, headers)
    return only
  end
  asked = asked + 1
  local number = (serial or 0) + asked
  if before_day then
    -- So many days since 1970 that all of them lie before the events.
    return wrk.format("GET", before_day .. os.date("!%Y-%m-%d", number % 16000 * 86400) .. behind_day, headers)
  end
  local box = boxes[asked % #boxes + 1]
  local digits = serial and string.format("%09d", number) or ""
  return wrk.format("GET", before_box .. box[1] .. digits .. box[2] .. behind_box, headers)
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('FIGURES {"rate": %f, "p50": %f, "p99": %f, "bytes": %f, "errors": %d}\n',
    summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    summary.bytes / math.max(1, summary.requests),
    errors.connect + errors.read + errors.write + errors.timeout + errors.status))
end
