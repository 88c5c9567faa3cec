-- Makes what an agent holds agree with who has the conversation, and the agent's load with what is held.
-- ARGV[4] agent_id
-- Returns MENDED | FINE
local agent_id = ARGV[4]

load()
local weight = is_holder(agent_id) and tostring(needs().weight or 1)
local found = redis.call('ZSCORE', HELD, ID)
if (found or nil) == (weight or nil) then return { 'FINE', conv.seq or '0', conv.epoch or '0' } end

if weight then redis.call('ZADD', HELD, weight, ID) else redis.call('ZREM', HELD, ID) end
if redis.call('EXISTS', AGENT) == 1 then weigh(AGENT, HELD) end
return { 'MENDED', conv.seq or '0', conv.epoch or '0' }
