-- Stores what a customer wrote, once per message_id, and owes an answer while the bot has the conversation.
-- Reopens a closed conversation; takes one in wrap-up back to its agent.
-- ARGV[4] message_id  ARGV[5] data of message.posted, JSON  ARGV[6] turn, JSON
-- Returns POSTED | REPEATED
local message_id, data, turn = ARGV[4], ARGV[5], ARGV[6]

if not load() then return { 'NO_SUCH' } end
local before = stored(message_id)
if before then return reply('REPEATED', before) end

if conv.state == 'closed' then move('bot')
elseif conv.state == 'wrap_up' then move('assigned') end
if conv.state ~= 'bot' then
  return reply('POSTED', store(message_id, append('message.posted', data)))
end

redis.call('ZADD', TIMERS, IDLE_AT, ID)
local number = redis.call('HINCRBY', CONV, 'turn', 1)
local seq = store(message_id, append('message.posted', extend(data, '"turn":' .. number)))
owe_turn(extend(turn, '"turn":' .. number .. ',"seq":' .. seq .. ',"epoch":' .. conv.epoch))
return reply('POSTED', seq)
