-- Keeps what the agent who holds a conversation has begun to write, for whoever holds it next.
-- ARGV[4] agent_id  ARGV[5] epoch  ARGV[6] draft, '' = none any more
-- Returns DONE | STALE | NOT_YOURS
local agent_id, epoch, draft = ARGV[4], ARGV[5], ARGV[6]

if not load() then return { 'NO_SUCH' } end
if conv.state == 'offered' or not is_holder(agent_id) then return reply('NOT_YOURS') end
if conv.epoch ~= epoch then return reply('STALE') end

if draft == '' then clear('draft') else set('draft', draft) end
return reply('DONE')
