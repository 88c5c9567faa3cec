-- Takes a parked conversation up again, by the agent who parked it. Capacity does not matter: the agent
-- decided.
-- ARGV[4] agent_id
-- Returns RESUMED | REPEATED | NOT_PARKED
local agent_id = ARGV[4]
local mark = 'resume ' .. agent_id

if not load() then return { 'NO_SUCH' } end
if done_before(mark) then return reply('REPEATED', conv.seq) end
if conv.state ~= 'parked' or conv.agent_id ~= agent_id then return reply('NOT_PARKED') end

hold(agent_id, conv.agent_name)
move('assigned', mark)
return reply('RESUMED', append('conversation.resumed',
  '{"reason":"agent","agent_id":' .. cjson.encode(agent_id) .. ',"place":null}'))
