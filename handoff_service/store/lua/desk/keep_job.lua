-- Keeps a worker's claims on jobs fresh, but only those nobody took over.
-- KEYS[1] jobs STREAM
-- ARGV[1] group  ARGV[2] worker  ARGV[3..] job ids
-- Returns the ids that are still the worker's
local JOBS, group, worker = KEYS[1], ARGV[1], ARGV[2]
local kept = {}
for i = 3, #ARGV do
  local pending = redis.call('XPENDING', JOBS, group, ARGV[i], ARGV[i], 1)
  if pending[1] and pending[1][2] == worker then
    redis.call('XCLAIM', JOBS, group, worker, 0, ARGV[i], 'JUSTID')
    kept[#kept + 1] = ARGV[i]
  end
end
return kept
