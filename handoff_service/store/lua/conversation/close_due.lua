-- Closes a conversation whose time is over: wrapped up, or idle with the bot and owed nothing.
-- ARGV[4] holder, '' = none
-- Returns CLOSED | REPEATED | NOT_DUE | MOVED
local holder = ARGV[4]

if not load() then
  redis.call('ZREM', TIMERS, ID)
  return { 'NO_SUCH' }
end
if conv.state == 'closed' then return reply('REPEATED', conv.seq) end
local due = redis.call('ZSCORE', TIMERS, ID)
if not due or tonumber(due) > tonumber(NOW) then return reply('NOT_DUE') end
if redis.call('LLEN', TURNS) > 0 then
  redis.call('ZADD', TIMERS, IDLE_AT, ID) -- the bot still owes an answer
  return reply('NOT_DUE')
end
if not holder_given(holder) then return { 'MOVED' } end

local reason = conv.state == 'bot' and 'idle' or 'wrapped_up'
set('closed_ms', NOW)
move('closed')
return reply('CLOSED', append('conversation.closed', '{"by":"system","reason":"' .. reason .. '"}'))
