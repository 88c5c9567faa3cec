-- Gives the conversation back to the bot, by the agent who holds it.
-- ARGV[4] agent_id  ARGV[5] epoch  ARGV[6] data of handoff.returned, JSON
-- Returns DONE | REPEATED | STALE | NOT_YOURS
local agent_id, epoch, data = ARGV[4], ARGV[5], ARGV[6]
local mark = table.concat({ 'hand_back', agent_id, epoch }, ' ')

if not load() then return { 'NO_SUCH' } end
if done_before(mark) then return reply('REPEATED', conv.seq) end
if conv.state ~= 'assigned' or conv.agent_id ~= agent_id then return reply('NOT_YOURS') end
if conv.epoch ~= epoch then return reply('STALE') end

move('bot', mark)
return reply('DONE', append('handoff.returned', data))
