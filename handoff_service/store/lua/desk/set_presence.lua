-- Registers an agent, or changes whether they take conversations, and says so to whoever tails the signals.
-- KEYS[1] agent:<id> HASH  KEYS[2] agent:<id>:held ZSET  KEYS[3] agents SET  KEYS[4] online SET
-- KEYS[5] seen ZSET  KEYS[6] signals STREAM  KEYS[7] presence STREAM
-- ARGV[1] agent_id  ARGV[2] now, ms  ARGV[3] presence, '' = as it was, offline at first  ARGV[4] reason
-- ARGV[5] signals to keep, about  ARGV[6] changes to keep until they are in the history, about
-- ARGV[7..] of one who registers: more fields, name and value
-- Returns {SET | SAME | NO_AGENT}
local AGENT, HELD, AGENTS, ONLINE, SEEN, SIGNALS = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local CHANGES = KEYS[7]
local agent_id, now, presence, reason, kept = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local changes_kept = ARGV[6]
local registers = #ARGV > 6

if not registers and redis.call('HEXISTS', AGENT, 'name') == 0 then return { 'NO_AGENT' } end
local before = redis.call('HGET', AGENT, 'presence')
if presence == '' then presence = before or 'offline' end
for i = 7, #ARGV, 2 do redis.call('HSET', AGENT, ARGV[i], ARGV[i + 1]) end
local load, held = 0, redis.call('ZRANGE', HELD, 0, -1, 'WITHSCORES')
for i = 2, #held, 2 do load = load + tonumber(held[i]) end
redis.call('HSET', AGENT, 'presence', presence, 'load', load)
if not registers then
  redis.call('HSET', AGENT, 'presence_reason', reason)
  if presence == 'online' then redis.call('HDEL', AGENT, 'misses') end
end
if presence == 'offline' then redis.call('HDEL', AGENT, 'capacity_now') end
redis.call('SADD', AGENTS, agent_id)
redis.call(presence == 'online' and 'SADD' or 'SREM', ONLINE, agent_id)
redis.call('ZADD', SEEN, 'GT', now, agent_id)
if before ~= presence or redis.call('HEXISTS', AGENT, 'presence_since_ms') == 0 then
  redis.call('HSET', AGENT, 'presence_since_ms', now)
  redis.call('XADD', CHANGES, 'MAXLEN', '~', changes_kept, '*', 'agent', agent_id, 'at', now, 'status', presence,
    'reason', reason)
end
if before == presence and not registers then return { 'SAME' } end
redis.call('XADD', SIGNALS, 'MAXLEN', '~', kept, '*', 'kind', 'presence',
  'data', cjson.encode({ agent_id = agent_id, status = presence, reason = reason }))
return { 'SET' }
