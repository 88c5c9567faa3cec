-- Makes an agent's load the sum of what is held, the sets of agents agree with the agent's presence, and
-- the heartbeat one that can run out.
-- KEYS[1] agent:<id> HASH  KEYS[2] agent:<id>:held ZSET  KEYS[3] agents SET  KEYS[4] online SET
-- KEYS[5] seen ZSET
-- ARGV[1] agent_id  ARGV[2] now, ms
-- Returns {MENDED | FINE}
local AGENT, HELD, AGENTS, ONLINE, SEEN = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local agent_id, now = ARGV[1], ARGV[2]
local agent = redis.call('HMGET', AGENT, 'name', 'presence', 'load')
local known, online = agent[1], agent[2] == 'online'
local mended = 0

local load, held = 0, redis.call('ZRANGE', HELD, 0, -1, 'WITHSCORES')
for i = 2, #held, 2 do load = load + tonumber(held[i]) end
if known and tonumber(agent[3] or -1) ~= load then
  redis.call('HSET', AGENT, 'load', load)
  mended = mended + 1
end
if known then mended = mended + redis.call('SADD', AGENTS, agent_id) end
mended = mended + redis.call(known and online and 'SADD' or 'SREM', ONLINE, agent_id)
local seen = redis.call('ZSCORE', SEEN, agent_id)
local watched = (known and online) or load > 0
if (not seen and watched) or (seen and tonumber(seen) > tonumber(now)) then
  redis.call('ZADD', SEEN, now, agent_id)
  mended = mended + 1
end
return { mended > 0 and 'MENDED' or 'FINE' }
