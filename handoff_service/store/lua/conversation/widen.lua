-- Notes, once each, that a waiting conversation no longer insists on a skill, a team or a certain agent. The
-- policy goes by the time waited; this tells people why the next agent is another than was asked for.
-- ARGV[4] epoch  ARGV[5] what: a word
-- Returns WIDENED | REPEATED | STALE | NOT_WAITING
local epoch, what = ARGV[4], ARGV[5]

if not load() then return { 'NO_SUCH' } end
if conv.state ~= 'waiting' then return reply('NOT_WAITING', conv.seq) end
if conv.epoch ~= epoch then return reply('STALE', conv.seq) end
local widened = ' ' .. (conv.widened or '') .. ' '
if widened:find(' ' .. what .. ' ', 1, true) then return reply('REPEATED', conv.seq) end

set('widened', (conv.widened and conv.widened .. ' ' or '') .. what)
return reply('WIDENED', append('handoff.widened', '{"what":' .. cjson.encode(what) .. '}'))
