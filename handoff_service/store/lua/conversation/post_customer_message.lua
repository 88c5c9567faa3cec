-- Stores what a customer wrote, once per message_id, and owes an answer while the bot has the conversation,
-- or the queue: the bot helps those who wait. Reopens a closed conversation; takes one in wrap-up back
-- to its agent.
-- ARGV[4] message_id  ARGV[5] data of message.posted, JSON  ARGV[6] turn, JSON
-- Returns POSTED | REPEATED
local message_id, data, turn = ARGV[4], ARGV[5], ARGV[6]

if not load() then return { 'NO_SUCH' } end
local before = stored(message_id)
if before then return reply('REPEATED', before) end

if conv.state == 'closed' then move('bot')
elseif conv.state == 'wrap_up' then move('assigned') end
if OWNER[conv.state] == 'agent' then
  return reply('POSTED', store(message_id, append('message.posted', data)))
end

if conv.state == 'bot' then redis.call('ZADD', TIMERS, IDLE_AT, ID) end
local number = redis.call('HINCRBY', CONV, 'turn', 1)
local seq = store(message_id, append('message.posted', extend(data, '"turn":' .. number)))
owe_turn(turn, number, seq)
return reply('POSTED', seq)
