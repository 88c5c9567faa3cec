-- Sets an agent offline who has not been seen for too long; forgets about them once they hold nothing.
-- KEYS[1] agent:<id> HASH  KEYS[2] agent:<id>:held ZSET  KEYS[3] online SET  KEYS[4] seen ZSET
-- KEYS[5] signals STREAM
-- ARGV[1] agent_id  ARGV[2] lost when last seen at this time, ms, or before  ARGV[3] signal, JSON
-- ARGV[4] signals to keep, about
-- Returns {LOST | BACK | HOLDS}
local AGENT, HELD, ONLINE, SEEN, SIGNALS = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local agent_id, lost_at, signal, kept = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4]

local seen = redis.call('ZSCORE', SEEN, agent_id)
if seen and tonumber(seen) > lost_at then return { 'BACK' } end
redis.call('SREM', ONLINE, agent_id)
if redis.call('HGET', AGENT, 'presence') ~= 'offline' then
  redis.call('HSET', AGENT, 'presence', 'offline', 'presence_reason', 'lost') -- no offer can come from here on
  redis.call('XADD', SIGNALS, 'MAXLEN', '~', kept, '*', 'kind', 'presence', 'data', signal)
end
if redis.call('ZCARD', HELD) > 0 then return { 'HOLDS' } end
redis.call('ZREM', SEEN, agent_id)
return { 'LOST' }
