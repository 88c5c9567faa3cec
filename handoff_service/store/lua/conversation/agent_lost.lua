-- Takes one conversation from an agent who has not been seen for too long. A customer who talked with
-- them goes to the head of the queue with the original waiting time; a conversation in wrap-up is closed,
-- since its customer was served.
-- KEYS[18] seen ZSET  KEYS[19] agent:<id>:lost LIST
-- ARGV[4] agent_id  ARGV[5] lost when last seen at this time, ms, or before  ARGV[6] sentence with {place}
-- ARGV[7] how many losses are kept to be told to the agent  ARGV[8] how long, seconds
-- Returns LOST | BACK | GONE
local SEEN, LOST = KEYS[18], KEYS[19]
local agent_id, lost_at, sentence = ARGV[4], tonumber(ARGV[5]), ARGV[6]
local kept, kept_s = tonumber(ARGV[7]), ARGV[8]
local who = '"agent_id":' .. cjson.encode(agent_id)

if not load() then
  redis.call('ZREM', HELD, ID) -- what does not exist cannot be held
  weigh(AGENT, HELD)
  return { 'GONE', '0', '0' }
end
local seen = redis.call('ZSCORE', SEEN, agent_id)
if seen and tonumber(seen) > lost_at then return reply('BACK') end
if not is_holder(agent_id) then
  redis.call('ZREM', HELD, ID)
  weigh(AGENT, HELD)
  return reply('GONE')
end

if conv.state ~= 'offered' then note_lost(LOST, 'lost', kept, kept_s) end
if conv.state == 'wrap_up' then
  set('closed_ms', NOW)
  move('closed')
  return reply('LOST', append('conversation.closed', '{"by":"system","reason":"agent_lost"}'))
end
if conv.state == 'offered' then
  requeue()
  return reply('LOST', append('offer.expired', let_pass('{' .. who .. ',"reason":"agent_lost"}')))
end
set('returned', 1)
local at = requeue()
return reply('LOST', append('agent.lost', '{' .. who .. ',"place":' .. at .. ',"text":'
  .. cjson.encode(fill(sentence, { place = at })) .. '}'))
