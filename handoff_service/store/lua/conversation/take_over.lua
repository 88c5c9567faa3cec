-- Gives a conversation to a supervisor who takes it: out of the queue, from before an agent, from the one
-- who holds it or from where it was parked. Capacity does not matter: a person decided.
-- KEYS[16], KEYS[17] are those of who takes it
-- KEYS[18] agent:<holder> HASH  KEYS[19] agent:<holder>:held ZSET  KEYS[20] agent:<holder>:lost LIST  (only if
-- it has a holder)
-- ARGV[4] holder, '' = none  ARGV[5] agent_id  ARGV[6] sentence with {agent}
-- ARGV[7] how many losses are kept to be told to the holder  ARGV[8] how long, seconds
-- Returns TAKEN_OVER | REPEATED | NOT_OPEN | NO_AGENT | MOVED
local HOLDER, HOLDERS, LOST = KEYS[18], KEYS[19], KEYS[20]
local holder, agent_id, sentence, kept, kept_s = ARGV[4], ARGV[5], ARGV[6], tonumber(ARGV[7]), ARGV[8]
local mark = 'take_over ' .. agent_id

if not load() then return { 'NO_SUCH' } end
if done_before(mark) or (conv.state == 'assigned' and conv.agent_id == agent_id) then
  return reply('REPEATED', conv.seq)
end
if not MOVES[conv.state].assigned or conv.state == 'wrap_up' then return reply('NOT_OPEN') end
local name = redis.call('HGET', AGENT, 'name')
if not name then return reply('NO_AGENT') end
if not holder_given(holder) then return { 'MOVED' } end

local from = conv.state ~= 'offered' and conv.agent_id
if conv.state == 'assigned' then note_lost(LOST, 'taken_over', kept, kept_s) end
if HELD_STATES[conv.state] then release(HOLDER, HOLDERS) end
hold(agent_id, name)
set('assigned_ms', NOW)
redis.call('HSET', AGENT, 'last_assigned_ms', NOW)
move('assigned', mark)
return reply('TAKEN_OVER', append('handoff.taken_over', '{"agent_id":' .. cjson.encode(agent_id)
  .. ',"agent_name":' .. cjson.encode(name) .. ',"from_agent_id":' .. (from and cjson.encode(from) or 'null')
  .. ',"text":' .. cjson.encode(fill(sentence, { agent = name })) .. '}'))
