-- Stores what a customer wrote, once per message_id, and owes an answer while the bot has the conversation,
-- or the queue: the bot helps those who wait, unless they have met a person and wait to talk on. Reopens a
-- closed conversation; takes one in wrap-up back to its agent, a parked one back in line.
-- ARGV[4] message_id  ARGV[5] data of message.posted, JSON  ARGV[6] turn, JSON
-- Returns POSTED | REPEATED
local message_id, data, turn = ARGV[4], ARGV[5], ARGV[6]

if not load() then return { 'NO_SUCH' } end
local before = stored(message_id)
if before then return reply('REPEATED', before) end

if conv.state == 'closed' then move('bot')
elseif conv.state == 'wrap_up' then move('assigned') end
if conv.state == 'parked' then
  local seq = store(message_id, append('message.posted', data))
  back_in_line('customer')
  redis.call('ZADD', PRESENT, NOW, ID)
  return reply('POSTED', seq)
end
if OWNER[conv.state] == 'agent' then owe_word() end
if OWNER[conv.state] == 'agent' or (OWNER[conv.state] == 'queue' and conv.met_agent) then
  return reply('POSTED', store(message_id, append('message.posted', data)))
end

if conv.state == 'bot' then redis.call('ZADD', TIMERS, IDLE_AT, ID) end
local number = redis.call('HINCRBY', CONV, 'turn', 1)
local seq = store(message_id, append('message.posted', extend(data, '"turn":' .. number)))
owe_turn(turn, number, seq)
return reply('POSTED', seq)
