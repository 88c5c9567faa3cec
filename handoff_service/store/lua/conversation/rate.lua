-- Stores the customer's rating, once per message_id; a later rating counts instead of an earlier one.
-- ARGV[4] message_id  ARGV[5] stars  ARGV[6] data of conversation.rated, JSON
-- Returns RATED | REPEATED | NOT_YET
local message_id, stars, data = ARGV[4], ARGV[5], ARGV[6]

if not load() then return { 'NO_SUCH' } end
local before = stored(message_id)
if before then return reply('REPEATED', before) end
if not conv.wrapped_ms and not conv.closed_ms then return reply('NOT_YET') end

set('stars', stars)
return reply('RATED', store(message_id, append('conversation.rated', data)))
