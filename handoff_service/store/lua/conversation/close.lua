-- Closes a conversation at once, by its agent or by its customer.
-- ARGV[4] holder, '' = none  ARGV[5] agent_id, '' = the customer  ARGV[6] epoch, '' = whatever it is
-- ARGV[7] data of conversation.closed, JSON
-- Returns CLOSED | REPEATED | STALE | NOT_YOURS | MOVED
local holder, agent_id, epoch, data = ARGV[4], ARGV[5], ARGV[6], ARGV[7]

if not load() then return { 'NO_SUCH' } end
if conv.state == 'closed' then return reply('REPEATED', conv.seq) end
if agent_id ~= '' and (conv.state == 'offered' or not is_holder(agent_id)) then
  return reply('NOT_YOURS')
end
if epoch ~= '' and conv.epoch ~= epoch then return reply('STALE') end
if not holder_given(holder) then return { 'MOVED' } end

set('closed_ms', NOW)
move('closed')
return reply('CLOSED', append('conversation.closed', data))
