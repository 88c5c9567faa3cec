-- Puts the conversation in the queue because the customer asked for a person, without asking the bot.
-- A closed conversation is opened again first; who left a message and comes back while a person is there
-- goes in line, the way they are reached kept.
-- ARGV[4] message_id  ARGV[5] handoff, JSON  ARGV[6] what it needs, JSON
-- ARGV[7] sentence when someone is on duty  ARGV[8] what holds when nobody is, JSON (_prelude)
-- Returns REQUESTED | REPEATED | ALREADY
local message_id, handoff, wanted, queued, nobody = ARGV[4], ARGV[5], ARGV[6], ARGV[7], ARGV[8]

if not load() then return { 'NO_SUCH' } end
local before = stored(message_id)
if before then return reply('REPEATED', before) end
if conv.state == 'closed' then move('bot') end
if conv.state == 'message_left' and redis.call('SCARD', ONLINE) > 0 then move('bot') end
if conv.state ~= 'bot' then return reply('ALREADY', store(message_id, conv.seq)) end

return reply('REQUESTED', store(message_id, request_handoff(handoff, wanted, queued, nobody)))
