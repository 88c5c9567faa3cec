-- Raises or lowers how much an agent may hold for now: until they go offline, or somebody says otherwise.
-- KEYS[1] agent:<id> HASH  KEYS[2] signals STREAM
-- ARGV[1] agent_id  ARGV[2] capacity, '' = as usual  ARGV[3] signals to keep, about
-- Returns {SET | SAME | NO_AGENT}
local AGENT, SIGNALS = KEYS[1], KEYS[2]
local agent_id, capacity, kept = ARGV[1], ARGV[2], ARGV[3]

local known = redis.call('HMGET', AGENT, 'name', 'presence', 'capacity_now')
if not known[1] then return { 'NO_AGENT' } end
if (known[3] or '') == capacity then return { 'SAME' } end
if capacity == '' then redis.call('HDEL', AGENT, 'capacity_now')
else redis.call('HSET', AGENT, 'capacity_now', capacity) end
redis.call('XADD', SIGNALS, 'MAXLEN', '~', kept, '*', 'kind', 'presence',
  'data', cjson.encode({ agent_id = agent_id, status = known[2] or 'offline', reason = 'capacity' }))
return { 'SET' }
