-- Stores what a supervisor tells the agent of a conversation, once per message_id; the customer never sees
-- it. It changes nobody's hold, so it needs no epoch: it is as good for the next agent.
-- ARGV[4] key of the message_id  ARGV[5] data of whisper.posted, JSON
-- Returns WHISPERED | REPEATED | NOT_OPEN
local message_id, data = ARGV[4], ARGV[5]

if not load() then return { 'NO_SUCH' } end
local before = stored(message_id)
if before then return reply('REPEATED', before) end
if OWNER[conv.state] ~= 'agent' and OWNER[conv.state] ~= 'queue' then return reply('NOT_OPEN') end

return reply('WHISPERED', store(message_id, append('whisper.posted', data)))
