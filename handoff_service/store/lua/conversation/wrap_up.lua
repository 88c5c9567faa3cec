-- Ends the talk, by the agent who holds the conversation: the customer is asked for a rating, may still
-- write, and the conversation closes by itself at a given time.
-- ARGV[4] agent_id  ARGV[5] epoch  ARGV[6] closes at, ms  ARGV[7] data of conversation.wrapped_up, JSON
-- Returns DONE | REPEATED | STALE | NOT_YOURS
local agent_id, epoch, ends, data = ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local mark = table.concat({ 'wrap_up', agent_id, epoch }, ' ')

if not load() then return { 'NO_SUCH' } end
if done_before(mark) then return reply('REPEATED', conv.seq) end
if conv.state ~= 'assigned' or conv.agent_id ~= agent_id then return reply('NOT_YOURS') end
if conv.epoch ~= epoch then return reply('STALE') end

set('wrap_up_ends_ms', ends)
set('wrapped_ms', NOW)
move('wrap_up', mark)
return reply('DONE', append('conversation.wrapped_up', data))
