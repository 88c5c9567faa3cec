-- Gives an offered conversation to the agent it was offered to, before the deadline.
-- ARGV[4] agent_id  ARGV[5] epoch  ARGV[6] sentence with {agent}
-- Returns ACCEPTED | REPEATED | EXPIRED | TAKEN | GONE
local agent_id, epoch, sentence = ARGV[4], ARGV[5], ARGV[6]
local mark = table.concat({ 'accept', agent_id, epoch }, ' ')

if not load() then return { 'NO_SUCH' } end
if done_before(mark) then return reply('REPEATED', conv.seq) end
if HELD_STATES[conv.state] and conv.agent_id ~= agent_id then return reply('TAKEN') end
if conv.state ~= 'offered' or conv.epoch ~= epoch then return reply('GONE') end
if tonumber(NOW) > tonumber(conv.deadline_ms) then return reply('EXPIRED') end

set('assigned_ms', NOW)
redis.call('HSET', AGENT, 'last_assigned_ms', NOW)
redis.call('HDEL', AGENT, 'misses')
move('assigned', mark)
local text = fill(sentence, { agent = conv.agent_name })
return reply('ACCEPTED', append('handoff.assigned', '{"agent_id":' .. cjson.encode(agent_id)
  .. ',"agent_name":' .. cjson.encode(conv.agent_name) .. ',"text":' .. cjson.encode(text) .. '}'))
