-- Stores a customer's message and contact for the first agent who comes on duty, or has time: of one who
-- waits, or, by their own choice, instead of asking the bot or waiting at all.
-- ARGV[4] holder: the agent it is offered to, '' = none
-- ARGV[5] message_id  ARGV[6] data of message.posted, JSON  ARGV[7] data of message.left, JSON
-- ARGV[8] how to be reached, fields of the handoff, JSON without braces
-- ARGV[9] handoff of one who has not asked for a person yet, JSON  ARGV[10] what it needs, JSON
-- Returns LEFT | REPEATED | NOT_WAITING | MOVED
local holder, message_id, message, left, contact = ARGV[4], ARGV[5], ARGV[6], ARGV[7], ARGV[8]
local handoff, wanted = ARGV[9], ARGV[10]

if not load() then return { 'NO_SUCH' } end
local before = stored(message_id)
if before then return reply('REPEATED', before) end
if conv.state == 'closed' then move('bot') end
if not IN_LINE[conv.state] and conv.state ~= 'bot' then return reply('NOT_WAITING', conv.seq) end
if not holder_given(holder) then return { 'MOVED' } end

if conv.state == 'bot' then
  set('waiting_since_ms', NOW)
  set('handoff', handoff)
  set('needs', wanted)
  move('waiting')
  append('handoff.requested', extend(handoff, '"place":' .. place() .. ',"on_duty":'
    .. tostring(redis.call('SCARD', ONLINE) > 0) .. ',"text":"","left":true,"needs":' .. wanted))
end
-- of two fields of one name, every reader takes the later
set('handoff', extend(conv.handoff, contact))
move('message_left')
local seq = store(message_id, append('message.posted', message))
append('message.left', left)
return reply('LEFT', seq)
