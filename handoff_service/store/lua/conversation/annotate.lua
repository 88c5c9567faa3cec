-- Stores what people say of a conversation among themselves, once per message_id: a note, a mark on an
-- answer. In every state, under every epoch: it changes nothing else, and the customer never sees it.
-- ARGV[4] key of the message_id  ARGV[5] type of the event  ARGV[6] its data, JSON
-- Returns NOTED | REPEATED
local message_id, kind, data = ARGV[4], ARGV[5], ARGV[6]

if not load() then return { 'NO_SUCH' } end
local before = stored(message_id)
if before then return reply('REPEATED', before) end

return reply('NOTED', store(message_id, append(kind, data)))
