-- Deletes a conversation because its customer wishes so, wherever it is. Who has it open reads of it by its
-- last event, which is only in the desk's log and says nothing else.
-- ARGV[4] holder: the agent it is offered to, who holds or who parked it, '' = none
-- Returns ERASED | MOVED
local holder = ARGV[4]

if not load() then return { 'NO_SUCH' } end
if not holder_given(holder) then return { 'MOVED' } end

set('closed_ms', NOW)
if conv.state ~= 'closed' then move('closed') end
local seq = append('conversation.erased', '{}')
leave('closed')
if conv.job then
  redis.call('XACK', JOBS, BOT_GROUP, conv.job)
  redis.call('XDEL', JOBS, conv.job)
end
redis.call('UNLINK', CONV, EVENTS, IDS, TURNS)
return reply('ERASED', seq)
