-- Registers an agent, or changes what is known of one, and says so to whoever tails the signals.
-- KEYS[1] agent:<id> HASH  KEYS[2] agent:<id>:held ZSET  KEYS[3] agents SET  KEYS[4] online SET
-- KEYS[5] seen ZSET  KEYS[6] signals STREAM
-- ARGV[1] agent_id  ARGV[2] now, ms  ARGV[3] presence  ARGV[4] signal, JSON  ARGV[5] signals to keep, about
-- ARGV[6] reason, '' = what it was  ARGV[7..] more fields, name and value
-- Returns {SET | SAME}
local AGENT, HELD, AGENTS, ONLINE, SEEN, SIGNALS = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local agent_id, now, presence, signal, kept = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local reason = ARGV[6]

if #ARGV == 6 and redis.call('EXISTS', AGENT) == 0 then return { 'NO_AGENT' } end
local before = redis.call('HGET', AGENT, 'presence')
for i = 7, #ARGV, 2 do redis.call('HSET', AGENT, ARGV[i], ARGV[i + 1]) end
local load, held = 0, redis.call('ZRANGE', HELD, 0, -1, 'WITHSCORES')
for i = 2, #held, 2 do load = load + tonumber(held[i]) end
redis.call('HSET', AGENT, 'presence', presence, 'load', load)
if presence == 'online' and reason ~= '' then redis.call('HDEL', AGENT, 'misses') end
redis.call('SADD', AGENTS, agent_id)
redis.call(presence == 'online' and 'SADD' or 'SREM', ONLINE, agent_id)
redis.call('ZADD', SEEN, 'GT', now, agent_id)
if reason ~= '' then redis.call('HSET', AGENT, 'presence_reason', reason) end
if before == presence and #ARGV == 6 then return { 'SAME' } end
redis.call('XADD', SIGNALS, 'MAXLEN', '~', kept, '*', 'kind', 'presence', 'data', signal)
return { 'SET' }
