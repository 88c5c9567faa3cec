-- Sets a conversation aside until a time, by the agent who holds it. It is nobody's load meanwhile; the
-- agent stays its agent, and the bot stays silent.
-- ARGV[4] agent_id  ARGV[5] epoch  ARGV[6] until, ms  ARGV[7] data of conversation.parked, JSON
-- Returns DONE | REPEATED | STALE | NOT_YOURS
local agent_id, epoch, until_ms, data = ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local mark = table.concat({ 'park', agent_id, epoch, until_ms }, ' ')

if not load() then return { 'NO_SUCH' } end
if done_before(mark) then return reply('REPEATED', conv.seq) end
if conv.state ~= 'assigned' or conv.agent_id ~= agent_id then return reply('NOT_YOURS') end
if conv.epoch ~= epoch then return reply('STALE') end

set('parked_until_ms', until_ms)
move('parked', mark)
return reply('DONE', append('conversation.parked', data))
