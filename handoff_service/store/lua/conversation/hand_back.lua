-- Gives the conversation back to the bot, by the agent who holds it.
-- ARGV[4] agent_id  ARGV[5] epoch  ARGV[6] data of handoff.returned, JSON
-- ARGV[7] what the bot is told with the next turn, JSON, beside the agent's name
-- Returns DONE | REPEATED | STALE | NOT_YOURS
local agent_id, epoch, data, told = ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local mark = table.concat({ 'hand_back', agent_id, epoch }, ' ')

if not load() then return { 'NO_SUCH' } end
if done_before(mark) then return reply('REPEATED', conv.seq) end
if conv.state ~= 'assigned' or conv.agent_id ~= agent_id then return reply('NOT_YOURS') end
if conv.epoch ~= epoch then return reply('STALE') end

set('handed_back', extend(told, '"agent_name":' .. cjson.encode(conv.agent_name)))
move('bot', mark)
return reply('DONE', append('handoff.returned', data))
