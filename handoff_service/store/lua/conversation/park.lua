-- Sets a conversation aside until a time, by the agent who holds it. It is nobody's load meanwhile; the
-- agent stays its agent, and the bot stays silent.
-- KEYS[18] agent:<id>:parked ZSET
-- ARGV[4] agent_id  ARGV[5] epoch  ARGV[6] until, ms  ARGV[7] data of conversation.parked, JSON
-- ARGV[8] seconds for which the agent's list is kept
-- Returns DONE | REPEATED | STALE | NOT_YOURS
local PARKED_BY = KEYS[18]
local agent_id, epoch, until_ms, data, kept_s = ARGV[4], ARGV[5], ARGV[6], ARGV[7], ARGV[8]
local mark = table.concat({ 'park', agent_id, epoch, until_ms }, ' ')

if not load() then return { 'NO_SUCH' } end
if done_before(mark) then return reply('REPEATED', conv.seq) end
if conv.state ~= 'assigned' or conv.agent_id ~= agent_id then return reply('NOT_YOURS') end
if conv.epoch ~= epoch then return reply('STALE') end

redis.call('ZREMRANGEBYSCORE', PARKED_BY, '-inf', NOW)
redis.call('ZADD', PARKED_BY, until_ms, ID)
redis.call('EXPIRE', PARKED_BY, kept_s)
set('parked_until_ms', until_ms)
move('parked', mark)
return reply('DONE', append('conversation.parked', data))
