-- Keeps a worker's claims on jobs fresh, or gives them up, but only those nobody took over.
-- KEYS[1] jobs STREAM
-- ARGV[1] group  ARGV[2] worker  ARGV[3] silent for, ms: 0 = fresh, a long time = free to be taken
-- ARGV[4..] job ids
-- Returns the ids that are still the worker's
local JOBS, group, worker, silent = KEYS[1], ARGV[1], ARGV[2], ARGV[3]
local kept = {}
for i = 4, #ARGV do
  local pending = redis.call('XPENDING', JOBS, group, ARGV[i], ARGV[i], 1)
  if pending[1] and pending[1][2] == worker then
    redis.call('XCLAIM', JOBS, group, worker, 0, ARGV[i], 'IDLE', silent, 'JUSTID')
    kept[#kept + 1] = ARGV[i]
  end
end
return kept
