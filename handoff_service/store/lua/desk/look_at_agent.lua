-- Reads all that the audit compares of one agent, in one step; changes nothing.
-- KEYS[1] agent:<id> HASH  KEYS[2] agent:<id>:held ZSET  KEYS[3] agents SET  KEYS[4] online SET
-- KEYS[5] seen ZSET
-- ARGV[1] agent_id
-- Returns {SEEN, JSON: fields and held as lists of name and value in turn, the rest by name}
local AGENT, HELD, AGENTS, ONLINE, SEEN = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local agent_id = ARGV[1]

return { 'SEEN', cjson.encode({
  fields = redis.call('HGETALL', AGENT),
  held = redis.call('ZRANGE', HELD, 0, -1, 'WITHSCORES'),
  listed = redis.call('SISMEMBER', AGENTS, agent_id) == 1,
  online = redis.call('SISMEMBER', ONLINE, agent_id) == 1,
  seen = redis.call('ZSCORE', SEEN, agent_id),
}) }
