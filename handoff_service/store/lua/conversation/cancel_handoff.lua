-- Takes the conversation out of the queue, or from where an agent set it aside, back to the bot, because the
-- customer wishes so.
-- ARGV[4] holder: the agent it is offered to or who parked it, '' = none  ARGV[5] message_id  ARGV[6] sentence
-- Returns CANCELLED | REPEATED | NOT_WAITING | MOVED
local holder, message_id, text = ARGV[4], ARGV[5], ARGV[6]

if not load() then return { 'NO_SUCH' } end
local before = stored(message_id)
if before then return reply('REPEATED', before) end
if OWNER[conv.state] ~= 'queue' and conv.state ~= 'parked' then return reply('NOT_WAITING', conv.seq) end
if not holder_given(holder) then return { 'MOVED' } end

move('bot')
return reply('CANCELLED', store(message_id, append('handoff.cancelled',
  '{"text":' .. cjson.encode(text) .. '}')))
