-- Puts a waiting conversation, or a left message, before one agent until a deadline.
-- ARGV[4] agent_id  ARGV[5] epoch  ARGV[6] deadline, ms
-- Returns OFFERED | REPEATED | STALE | NOT_WAITING | AGENT_FULL | AGENT_GONE
local agent_id, epoch, deadline = ARGV[4], ARGV[5], ARGV[6]
local mark = table.concat({ 'offer', agent_id, epoch, deadline }, ' ')

if not load() then return { 'NO_SUCH' } end
if done_before(mark) then return reply('REPEATED', conv.seq) end
if conv.state ~= 'waiting' and conv.state ~= 'message_left' then return reply('NOT_WAITING') end
if conv.epoch ~= epoch then return reply('STALE') end
local agent = redis.call('HMGET', AGENT, 'presence', 'capacity', 'name', 'capacity_now')
if agent[1] ~= 'online' then return reply('AGENT_GONE') end
local held = load_of(HELD) -- who holds nothing may take even what weighs more than the capacity
if held > 0 and held + (needs().weight or 1) > tonumber(agent[4] or agent[2]) then return reply('AGENT_FULL') end

set('deadline_ms', deadline)
hold(agent_id, agent[3])
move('offered', mark)
return reply('OFFERED', append('handoff.offered',
  '{"agent_id":' .. cjson.encode(agent_id) .. ',"deadline_ms":' .. deadline .. '}'))
