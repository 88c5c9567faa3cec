-- Puts an offered conversation back in its old place, because the agent does not want it.
-- ARGV[4] agent_id  ARGV[5] epoch  ARGV[6] data of handoff.declined, JSON
-- Returns DECLINED | REPEATED | GONE
local agent_id, epoch, data = ARGV[4], ARGV[5], ARGV[6]
local mark = table.concat({ 'decline', agent_id, epoch }, ' ')

if not load() then return { 'NO_SUCH' } end
if done_before(mark) then return reply('REPEATED', conv.seq) end
if conv.state ~= 'offered' or conv.agent_id ~= agent_id or conv.epoch ~= epoch then
  return reply('GONE')
end

redis.call('HDEL', AGENT, 'misses')
note_pass(agent_id)
requeue(mark)
return reply('DECLINED', append('handoff.declined', let_pass(data)))
