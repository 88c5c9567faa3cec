-- Asks a waiting customer, once a request, whether a person who speaks another language will do.
-- ARGV[4] epoch  ARGV[5] data of handoff.consent_asked, JSON
-- Returns ASKED | REPEATED | STALE | NOT_WAITING
local epoch, data = ARGV[4], ARGV[5]

if not load() then return { 'NO_SUCH' } end
if conv.state ~= 'waiting' then return reply('NOT_WAITING', conv.seq) end
if conv.epoch ~= epoch then return reply('STALE', conv.seq) end
if conv.consent_asked then return reply('REPEATED', conv.seq) end

set('consent_asked', 1)
return reply('ASKED', append('handoff.consent_asked', data))
