-- Stores a waiting customer's answer to that question: their words, and with a yes that any language will do.
-- The bot owes nothing for it.
-- ARGV[4] message_id  ARGV[5] data of message.posted, JSON  ARGV[6] 1: yes, 0: no
-- Returns ANSWERED | REPEATED | NOT_WAITING
local message_id, data, yes = ARGV[4], ARGV[5], ARGV[6] == '1'

if not load() then return { 'NO_SUCH' } end
local before = stored(message_id)
if before then return reply('REPEATED', before) end
if not IN_LINE[conv.state] or not conv.consent_asked then return reply('NOT_WAITING', conv.seq) end

local seq = store(message_id, append('message.posted', data))
if yes and not conv.any_language then
  set('any_language', 1)
  append('handoff.widened', '{"what":"language"}')
end
return reply('ANSWERED', seq)
