-- Notes up to which event the customer has seen the conversation: what is seen here need not be mailed.
-- ARGV[4] seq
-- Returns NOTED | SAME
local seq = ARGV[4]

if not load() then return { 'NO_SUCH' } end
if tonumber(conv.seen_seq or 0) >= tonumber(seq) then return reply('SAME', conv.seq) end

set('seen_seq', math.min(tonumber(seq), tonumber(conv.seq)))
return reply('NOTED', conv.seq)
