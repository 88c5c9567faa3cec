-- Puts an offered conversation back in its old place, because its agent no longer takes any: nobody should
-- wait for the deadline. It is no miss of theirs.
-- ARGV[4] agent_id  ARGV[5] data of offer.expired, JSON
-- Returns EXPIRED | REPEATED | NOT_DUE | GONE
local agent_id, data = ARGV[4], ARGV[5]
local mark = 'withdraw ' .. agent_id

if not load() then return { 'NO_SUCH' } end
if done_before(mark) then return reply('REPEATED', conv.seq) end
if conv.state ~= 'offered' or conv.agent_id ~= agent_id then return reply('GONE') end
if redis.call('HGET', AGENT, 'presence') == 'online' then return reply('NOT_DUE') end

requeue(mark)
return reply('EXPIRED', append('offer.expired', let_pass(data)))
