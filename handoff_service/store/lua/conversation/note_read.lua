-- Notes up to which event the agent who holds a conversation has read it; never less than before.
-- ARGV[4] agent_id  ARGV[5] seq
-- Returns DONE | NOT_YOURS
local agent_id, seq = ARGV[4], tonumber(ARGV[5])

if not load() then return { 'NO_SUCH' } end
if conv.state == 'offered' or not is_holder(agent_id) then return reply('NOT_YOURS') end

seq = math.min(seq, tonumber(conv.seq))
if seq > tonumber(conv.read_seq or 0) then set('read_seq', string.format('%d', seq)) end
return reply('DONE')
