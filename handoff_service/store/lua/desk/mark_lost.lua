-- Sets an agent offline who has not been seen for too long; forgets about them once they hold nothing.
-- KEYS[1] agent:<id> HASH  KEYS[2] agent:<id>:held ZSET  KEYS[3] online SET  KEYS[4] seen ZSET
-- KEYS[5] signals STREAM  KEYS[6] presence STREAM
-- ARGV[1] agent_id  ARGV[2] lost when last seen at this time, ms, or before  ARGV[3] signal, JSON
-- ARGV[4] signals to keep, about  ARGV[5] now, ms  ARGV[6] changes to keep until they are in the history, about
-- Returns {LOST | BACK | HOLDS}
local AGENT, HELD, ONLINE, SEEN, SIGNALS = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local CHANGES = KEYS[6]
local agent_id, lost_at, signal, kept = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4]
local now, changes_kept = ARGV[5], ARGV[6]

local seen = redis.call('ZSCORE', SEEN, agent_id)
if seen and tonumber(seen) > lost_at then return { 'BACK' } end
redis.call('SREM', ONLINE, agent_id)
if redis.call('HGET', AGENT, 'presence') ~= 'offline' then
  redis.call('HSET', AGENT, 'presence', 'offline', 'presence_reason', 'lost', -- no offer can come from here on
    'presence_since_ms', now)
  redis.call('HDEL', AGENT, 'capacity_now')
  redis.call('XADD', CHANGES, 'MAXLEN', '~', changes_kept, '*', 'agent', agent_id, 'at', now, 'status', 'offline',
    'reason', 'lost')
  redis.call('XADD', SIGNALS, 'MAXLEN', '~', kept, '*', 'kind', 'presence', 'data', signal)
end
if redis.call('ZCARD', HELD) > 0 then return { 'HOLDS' } end
redis.call('ZREM', SEEN, agent_id)
return { 'LOST' }
